package pipeline

import (
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// testLog is an event log of a world.
type testLog struct {
	name       string
	noProfile  bool // there is no column of profile ids
	noAddress  bool // nor of addresses
	mail       bool // there is no column of channels: all events are of direct mail
	wide       bool // there is no column of scopes: all events are of scope all
	unsaid     bool // there is no column of choices: all events are opt-outs
	seen       int  // events that the last run had read
	snapshotAt int64
	events     []testEvent
}

// testEvent is an event; a time of 1970 was read in the wrong unit.
type testEvent struct {
	profile, address, channel, scope, choice, list string
	time                                           int64
}

// wrongUnit is a time that cannot be one.
const wrongUnit = -epoch

func (l *testLog) plan(c cutting, mem memory.Allocator) EventLog {
	log := EventLog{
		Name: l.name, Source: "path of " + l.name, Time: 0, Profile: 1, Address: 2, Channel: 3, Scope: 4, Choice: 5, Subscription: 6,
		ChannelAll: "direct_mail", ScopeAll: ScopeAll, ChoiceAll: consent.N, Choices: map[string]consent.Choice{"STOP": consent.N, "start": consent.Y, "": consent.Y},
		Channels: map[string]EventChannel{
			"email":       {Kind: identity.Email, Field: fieldEmail, Subscriptions: map[string]Field{"news": fieldNews}},
			"direct_mail": {Kind: identity.None, Field: fieldMail},
			"fax":         {Kind: identity.Phone, Field: NoField},
		},
		Any: fieldAny, Snapshot: l.snapshotAt, Seen: []RowRange{{0, int64(l.seen)}},
	}
	if l.snapshotAt != consent.NoTime {
		log.Snapshot += epoch
	}
	for _, column := range []struct {
		gone bool
		of   *int
	}{{l.noProfile, &log.Profile}, {l.noAddress, &log.Address}, {l.mail, &log.Channel}, {l.wide, &log.Scope}, {l.unsaid, &log.Choice}} {
		if column.gone {
			*column.of = NoColumn
		}
	}
	log.Table = newTable(c, len(l.events), func(from, to int) arrow.Record {
		column := func(get func(testEvent) string) arrow.Array {
			return textArray(mem, c.dictionary, from, to, func(i int) string { return get(l.events[i]) })
		}
		return record(to-from,
			timeArray(mem, to-from, func(i int) int64 { return l.events[from+i].time }),
			idArray(mem, c.dictionary, c.nativeInput, from, to, func(i int) string { return l.events[i].profile }),
			column(func(e testEvent) string { return e.address }), column(func(e testEvent) string { return e.channel }),
			column(func(e testEvent) string { return e.scope }), column(func(e testEvent) string { return e.choice }),
			column(func(e testEvent) string { return e.list }))
	})
	return log
}

// specEvent is an event as the specification understands it.
type specEvent struct {
	said
	profile, address string // normal forms, "" for none
	forOne           bool   // for the address only
	row              int
	log              *testLog
}

// understand reads event number i of a log: whether it is whole, whether it is
// used, and whether it can change anything.
func (l *testLog) understand(i int) (s specEvent, whole, used bool) {
	e := l.events[i]
	s = specEvent{row: i, log: l}
	s.time, s.source = e.time, "path of "+l.name
	switch {
	case l.unsaid, strings.EqualFold(e.choice, "n"), e.choice == "STOP":
		s.val = "n"
	case strings.EqualFold(e.choice, "y"), e.choice == "start":
		s.val = "y"
	default:
		return s, false, false
	}
	scope, channel := strings.ToLower(strings.TrimSpace(e.scope)), strings.ToLower(strings.TrimSpace(e.channel))
	if l.wide {
		scope = "all"
	}
	if l.mail {
		channel = "direct_mail"
	}
	field, known := map[string]string{"email": "marketing.email.val", "direct_mail": "marketing.postalMail.val", "fax": ""}[channel]
	none := !l.mail && (e.channel == null || e.channel == "")
	if !slices.Contains([]string{"channel", "identity", "subscription", "all"}, scope) || !known && !none || none && scope != "all" {
		return s, false, false
	}
	whole = true
	if !l.noProfile {
		s.profile = normalID(e.profile)
	}
	if !l.noAddress && e.address != null && e.address != "" && channel != "direct_mail" {
		switch {
		case none:
			whole = false
		case channel == "email":
			s.address = normalEmail(e.address)
		default:
			s.address = testPhone(e.address)
		}
		if s.address == "bad" {
			s.address, whole = "", false
		}
	}
	if s.profile == "" && s.address == "" || !whole && s.val == "y" {
		return s, false, false
	}
	switch scope {
	case "all":
		field = "marketing.any.val"
	case "subscription":
		if e.list == null || e.list == "" {
			return s, false, false
		}
		field = ""
		if channel == "email" && e.list == "news" {
			field = "marketing.email.subscriptions.news.val"
		}
	case "identity":
		if s.forOne = s.address != ""; !s.forOne && s.val == "y" {
			field = ""
		}
	}
	if channel == "fax" {
		s.address = "" // nobody's in these worlds
	}
	if s.field = field; s.forOne {
		s.field = "idSpecific.email." + field
	}
	if field == "" {
		s.field = ""
	}
	if e.time == wrongUnit {
		s.time, whole = consent.NoTime, false
	}
	return s, whole, whole || s.val == "n"
}

// testPhone: the phone numbers of worlds are nobody's; what has a letter is none.
func testPhone(text string) string {
	switch text = strings.ToLower(strings.TrimSpace(text)); text {
	case "unknown":
		return ""
	case "+33612345678":
		return text
	}
	return "bad"
}

// asOf is the time that worlds are run for.
const asOf = 30

func (l *testLog) counts() (c EventCounts) {
	for i := range l.events {
		c.Rows++
		s, whole, used := l.understand(i)
		switch s.val {
		case "n":
			c.OptOuts++
		case "y":
			c.OptIns++
		}
		if !whole {
			c.Bad++
			c.BadRows = append(c.BadRows, int64(i))
		}
		if !used {
			continue
		}
		if s.time != consent.NoTime && s.time > asOf {
			c.Late++
		}
		switch {
		case s.field == "" || s.val == "y" && s.time == consent.NoTime:
			c.Idle++
		case s.val == "n" && s.time == consent.NoTime:
			c.Timeless++
		case s.val == "n" && l.snapshotAt != consent.NoTime && s.time > l.snapshotAt:
			c.Newer++
		}
	}
	c.BadRows = c.BadRows[:min(len(c.BadRows), 20)]
	return c
}

// happened lists the events of a world that count in a field.
func (w *world) happened(field, val string) (all []specEvent) {
	for i := range w.logs {
		l := &w.logs[i]
		for k := range l.events {
			s, _, used := l.understand(k)
			counts := s.val == "n" || s.time != consent.NoTime && s.time <= asOf
			if used && counts && s.field == field && s.val == val {
				all = append(all, s)
			}
		}
	}
	return all
}

// owner reports whether a profile has an address.
func (w *world) owns(id, address string) bool {
	return !w.byAddress && address != "" && slices.ContainsFunc(w.profiles, func(p profileRow) bool {
		return normalID(p.id) == id && normalEmail(p.email) == address
	})
}

// alone reports whether a profile, and no other, has an address.
func (w *world) alone(id, address string) bool {
	return w.owns(id, address) && !slices.ContainsFunc(w.profiles, func(p profileRow) bool {
		other := normalID(p.id)
		return other != "" && other != id && w.owns(other, address)
	})
}

// ended: an explicit yes of a later time ends an opt-out that has one.
func (s specEvent) ended(by said) bool {
	return by.val == "y" && by.time != consent.NoTime && s.time != consent.NoTime && by.time > s.time
}

// endedByAddress: the address alone opted in again.
func (w *world) endedByAddress(s specEvent, address string) bool {
	return slices.ContainsFunc(w.happened(s.field, "y"), func(in specEvent) bool {
		return in.profile == "" && in.address == address && s.ended(in.said)
	})
}

// lifted lays opt-ins over what the snapshots say.
func lifted(a said, ins []said) said {
	for _, in := range ins {
		earlier := a.time != consent.NoTime && a.time < in.time
		if c := a.class(); c == "absent" || c != "invalid" && earlier || c == "yes" && a.time == consent.NoTime || a.val == "y" && a.time == in.time && a.source > in.source && a.event {
			in.event = true
			a = in
		}
	}
	return a
}

// since lays the events over what the snapshots say of a row in a field: people
// are what they say of each of its people, address what they say of its address.
// It also lists the opt-outs that stand although no snapshot has them.
func (w *world) since(f specFacts, field string, people map[string]said, address said) (a said, standing []specEvent) {
	var atAddress []said
	usable := f.address != "" && f.address != "bad"
	for _, in := range w.happened(field, "y") {
		mine := in.profile == "" || len(f.ids) == 0 || len(f.ids) == 1 && in.profile == f.ids[0]
		if usable && in.address == f.address && mine {
			atAddress = append(atAddress, in.said)
		}
	}
	snapshot := address
	if len(f.ids) == 0 || address.val != "" {
		address = lifted(address, atAddress)
	}
	ended := func(s specEvent, by ...said) bool { return slices.ContainsFunc(by, s.ended) }
	outs := w.happened(field, "n")
	if len(f.ids) == 0 {
		for _, s := range outs {
			if usable && s.address == f.address && !ended(s, append(atAddress, address)...) {
				standing = append(standing, s)
			}
		}
	}
	var all []said
	for _, id := range f.ids {
		var ins []said
		for _, in := range w.happened(field, "y") {
			if in.profile == id && (!in.forOne || in.address == f.address) {
				ins = append(ins, in.said)
			}
		}
		if w.alone(id, f.address) || strings.HasPrefix(field, "idSpecific.") {
			ins = append(ins, atAddress...)
		}
		own := lifted(people[id], ins)
		if own.val != "" {
			all = append(all, own)
		}
		both := choose(w.latest, some(own, snapshot))
		for _, s := range outs {
			byPerson := !s.forOne && (s.profile == id || s.profile == "" && w.owns(id, s.address) && !w.endedByAddress(s, s.address))
			byAddress := usable && s.address == f.address && !ended(s, atAddress...)
			if (byPerson || byAddress) && !ended(s, append(ins, both)...) {
				standing = append(standing, s)
			}
		}
	}
	a = choose(w.latest && address == snapshot, some(choose(false, all), address))
	return a.under(standing)
}

// under lays the opt-outs that stand over an answer, and leaves those that change
// it.
func (s said) under(standing []specEvent) (said, []specEvent) {
	last := said{}
	for _, e := range standing {
		e.event = true
		switch {
		case last.val == "", last.time != consent.NoTime && (e.time == consent.NoTime || e.time > last.time),
			e.time == last.time && e.source < last.source:
			last = e.said
		}
	}
	if s.class() == "no" {
		standing = nil
	}
	return choose(false, some(s, last)), standing
}

// some are those of answers that there are.
func some(all ...said) []said {
	return slices.DeleteFunc(all, func(s said) bool { return s.val == "" })
}

// heard lays the events over what the snapshots say of a row in a field.
func (w *world) heard(l *testList, f specFacts, field string) (said, []specEvent) {
	people := map[string]said{}
	for _, id := range f.ids {
		people[id] = w.ofPerson(id, field)
	}
	var address said
	if l.addressed() && f.address != "" && f.address != "bad" {
		address = choose(w.latest, w.records(field, func(in *testInput, key string) bool { return in.by.address() && normalEmail(key) == f.address }))
	}
	return w.since(f, field, people, address)
}

func (w *world) ofPerson(id, field string) said {
	return choose(w.latest, w.records(field, func(in *testInput, key string) bool { return !in.by.address() && normalID(key) == id }))
}

// heardOwn is the same for the row's address only.
func (w *world) heardOwn(l *testList, f specFacts) (said, []specEvent) {
	const field = "marketing.email.val"
	if !l.addressed() || f.address == "" || f.address == "bad" {
		return said{}, nil
	}
	people := map[string]said{}
	for _, id := range f.ids {
		people[id] = w.ownOf(id, f.address, field)
	}
	address := choose(w.latest, w.ownRecords(f.address, field, func(in *testInput, key string) bool { return in.by.address() && normalEmail(key) == f.address }))
	return w.since(f, "idSpecific.email."+field, people, address)
}

// other lays the events over what the snapshots say of another profile.
func (w *world) other(id, field string) (said, []specEvent) {
	return w.laid(id, "", field, w.ofPerson(id, field))
}

// otherOwn does so for an address only.
func (w *world) otherOwn(id, address string) said {
	a, _ := w.laid(id, address, "idSpecific.email.marketing.email.val", w.ownOf(id, address, "marketing.email.val"))
	return a
}

func (w *world) laid(id, address, field string, a said) (said, []specEvent) {
	var ins []said
	for _, in := range w.happened(field, "y") {
		if in.profile == id && (!in.forOne || in.address == address) {
			ins = append(ins, in.said)
		}
	}
	a = lifted(a, ins)
	var standing []specEvent
	for _, s := range w.happened(field, "n") {
		byPerson := !s.forOne && (s.profile == id || s.profile == "" && w.owns(id, s.address) && !w.endedByAddress(s, s.address))
		byAddress := s.forOne && s.address == address
		if (byPerson || byAddress) && !slices.ContainsFunc(append(ins, a), s.ended) {
			standing = append(standing, s)
		}
	}
	return a.under(standing)
}

// effects is what the opt-outs of a log did to each list.
func (w *world) effects(log int) (all []EventEffect) {
	for k := range w.lists {
		l, e := &w.lists[k], EventEffect{Oldest: consent.NoTime}
		for _, r := range l.rows {
			f := w.specFacts(l, r)
			_, standing := w.heard(l, f, "marketing.any.val")
			add := func(_ said, more []specEvent) { standing = append(standing, more...) }
			add(w.heard(l, f, l.field()))
			add(w.heardOwn(l, f))
			if l.bound {
				add(w.heard(l, f, "marketing.email.subscriptions.news.val"))
			}
			for _, id := range w.others(l, f) {
				add(w.other(id, "marketing.any.val"))
				add(w.other(id, l.field()))
			}
			standing = slices.DeleteFunc(standing, func(s specEvent) bool { return l.transactional || s.log != &w.logs[log] })
			if len(standing) > 0 {
				e.Rows++
			}
			for _, s := range standing {
				if s.row >= s.log.seen && s.time != consent.NoTime && (e.Oldest == consent.NoTime || epoch+s.time < e.Oldest) {
					e.Oldest = epoch + s.time
				}
			}
		}
		all = append(all, e)
	}
	return all
}

// mend gives a log a key by which it is matched with a list.
func (l *testLog) mend(w *world, list *testList) {
	byID := !list.noProfile || list.addressed() && !w.byAddress
	byAddress := list.addressed() || byID && !w.byAddress
	if list.transactional || !l.noProfile && byID || !l.noAddress && byAddress {
		return
	}
	l.noProfile, l.noAddress, list.noProfile = false, false, false
}

// randomLog is a log of events most of which are about some row.
func randomLog(p *picker, k int, w *world, ids []string) testLog {
	l := testLog{
		name: "events " + string(rune('a'+k)), noProfile: p.seldom(4), mail: p.seldom(8), wide: p.seldom(8), unsaid: p.seldom(8),
		snapshotAt: []int64{consent.NoTime, 10}[p.below(2)],
	}
	l.noAddress = !l.noProfile && p.seldom(4)
	glad := p.seldom(3) // nobody opts out
	for range p.below(12) {
		e := testEvent{
			profile: p.text(ids...), address: p.text(emailPool...), channel: p.text("email", "Email ", "email", "email", "email", "direct_mail", "fax", null, "", "pigeon"),
			scope:  p.text("channel", "identity", "subscription", "channel", "identity", "all", " Channel", "subscription", "ALL", null, "person"),
			choice: p.text("y", "n", "Y", "start", "y", "STOP", "y", "N", null, "dn"),
			list:   p.text("news", "news", "news", "other", null, ""),
			time:   []int64{20, 10, 15, asOf, 25, consent.NoTime, 5, asOf + 1, wrongUnit}[p.below(9)],
		}
		if glad {
			e.choice, e.channel, e.time = "y", "email", []int64{25, 20, asOf}[p.below(3)]
		}
		if p.below(4) > 0 {
			rows := w.lists[p.below(len(w.lists))].rows
			row := rows[p.below(len(rows))]
			e.profile, e.address = row.profile, row.address
		}
		switch p.below(5) {
		case 0, 1:
			e.profile = null
		case 2:
			e.address = null
		}
		if e.channel == "fax" {
			e.address = p.text("+33612345678", null, "bad")
		}
		l.events = append(l.events, e)
	}
	l.seen = p.below(len(l.events) + 1)
	return l
}
