package pipeline

import (
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// judge turns what is known of the rows of one list into verdicts. It belongs
// to one worker.
type judge struct {
	plan   *Plan
	list   *List
	rows   *listRows
	facts  *facts
	rules  [][]consent.Rule // by number of the country set
	memory consent.Facts

	fetched byte           // keeps the compiler from leaving fetch out
	one     [1]slot        // of people
	beside  []slot         // who has a device of the row last gathered, which names none
	many    []consent.Rule // of profile

	hasAllowed          bool     // the job has allowed lists
	onAddress, inDomain []mark   // for standing
	standingOf          standing // of the row last gathered

	rowEvents rowEvents // of the row last gathered
	effects   effects
}

// newJudge resolves the list's policy for every country that a planned person
// lives in.
func newJudge(p *Plan, l *List, rows *listRows, f *facts) *judge {
	j := &judge{plan: p, list: l, rows: rows, facts: f, hasAllowed: p.hasAllowed(), effects: newEffects(len(p.Events))}
	for _, set := range f.countries.sets {
		j.rules = append(j.rules, j.rulesFor(set))
	}
	j.memory.Purposes = make([]consent.Choice, len(l.Purposes))
	return j
}

func (j *judge) rulesFor(set []string) (rules []consent.Rule) {
	if len(set) == 0 {
		return []consent.Rule{j.list.Rule("")}
	}
	for _, country := range set {
		rules = append(rules, j.list.Rule(country))
	}
	return rules
}

// row judges one row. Whoever has two countries is permitted only what the rules
// of both permit.
func (j *judge) row(row int64) (v consent.Verdict) {
	f, rules := j.gather(row)
	for i, rule := range rules {
		next := consent.Judge(f, rule)
		if i == 0 {
			v = next
		} else {
			v = consent.Both(v, next)
		}
	}
	return v
}

// profile is what the profiles say of the row, found by its people or by its
// address, and the rules of the countries that they name.
func (j *judge) profile(row int64) (flags uint8, rules []consent.Rule) {
	if j.plan.Profiles == nil {
		return 0, j.rules[0]
	}
	at, kind := j.people(row), j.plan.Profiles.Key.Kind
	if kind != identity.None {
		at = nil
		if address := j.address(row); kind == j.list.Kind && address != noSlot && address != malformedSlot {
			j.one[0] = address
			at = j.one[:]
		}
	}
	s := j.facts.subjects(kind)
	for _, subject := range at {
		flags |= s.flags(subject)
		country := s.country(subject)
		if rules == nil {
			rules = j.rules[country]
			continue
		}
		// Each of several people is permitted what its own country permits, and
		// who has none what the job's policy does.
		j.many = append(append(j.many[:0], rules...), j.rules[country]...)
		rules = j.many
	}
	if rules == nil {
		rules = j.rules[0]
	}
	return flags, rules
}

// fetch brings what is known of the people of some rows, from row on, into the
// cache, all at once: see keyBatch.
func (j *judge) fetch(row, end int64) {
	if end = min(row+ahead, end); j.rows.people != nil {
		people := j.facts.people
		for _, s := range j.rows.people[row:end] {
			if s != noSlot {
				j.fetched += people.facts[int(s)*people.size+unusedByte]
			}
		}
	}
	if h := j.facts.happened; h != nil {
		if j.rows.people != nil {
			j.fetched += h.people.fetch(j.rows.people[row:end])
		}
		if j.rows.addresses != nil {
			j.fetched += h.addresses[j.list.Kind].fetch(j.rows.addresses[row:end])
		}
	}
}

func (j *judge) person(row int64) slot {
	if j.rows.people == nil {
		return noSlot
	}
	return j.rows.people[row]
}

func (j *judge) address(row int64) slot {
	if j.rows.addresses == nil {
		return noSlot
	}
	return j.rows.addresses[row]
}

// gather collects the facts of a row. The result is valid until the next call.
//
// Facts are set where they stand: a struct that is made and then copied whole is read
// before its fields have left the processor, which waits for each.
func (j *judge) gather(row int64) (*consent.Facts, []consent.Rule) {
	l, f := j.list, &j.memory
	person, address := j.person(row), j.address(row)
	purposes := f.Purposes
	*f = consent.Facts{}
	f.Purposes = purposes
	f.Transactional, f.Bound, f.SendAt = l.Transactional, l.Subscription != NoField, l.SendAll
	f.NoIdentity = j.rows.people != nil && person == noSlot
	f.NoAddress = j.rows.addresses != nil && address == noSlot
	f.MalformedAddress = address == malformedSlot
	f.Duplicate = j.rows.isDuplicate(row)
	if j.rows.sendAt.len() > 0 {
		if at := j.rows.sendAt.at(row); at != consent.NoTime {
			f.SendAt = at
		}
	}
	flags, rules := j.profile(row)
	if j.namesNoDevice() {
		j.beside = j.beside[:0]
		for _, p := range j.people(row) {
			j.beside = j.facts.owned.appendSharing(j.beside, p)
		}
	}
	st := &j.standingOf
	if j.facts.screened != nil {
		j.standing(row)
	}
	j.device(row, f)
	f.Erased = flags&erased != 0 || st.erased.is() || j.sharesErased(row)
	f.SuppressedAddress, f.SuppressedDomain = st.address.binding, st.domain.binding
	f.NotAllowed, f.Registered = st.notAllowed, st.registered.is()
	f.NoProfile = l.RequireProfile && flags&seenInProfiles == 0
	if j.facts.happened != nil {
		j.events(row)
		j.effects.row = j.effects.row[:0]
	}
	j.levels(row, f)
	shared, _ := j.sharedOptOut(row)
	f.SharedOptOut = shared != NoField
	for i, field := range l.Purposes {
		a, _ := j.purpose(row, field)
		f.Purposes[i] = a.Choice
	}
	return f, rules
}

// levels sets the answers at every level, and those about personal content.
func (j *judge) levels(row int64, f *consent.Facts) {
	l := j.list
	if person, only := j.onlyPerson(row); only {
		f.Any, f.Channel, f.Subscription = j.since(person, l.Any), j.since(person, l.Consent), j.since(person, l.Subscription)
		f.Personalize = j.facts.people.value(person, l.Personalize).Choice
		if len(j.rowEvents.address) > 0 {
			f.Identity = j.heard(row, l.Consent, true).Value
		}
		return
	}
	f.Any = j.heard(row, l.Any, false).Value
	f.Channel = j.heard(row, l.Consent, false).Value
	f.Identity = j.heard(row, l.Consent, true).Value
	f.Subscription = j.heard(row, l.Subscription, false).Value
	f.Personalize = j.answer(row, l.Personalize).Choice
	f.IdentityPersonalize = j.own(row, l.Personalize).Choice
}

// onlyPerson is the person of a row about whom nothing but snapshots by profile says
// anything, and nothing for one address only, whatever events say of the person. Nearly
// every row is so, and its answers are read from where they stand. What events say for the
// row's address only is not among them: levels adds it.
func (j *judge) onlyPerson(row int64) (person slot, only bool) {
	person = j.person(row)
	only = person != noSlot && j.facts.addresses[j.list.Kind] == nil && j.facts.people.flags(person)&hasIdentity == 0
	if e := &j.rowEvents; e.some {
		only = only && !e.forAll && !j.namesNoDevice()
	}
	return person, only
}

// device says whether a push message can reach a device.
func (j *judge) device(row int64, f *consent.Facts) {
	d := j.facts.devices
	if j.list.Kind != identity.Token || d == nil {
		return
	}
	if j.namesNoDevice() {
		known, usable := d.ofPeople(j.list, j.people(row))
		f.NoAddress, f.InvalidToken = !known, known && !usable
		return
	}
	if token := j.rows.addresses[row]; token != noSlot && token != malformedSlot {
		f.InvalidToken = d.invalid(j.list, token)
	}
}

// namesNoDevice reports whether the rows of the list are for all devices of their
// people.
func (j *judge) namesNoDevice() bool {
	return j.list.Kind == identity.Token && j.rows.addresses == nil
}

// sharesErased reports whether some profile that has the row's address is to be
// forgotten, whichever of its records says so and whichever has the address: either
// match counts.
func (j *judge) sharesErased(row int64) bool {
	if j.plan.Profiles == nil || j.plan.Profiles.Erased == NoColumn || !j.follows() {
		return false
	}
	return j.facts.links[j.list.Kind].isErased(j.address(row)) ||
		j.namesNoDevice() && slices.ContainsFunc(j.people(row), j.facts.owned.isErased) ||
		slices.ContainsFunc(j.having(row), func(person slot) bool { return j.facts.people.flags(person)&erased != 0 })
}

// having lists the profiles that have the row's address, or where the row last gathered
// names no device any that its people have.
func (j *judge) having(row int64) []slot {
	if j.namesNoDevice() {
		return j.beside
	}
	return j.facts.links[j.list.Kind].of(j.address(row))
}

// follows reports whether what is known of others who have a row's address
// counts.
func (j *judge) follows() bool { return j.rows.people == nil || j.plan.ShareByAddress }

// answer folds what the snapshots say of the row's person and of its address;
// either match counts.
func (j *judge) answer(row int64, field Field) (a answer) {
	if field == NoField {
		return a
	}
	people := j.people(row)
	if len(people) == 1 && j.facts.addresses[j.list.Kind] == nil {
		return j.facts.answer(identity.None, people[0], field)
	}
	for _, person := range people {
		// Other people are no older records of one: the latest does not win.
		a = join(consent.Restrict, a, j.facts.answer(identity.None, person, field))
	}
	if address := j.address(row); j.facts.addresses[j.list.Kind] != nil && address != noSlot && address != malformedSlot {
		a = join(j.facts.people.fold, a, j.facts.answer(j.list.Kind, address, field))
	}
	return a
}

// own is the answer that holds for the row's address only.
func (j *judge) own(row int64, field Field) (a answer) {
	address := j.address(row)
	if j.namesNoDevice() {
		return j.ownDevices(row, field)
	}
	if field == NoField || address == noSlot || address == malformedSlot {
		return a
	}
	d, kind := j.facts.identities, j.list.Kind
	for _, person := range j.people(row) {
		if j.facts.people.flags(person)&hasIdentity != 0 {
			a = join(consent.Restrict, a, d.answer(identityKey{kind, person, address}, field))
		}
	}
	if j.facts.addresses[kind] != nil {
		a = join(j.facts.people.fold, a, d.answer(identityKey{kind, anyone, address}, field))
	}
	return a
}

// ownDevices is the no of any device of a row that names none: its message would
// reach them all. A yes of one is not that of the others.
func (j *judge) ownDevices(row int64, field Field) (a answer) {
	if field == NoField {
		return a
	}
	for _, person := range j.people(row) {
		if j.facts.people.flags(person)&hasIdentity != 0 {
			a = join(consent.Restrict, a, j.facts.identities.answer(identityKey{j.list.Kind, person, anyDevice}, field))
		}
	}
	return a
}

// purpose is the answer to a purpose: that for the row's address where it
// denies, since a yes for the person does not lift it, and else the person's.
func (j *judge) purpose(row int64, field Field) (a answer, own bool) {
	a = j.own(row, field)
	if c := a.Choice.Class(); c == consent.ClassNo || c == consent.ClassInvalid {
		return a, true
	}
	return j.answer(row, field), false
}
