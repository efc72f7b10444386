package jobs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"optout/pipeline/identity"
)

// check notes what is wrong with a job beyond the shape of its values.
func check(j *Job, m *mistakes) {
	checkName(m, "job", j.Name)
	if _, err := loadLocation(j.Timezone); err != nil {
		m.add("timezone", "%v", err)
	}
	if j.Schedule != "" {
		if _, err := parseSchedule(j.Schedule, time.UTC); err != nil {
			m.add("schedule", "%v", err)
		}
	}
	checkInputs(j, m)
	checkFields(j, m)
	names := map[string]bool{}
	if len(j.SendLists) == 0 {
		m.add("send_lists", "the job has no send list")
	}
	for i := range j.SendLists {
		checkList(j, &j.SendLists[i], m, fmt.Sprintf("send_lists[%d]", i), names)
	}
	checkScreenings(j, m)
	checkEvents(j, m)
	checkPolicy(j, m)
	if j.Output.Path == "" {
		m.add("output.path", "missing: the directory that runs are published in")
	}
	if strings.Contains(j.Output.Path, "{{") {
		m.add("output.path", "takes no date: each run is published in a folder of its own date")
	}
	checkPath(m, "output.path", j.Output.Path)
	checkRetention(m, j.Retention)
}

func checkRetention(m *mistakes, r Retention) {
	if r.KeepRuns != nil && *r.KeepRuns == 0 {
		m.add("retention.keep_runs", "is 0: the last run is always kept; write 1")
	}
	if r.KeepRuns == nil && r.KeepFor > 0 && r.KeepAudiencesFor > r.KeepFor {
		m.add("retention.keep_audiences_for", "is longer than keep_for, when the whole run is deleted")
	}
}

func checkName(m *mistakes, key, name string) {
	switch {
	case name == "":
		m.add(key, "missing: a name of lower-case letters, digits and hyphens")
	case !nameShape.MatchString(name) || len(name) > 100:
		m.add(key, "%q is no name: use up to 100 lower-case letters, digits and hyphens", name)
	}
}

// checkPath refuses placeholders that are not dates, and addresses of object
// stores: they would stand in the path as they are, and match nothing or make a
// directory of that name.
func checkPath(m *mistakes, key, path string) {
	if scheme, _, found := strings.Cut(path, "://"); found {
		m.add(key, "this version of optout knows no %s://, only files and directories", scheme)
	}
	for rest := path; ; {
		_, after, found := strings.Cut(rest, "{{")
		if !found {
			return
		}
		name, tail, closed := strings.Cut(after, "}}")
		name = strings.TrimSpace(name)
		if !closed || name != "date" && name != "yesterday" {
			m.add(key, "{{%s}} is no date: use {{date}} or {{yesterday}}", name)
			return
		}
		rest = tail
	}
}

func checkInputs(j *Job, m *mistakes) {
	if p := j.Profiles; p != nil {
		checkSource(m, "profiles", p.Source)
		if p.keyKind() != identity.None && p.Push != "" {
			m.add("profiles.push", "the profiles are by %s, and devices are those of profiles with ids: leave it out", keyWord(p.keyKind()))
		}
		if p.keyKind() != identity.None && len(p.addresses()) > 0 {
			m.add("profiles.key", "is %s, so the profiles have no ids and their email and phone columns serve nothing: leave them out", keyWord(p.keyKind()))
		}
	}
	if len(j.Consents) == 0 {
		m.add("consents", "the job has no consents: without them nobody may be contacted")
	}
	for i := range j.Consents {
		c, key := &j.Consents[i], j.consentsKey(i)
		checkSource(m, key, c.Source)
		if c.Layout == "columns" && len(c.Columns) == 0 {
			m.add(key+".columns", "missing: layout columns needs the column of each consent field, as in marketing.email.val: email_opt_in")
		}
		for field, column := range c.Columns {
			at := key + ".columns." + field
			switch {
			case !isConsentField(field):
				m.add(at, "%q is no consent field: write it as in marketing.email.val, marketing.any.time, share.val or metadata.time", field)
			case column == "":
				m.add(at, "missing: the name of the column")
			case isTimeField(field) && field != metadataTime:
				path, _, _ := cutLast(field, ".")
				if val := path + ".val"; c.Layout == "columns" && c.Columns[val] == "" {
					m.add(at, "a time without %s", val)
				}
			}
		}
	}
}

// consentsKey is the key of consents number i: they may stand without a list.
func (j *Job) consentsKey(i int) string { return fmt.Sprintf("consents[%d]", i) }

// isTimeField reports whether a consent field holds times.
func isTimeField(name string) bool {
	return strings.HasSuffix(name, ".time") || strings.HasSuffix(name, ".expires_at")
}

// isConsentField reports whether a name can be one: dotted, ending in val or
// time, or below marketing in expires_at.
func isConsentField(name string) bool {
	path, leaf, ok := cutLast(name, ".")
	return ok && (leaf == "val" || leaf == "time" || leaf == "expires_at" && strings.HasPrefix(path, "marketing.")) && path != "" && !strings.Contains("."+path+".", "..") &&
		(path != "metadata" || leaf == "time")
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func checkSource(m *mistakes, key string, s Source) {
	if s.Path == "" {
		m.add(key+".path", "missing: a file, directory or glob pattern")
	}
	checkPath(m, key+".path", s.Path)
	checkWaitFor(m, key, s.Path, s.WaitFor)
	if s.Key == "" {
		m.add(key+".key", "missing: the column with the profile id, or identityMap.NAMESPACE")
	}
	if namespace, ok := identityNamespace(s.Key); ok {
		if s.Match != "" {
			m.add(key+".match", "an identityMap key says itself what it is")
		}
		if namespace == "" {
			m.add(key+".key", "missing: the namespace, as in identityMap.ECID")
		}
	}
	if s.MaxAge > 0 && s.AsOf.kind == asOfUnknown {
		m.add(key+".max_age", "needs as_of: without it nothing says how old the snapshot is")
	}
}

// identityNamespace returns the namespace of a key in an identity map.
func identityNamespace(key string) (namespace string, ok bool) {
	if strings.EqualFold(key, "identityMap") {
		return "", true
	}
	const prefix = "identityMap."
	if len(key) >= len(prefix) && strings.EqualFold(key[:len(prefix)], prefix) {
		return key[len(prefix):], true
	}
	return "", false
}

// keyKind is what the key of a snapshot is: identity.None for profile ids.
func (s Source) keyKind() identity.Kind {
	match := string(s.Match)
	if namespace, ok := identityNamespace(s.Key); ok {
		match = strings.ToLower(namespace)
	}
	switch match {
	case "email":
		return identity.Email
	case "phone":
		return identity.Phone
	}
	return identity.None
}

func checkList(j *Job, l *SendList, m *mistakes, key string, names map[string]bool) {
	checkName(m, key+".name", l.Name)
	if names[l.Name] {
		m.add(key+".name", "another list is called %q", l.Name)
	}
	names[l.Name] = true
	if l.Path == "" {
		m.add(key+".path", "missing: a file, directory or glob pattern")
	}
	checkPath(m, key+".path", l.Path)
	checkWaitFor(m, key, l.Path, l.WaitFor)
	checkChannel(j, l, m, key)
	checkPush(j, l, m, key)
	checkMatching(j, l, m, key)
	for i, purpose := range l.Requires {
		at := fmt.Sprintf("%s.requires[%d]", key, i)
		if purpose == "" || !isConsentField(purpose+".val") {
			m.add(at, "%q is no purpose: write it as in share or collect", purpose)
		} else if !j.hasField(purpose + ".val") {
			m.add(at, "no consents have the field %s.val: map it under columns", purpose)
		}
	}
	if l.Personalization != nil {
		checkPersonalization(j, l.Personalization, m, key+".personalization")
	}
}

func checkChannel(j *Job, l *SendList, m *mistakes, key string) {
	c, known := channels[l.Channel]
	switch {
	case l.Channel == "":
		m.add(key+".channel", "missing: one of %s, or one that the consents map", strings.Join(channelNames, ", "))
		return
	case !known && !j.maps("marketing."+l.Channel+".val"):
		m.add(key+".channel", "%q is none of %s, and no consents map marketing.%s.val%s",
			l.Channel, strings.Join(channelNames, ", "), l.Channel, suggest(l.Channel, channelNames))
		return
	case known && !j.hasField(c.valField()):
		m.add(key+".channel", "no consents have the field %s: map it under columns", c.valField())
	}
	if l.Subscription != "" && !c.bindable {
		m.add(key+".subscription", "the consent schema has no subscriptions on channel %s", l.Channel)
	} else if l.Subscription != "" && !slices.ContainsFunc(j.Consents, func(c Consents) bool { return c.Layout != "columns" }) {
		m.add(key+".subscription", "no consents of layout xdm, which subscriptions are read from")
	}
	if c.address != identity.None && l.Address == "" && !(c.address == identity.Token && j.knowsDevices() && l.Profile != "") {
		m.add(key+".address", "missing: the column with the %s that the messages go to", c.address)
	}
	if c.address == identity.None && l.Address != "" {
		m.add(key+".address", "channel %s has no addresses", l.Channel)
	}
}

// checkMatching makes sure that the list can be matched with everything that
// speaks about it: what cannot be matched is silence, which some modes take for
// permission.
func checkMatching(j *Job, l *SendList, m *mistakes, key string) {
	if l.Profile == "" && l.Address == "" {
		m.add(key+".profile", "missing: the list needs a column with the profile id, or one with the address")
		return
	}
	for i := range j.Consents {
		if c := &j.Consents[i]; c.speaksOf(l) && !j.matches(l, c.keyKind()) {
			m.add(key+".profile", "%s are by %s, so this list cannot be matched with them", j.consentsKey(i), keyWord(c.keyKind()))
			return
		}
	}
	if p := j.Profiles; p != nil && !j.matches(l, p.keyKind()) {
		switch {
		case j.requireProfile():
			m.add(key+".profile", "the profiles are by %s, so every row of this list would be no_profile", keyWord(p.keyKind()))
		case p.Erased != "" || p.Country != "":
			m.add(key+".profile", "the profiles are by %s, so nobody could see who of this list is erased, or lives where", keyWord(p.keyKind()))
		}
	}
	checkSharing(j, l, m, key)
}

// checkSharing makes sure that an opt-out can follow the addresses of the list,
// or that the job says it need not.
func checkSharing(j *Job, l *SendList, m *mistakes, key string) {
	kind := channelOf(l.Channel).address
	column, shared := map[identity.Kind]string{identity.Email: "email", identity.Phone: "phone"}[kind]
	if !j.propagates() || !shared || l.Profile == "" || j.Profiles.knows(kind) {
		return
	}
	m.add("policy.propagate_by_address", "is on by default and needs to know the addresses of all profiles, or an opt-out of "+
		"another profile with an address of %s would be missed: name the column as profiles.%s, or set this to false", key, column)
}

// speaksOf reports whether the consents have a field that the list is judged by.
func (c *Consents) speaksOf(l *SendList) bool {
	fields := []string{anyField, channelOf(l.Channel).valField()}
	if l.Personalization != nil {
		fields = append(fields, personalizeField)
	}
	for _, purpose := range l.Requires {
		fields = append(fields, purpose+".val")
	}
	return c.Layout != "columns" || slices.ContainsFunc(fields, func(f string) bool { return c.Columns[f] != "" })
}

// matches reports whether the list has the key by which a snapshot is kept, be
// it through the profiles that have its addresses.
func (j *Job) matches(l *SendList, kind identity.Kind) bool {
	of := channelOf(l.Channel).address
	if kind == identity.None {
		return l.Profile != "" || l.Address != "" && j.Profiles.knows(of)
	}
	return l.Address != "" && of == kind
}

// profileAddress is a column of the profiles that has addresses.
type profileAddress struct {
	kind   identity.Kind
	column string
}

// addresses lists the columns of addresses.
func (p *Profiles) addresses() (all []profileAddress) {
	for _, a := range []profileAddress{{identity.Email, p.Email}, {identity.Phone, p.Phone}} {
		if a.column != "" {
			all = append(all, a)
		}
	}
	return all
}

// knows reports whether the profiles have ids and addresses of a kind, so that
// an address leads to its profiles.
func (p *Profiles) knows(kind identity.Kind) bool {
	if p == nil || p.keyKind() != identity.None {
		return false
	}
	return kind == identity.Token && p.Push != "" || slices.ContainsFunc(p.addresses(), func(a profileAddress) bool { return a.kind == kind })
}

// propagates reports whether an opt-out follows the address: the default.
func (j *Job) propagates() bool { return orDefault(j.Policy.PropagateByAddress, true) }

func keyWord(k identity.Kind) string {
	if k == identity.None {
		return "profile id"
	}
	return k.String()
}

func checkPersonalization(j *Job, p *Personalization, m *mistakes, key string) {
	if len(p.Columns) == 0 {
		m.add(key+".columns", "missing: the columns of the list that hold personal content")
	}
	for i, name := range p.Columns {
		if slices.Contains(p.Columns[:i], name) {
			m.add(fmt.Sprintf("%s.columns[%d]", key, i), "%q stands twice", name)
		}
	}
	for name := range p.Fallback {
		if !slices.Contains(p.Columns, name) {
			m.add(key+".fallback."+name, "%q is not among the columns%s", name, suggest(name, p.Columns))
		}
	}
	if !j.hasField(personalizeField) {
		m.add(key, "no consents have the field %s: map it under columns", personalizeField)
	}
}

// maps reports whether some consents map a field to a column of their own.
func (j *Job) maps(field string) bool {
	return slices.ContainsFunc(j.Consents, func(c Consents) bool { return c.Columns[field] != "" })
}

// hasField reports whether some consents can have a field: the xdm layout has
// those of the schema.
func (j *Job) hasField(field string) bool {
	return j.maps(field) || slices.ContainsFunc(j.Consents, func(c Consents) bool {
		return c.Layout != "columns" && isSchemaField(field)
	})
}

// isSchemaField reports whether the consent schema has a field.
func isSchemaField(field string) bool {
	switch field {
	case anyField, personalizeField, "collect.val", "share.val", "adID.val":
		return true
	}
	for _, c := range channels {
		if field == c.valField() {
			return true
		}
	}
	return false
}

func (j *Job) requireProfile() bool {
	if j.Policy.RequireProfile != nil {
		return *j.Policy.RequireProfile
	}
	return j.Profiles != nil
}
