package pipeline

import (
	"slices"
	"strings"

	"optout/pipeline/consent"
)

// specFacts is what a row and the profiles say, in the specification.
type specFacts struct {
	id, address    string   // of the row; "" for none, "bad" for a malformed address
	ids            []string // of the profiles that the row is about
	exists, erased bool
	rules          []testRule
}

// normalID and normalEmail are the normal forms of the ids and addresses that
// worlds have, "" for nobody.
func normalID(id string) string {
	id = strings.TrimSpace(id)
	if isUUIDText(id) {
		id = strings.ToLower(id)
	}
	if id == null || id == "0" || id == "N/A" || id == "00000000-0000-0000-0000-000000000000" {
		return ""
	}
	return id
}

func normalEmail(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case text == null || text == "unknown" || text == "":
		return ""
	case !strings.Contains(text, "@"):
		return "bad"
	}
	return text
}

func (w *world) specFacts(l *testList, r listRow) (f specFacts) {
	if !l.noProfile {
		f.id = normalID(r.profile)
	}
	if l.addressed() {
		f.address = normalEmail(r.address)
	}
	usable := f.address != "" && f.address != "bad"
	if f.id != "" {
		f.ids = []string{f.id}
	}
	for _, p := range w.profiles {
		if id := normalID(p.id); l.noProfile && usable && !w.byAddress && normalEmail(p.email) == f.address && id != "" && !slices.Contains(f.ids, id) {
			f.ids = append(f.ids, id)
		}
	}
	for _, p := range w.profiles {
		follows := (w.share || l.noProfile) && !w.byAddress
		gone := p.erased || normalID(p.id) != "" && slices.ContainsFunc(w.profiles, func(q profileRow) bool { return q.erased && normalID(q.id) == normalID(p.id) })
		f.erased = f.erased || gone && follows && usable && normalEmail(p.email) == f.address
	}
	subjects, key := f.ids, func(p profileRow) string { return normalID(p.id) }
	if w.byAddress {
		subjects, key = nil, func(p profileRow) string { return normalEmail(p.email) }
		if usable {
			subjects = []string{f.address}
		}
	}
	for _, subject := range subjects {
		known := false
		for _, p := range w.profiles {
			if key(p) != subject {
				continue
			}
			f.exists, f.erased = true, f.erased || p.erased
			if country := strings.ToUpper(strings.TrimSpace(p.country)); p.country != null && country != "" {
				known = true
				f.rules = append(f.rules, w.rule(country))
			}
		}
		if !known {
			f.rules = append(f.rules, w.rule(""))
		}
	}
	if f.rules == nil {
		f.rules = []testRule{w.rule("")}
	}
	return f
}

func (w *world) isDuplicate(list, i int) bool {
	recipient := func(k, n int) string {
		f := w.specFacts(&w.lists[k], w.lists[k].rows[n])
		switch {
		case !w.lists[k].addressed():
			return f.id
		case f.address == "bad":
			return ""
		}
		return f.address
	}
	campaign := func(k, n int) string { return normalID(w.lists[k].rows[n].campaign) }
	for k := range w.lists[:list+1] {
		for n := range w.lists[k].rows {
			earlier := k < list || n < i
			inCampaign := campaign(k, n) != "" && w.lists[k].channel() == w.lists[list].channel() && w.lists[k].duplicates
			if earlier && recipient(k, n) == recipient(list, i) && recipient(k, n) != "" && campaign(k, n) == campaign(list, i) && (k == list || inCampaign) {
				return true
			}
		}
	}
	return false
}

// answer is what the snapshots say in a field of the people and the address that
// a row is about. Of one person's records the job's choice stands, of several
// people's the most restrictive.
func (w *world) answer(l *testList, f specFacts, field string) said {
	var people, records []said
	for _, id := range f.ids {
		if s := choose(w.latest, w.records(field, func(in *testInput, key string) bool { return !in.by.address() && normalID(key) == id })); s.val != "" {
			people = append(people, s)
		}
	}
	if s := choose(false, people); s.val != "" {
		records = append(records, s)
	}
	if l.addressed() && f.address != "" && f.address != "bad" {
		records = append(records, w.records(field, func(in *testInput, key string) bool { return in.by.address() && normalEmail(key) == f.address })...)
	}
	return choose(w.latest, records)
}

// own is what they say of the row's address only.
func (w *world) own(l *testList, f specFacts, field string) said {
	if !l.addressed() || f.address == "" || f.address == "bad" {
		return said{}
	}
	var people, records []said
	for _, id := range f.ids {
		if s := w.ownOf(id, f.address, field); s.val != "" {
			people = append(people, s)
		}
	}
	if s := choose(false, people); s.val != "" {
		records = append(records, s)
	}
	byAddress := func(in *testInput, key string) bool { return in.by.address() && normalEmail(key) == f.address }
	return choose(w.latest, append(records, w.ownRecords(f.address, field, byAddress)...))
}

func (w *world) ownOf(id, address, field string) said {
	return choose(w.latest, w.ownRecords(address, field, func(in *testInput, key string) bool { return !in.by.address() && normalID(key) == id }))
}

// records lists what the rows say in a field of those whose key matches.
func (w *world) records(field string, matches func(in *testInput, key string) bool) (all []said) {
	for i := range w.inputs {
		in := &w.inputs[i]
		for _, r := range in.rows {
			if !in.isAbout(&r, matches) {
				continue
			}
			add := func(val string, time int64) {
				if s := spelled(val); s.val != "" {
					s.time, s.source, s.field = time, in.name, field
					all = append(all, s)
				}
			}
			switch field {
			case "marketing.any.val":
				add(r.any, r.time)
			case "marketing.postalMail.val":
				add(r.mail, r.time)
			case "personalize.content.val":
				add(r.personalize, r.time)
			case "share.val":
				add(r.share, r.time)
			case "marketing.email.val":
				if n := len(all); true {
					add(r.email, either(r.emailTime, r.time))
					if len(all) > n {
						all[n].end = r.emailEnd
					}
				}
			default:
				for _, s := range r.subscriptions {
					if s.list == "news" {
						add(s.val, r.time)
					}
				}
			}
		}
	}
	return all
}

// ownRecords lists what the rows say of an address only. Where two keys of one
// row fall together the most restrictive wins.
func (w *world) ownRecords(address, field string, matches func(in *testInput, key string) bool) (all []said) {
	for i := range w.inputs {
		in := &w.inputs[i]
		for _, r := range in.rows {
			if !in.isAbout(&r, matches) {
				continue
			}
			var row []said
			for _, d := range r.identities {
				val, time := map[string]string{"marketing.email.val": d.email, "personalize.content.val": d.personalize, "share.val": d.share}[field], r.time
				if field == "marketing.email.val" {
					time = either(d.time, r.time)
				}
				if s := spelled(val); s.val != "" && strings.EqualFold(d.namespace, "email") && normalEmail(d.id) == address {
					s.time, s.source, s.field = time, in.name, "idSpecific.email."+field
					row = append(row, s)
				}
			}
			if s := choose(false, row); s.val != "" {
				all = append(all, s)
			}
		}
	}
	return all
}

// counts is what a snapshot says in all of its rows, whoever is planned.
func (w *world) counts(in *testInput) (c ValueCounts) {
	add := func(val string) {
		s := spelled(val)
		if s.val == "" {
			return
		}
		c.Values++
		switch {
		case s.val == "invalid":
			if c.Invalid++; c.ByInvalid == nil {
				c.ByInvalid = map[string]int64{}
			}
			c.ByInvalid[val]++
		case s.val != val:
			c.Normalised++
		}
		if s.class() == "no" {
			c.OptOuts++
		}
	}
	for _, r := range in.rows {
		for _, val := range []string{r.any, r.email, r.mail, r.personalize, r.share} {
			add(val)
		}
		for _, d := range r.identities {
			for _, val := range []string{d.email, d.personalize, d.share} {
				add(val)
			}
		}
		for _, s := range r.subscriptions {
			if s.list == "news" {
				add(s.val)
			}
		}
	}
	return c
}

func either(own, fallback int64) int64 {
	if own == consent.NoTime {
		return fallback
	}
	return own
}

func (in *testInput) isAbout(r *consentRow, matches func(in *testInput, key string) bool) bool {
	switch in.by {
	case byID, byEmail:
		return matches(in, r.id)
	}
	namespace := "crm"
	if in.by == byEmailMap {
		namespace = "email"
	}
	return slices.ContainsFunc(r.ids, func(m mappedID) bool {
		return m.id != null && strings.EqualFold(m.namespace, namespace) && matches(in, m.id)
	})
}

// choose picks one answer among several: the most restrictive, or of the latest
// the most restrictive. Of equal ones that of the input first named stands, and
// of several texts that mean nothing the first.
func choose(latest bool, all []said) said {
	if latest {
		all = newest(all)
	}
	rank := func(s said) int { return slices.Index(restrictiveness, s.val) }
	var best said
	for _, s := range all {
		both := best.class() == "basis" && s.class() == "basis"
		switch {
		case both && best.val != s.val:
			name := said{val: "several bases", time: min(best.time, s.time), source: best.source, field: s.field}
			if s.time < best.time || s.time == best.time && s.source < best.source {
				name.source = s.source
			}
			best = name
		case rank(s) > rank(best), rank(s) == rank(best) && s.stands(best):
			best = s
		}
	}
	for _, s := range all {
		same := s.val == best.val || s.class() == "basis" && best.class() == "basis"
		if same && s.end != 0 && (best.end == 0 || s.end < best.end) {
			best.end = s.end
		}
	}
	return best
}

// stands says which of two equal answers is the evidence: the one without a
// time; of a no the later, of all others the earlier.
func (s said) stands(old said) bool {
	switch {
	case s.time == old.time:
		return s.first(old)
	case s.time == consent.NoTime || old.time == consent.NoTime:
		return s.time == consent.NoTime
	case s.class() == "no":
		return s.time > old.time
	}
	return s.time < old.time
}

// first says which of two answers of one value and time is the evidence: that of
// a snapshot, of the input first named.
func (s said) first(old said) bool {
	if s.event != old.event {
		return !s.event
	}
	return s.source < old.source || s.source == old.source && s.text < old.text
}

var restrictiveness = []string{"", "y", "dy", "LI", "CT", "CP", "VI", "PI", "several bases", "u", "p", "dn", "invalid", "n"}

func newest(all []said) (out []said) {
	unknown := func(s said) bool { return s.time == consent.NoTime }
	hard := func(s said) bool { return unknown(s) && (s.class() == "no" || s.class() == "invalid") }
	if slices.ContainsFunc(all, hard) {
		return slices.DeleteFunc(slices.Clone(all), func(s said) bool { return !hard(s) })
	}
	latest := consent.NoTime
	for _, s := range all {
		latest = max(latest, s.time)
	}
	return slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s.time != latest })
}

// spelled reads a value without regard to case.
func spelled(val string) said {
	for _, known := range restrictiveness {
		if strings.EqualFold(val, known) && known != "several bases" && known != "invalid" {
			return said{val: known}
		}
	}
	if val == null {
		return said{}
	}
	return said{val: "invalid", text: val}
}
