package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Random makes the job of a seed: what the job file says, and its inputs.
func Random(seed uint64) (*Job, []Table) {
	d := newDice(seed)
	p, a := newPeople(d), newAnswerer(d)
	j := &Job{
		Name:   fmt.Sprintf("random-%d", seed),
		Gates:  noGates,
		Output: output{"out", "all"},
	}
	for number := range d.between(1, 3) {
		j.SendLists = append(j.SendLists, newSendList(d, number+1))
	}
	var tables []Table
	if d.chance(70) {
		var t Table
		withDevices := d.chance(15) || d.chance(80) && slices.ContainsFunc(j.SendLists, func(l SendList) bool { return l.Channel == "push" })
		if withDevices {
			j.drawPush(d)
		}
		j.Profiles, t = p.newProfiles(withDevices, j.SendLists)
		tables = append(tables, t)
		// Only profiles can say whose an address is.
		for i, l := range j.SendLists {
			if j.Profiles.keyKind() == "" && l.Address != "" && (l.Channel != "push" || withDevices) && d.chance(15) {
				j.SendLists[i].Profile = ""
			}
		}
	}
	for _, layout := range p.layouts(j.SendLists) {
		s, t := p.newConsents(a, len(j.Consents), layout, j.SendLists)
		j.Consents = append(j.Consents, s)
		tables = append(tables, t)
	}
	j.Policy = newPolicy(d, j.SendLists, j.Profiles)
	j.Policy.DefaultRegion = p.region
	if j.Profiles != nil && d.chance(60) {
		requires := d.chance(50)
		j.Policy.RequireProfile = &requires
	}
	tables = append(tables, p.newScreenings(j)...)
	tables = append(tables, p.newEvents(a, j)...)
	earlier := map[string][]row{} // by kind of address
	for _, l := range j.SendLists {
		kind := channelKind[l.Channel]
		t := p.newList(l, a, earlier[kind])
		earlier[kind] = append(earlier[kind], t.rows...)
		tables = append(tables, t)
	}
	later := newDice(^seed) // whatever else a seed draws stays
	j.writeAsText(later, tables)
	j.delimit(later, tables)
	if later.chance(35) {
		j.Policy.Placeholders = later.ownPlaceholders(p)
	}
	return j, tables
}

// writeAsText makes some of the inputs text.
func (j *Job) writeAsText(d dice, tables []Table) {
	paths := map[string]*string{}
	if j.Profiles != nil {
		paths[j.Profiles.Path] = &j.Profiles.Path
	}
	for i := range j.Consents {
		paths[j.Consents[i].Path] = &j.Consents[i].Path
	}
	for i := range j.SendLists {
		paths[j.SendLists[i].Path] = &j.SendLists[i].Path
	}
	for i := range tables {
		if path := paths[tables[i].path]; path != nil && d.chance(40) {
			*path = tables[i].asText(one(d, formats[1:]...))
		}
	}
}

// newProfiles draws the snapshot of who exists: some lack, some come twice and
// differ.
func (p people) newProfiles(withDevices bool, lists []SendList) (*Source, Table) {
	s := &Source{Path: "profiles/", Key: p.newKey(), Email: "email", Phone: "phone"}
	if kind := matchable(lists); namespace(s.Key) == "" && !withDevices && p.chance(60) && kind != "" {
		p.keyByAddress(s, kind)
		s.Email, s.Phone = "", ""
	}
	if p.chance(85) {
		s.Country = "country"
	}
	if p.chance(80) {
		s.Erased = "erased"
	}
	t := Table{path: s.Path, parts: p.between(1, 3), columns: []column{
		keyColumn(s.Key), {"email", "VARCHAR"}, {"phone", "VARCHAR"}, {"country", "VARCHAR"}, {"erased", "BOOLEAN"},
	}}
	t.setKind(p.kindOf(s))
	putDevices := func(row, person) {}
	if withDevices {
		shape := newDeviceShape(p.dice, lists)
		s.Push = shape.column
		t.columns = append(t.columns, shape.tableColumn())
		putDevices = func(r row, who person) { shape.put(r, p, who) }
	}
	for _, who := range p.persons {
		for range one(p.dice, 0, 1, 1, 1, 1, 1, 1, 1, 2, 3) {
			r := p.keyed(s.Key, p.keyOf(s, who))
			putDevices(r, who)
			r["email"] = p.spell("email", who.email)
			r["phone"] = p.spell("phone", who.phone)
			r["country"] = one[any](p.dice, "FR", "FR", "DE", "IT", "US", "us", "", nil)
			r["erased"] = one[any](p.dice, false, false, false, nil, nil, nil, p.chance(40))
			switch {
			case p.chance(10):
				r["email"] = one(p.dice, append([]any{"nobody", "x@localhost"}, placeholders...)...)
			case p.chance(10):
				r["phone"] = one(p.dice, append([]any{"abc"}, placeholders...)...)
			}
			t.rows = append(t.rows, r)
		}
	}
	if p.kindOf(s) == "VARCHAR" {
		for range 3 { // nobody, with everybody's addresses
			who := one(p.dice, p.persons...)
			r := p.keyed(s.Key, one(p.dice, placeholders...))
			r["email"], r["phone"], r["erased"] = who.email, who.phone, true
			putDevices(r, who)
			t.rows = append(t.rows, r)
		}
	}
	p.shuffle(t.rows)
	return s, t
}

// layouts draws how each snapshot of consents is laid out. Subscriptions stand
// in nested ones only, and a channel that the schema lacks in flat ones.
func (d dice) layouts(lists []SendList) []string {
	var layouts []string
	for range one(d, 1, 1, 1, 2, 3) {
		layouts = append(layouts, one(d, "", "xdm", "columns"))
	}
	if slices.ContainsFunc(lists, func(l SendList) bool { return l.Subscription != "" }) {
		layouts[0] = "xdm"
	}
	if slices.ContainsFunc(lists, func(l SendList) bool { return l.Channel == custom }) {
		layouts = append(layouts, "columns")
	}
	return layouts
}

// newConsents draws one snapshot of consents.
func (p people) newConsents(a answerer, number int, layout string, lists []SendList) (Source, Table) {
	needed := needsOf(lists)
	s := Source{
		Path:   fmt.Sprintf("consents/%d/", number),
		Key:    p.newKey(),
		Layout: layout,
	}
	t := Table{path: s.Path, parts: p.between(1, 3)}
	if namespace(s.Key) == "" && p.chance(50) {
		p.keyByAddress(&s, matchable(lists))
	}
	var record func(person) row
	if layout == "columns" {
		shape := newFlatShape(p.dice, needed, number == 0)
		s.Columns, s.Values = shape.mapping(), shape.values
		t.columns = shape.tableColumns(s.Key)
		record = func(who person) row { return shape.record(a, p, who, s.Key) }
	} else {
		shape := newXDMShape(p.dice, needed)
		s.Columns = shape.mapping()
		t.columns = shape.columns(s.Key)
		record = func(who person) row { return shape.record(a, p, who, s.Key) }
	}
	kind := p.kindOf(&s)
	t.setKind(kind)
	for _, who := range p.persons {
		for range one(p.dice, 0, 1, 1, 1, 1, 1, 2, 2, 3, 4) {
			named := who
			named.id = p.keyOf(&s, who)
			t.rows = append(t.rows, record(named))
		}
	}
	if kind == "VARCHAR" {
		for range 2 {
			t.rows = append(t.rows, record(person{id: one(p.dice, placeholders...), email: "nobody", phone: "+33600000000", devices: []device{{token: "none", id: "none"}}}))
		}
	}
	p.shuffle(t.rows)
	return s, t
}

// matchable is the kind of addresses that all lists have, "" for none.
func matchable(lists []SendList) string {
	kind := channelKind[lists[0].Channel]
	if kind == "token" || slices.ContainsFunc(lists, func(l SendList) bool { return channelKind[l.Channel] != kind }) {
		return ""
	}
	return kind
}

func (d dice) shuffle(rows []row) {
	d.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}

// write writes the job and its inputs into dir.
func write(d *database, dir string, j *Job, tables []Table) error {
	for _, t := range tables {
		if err := t.write(d, dir); err != nil {
			return fmt.Errorf("write %s: %w", t.path, err)
		}
	}
	text, err := j.file()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "job.yaml"), text, 0o644)
}
