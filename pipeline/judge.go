package pipeline

import (
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
	own    [1]slot        // of people
	many   []consent.Rule // of profile
}

// newJudge resolves the list's policy for every country that a planned person
// lives in.
func newJudge(p *Plan, l *List, rows *listRows, f *facts) *judge {
	j := &judge{plan: p, list: l, rows: rows, facts: f}
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
			j.own[0] = address
			at = j.own[:]
		}
	}
	s := j.facts.subjects(kind)
	for _, subject := range at {
		flags |= s.flags[subject]
		switch country := s.country[subject]; {
		case country == 0:
		case rules == nil:
			rules = j.rules[country]
		default:
			j.many = append(append(j.many[:0], rules...), j.rules[country]...)
			rules = j.many
		}
	}
	if rules == nil {
		rules = j.rules[0]
	}
	return flags, rules
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
func (j *judge) gather(row int64) (*consent.Facts, []consent.Rule) {
	l, f := j.list, &j.memory
	person, address := j.person(row), j.address(row)
	*f = consent.Facts{
		Purposes:         f.Purposes,
		Transactional:    l.Transactional,
		Bound:            l.Subscription != NoField,
		NoIdentity:       j.rows.people != nil && person == noSlot,
		NoAddress:        j.rows.addresses != nil && address == noSlot,
		MalformedAddress: address == malformedSlot,
		Duplicate:        j.rows.isDuplicate(row),
		SendAt:           l.SendAll,
	}
	if j.rows.sendAt != nil && j.rows.sendAt[row] != consent.NoTime {
		f.SendAt = j.rows.sendAt[row]
	}
	flags, rules := j.profile(row)
	f.Erased = flags&erased != 0
	f.NoProfile = l.RequireProfile && flags&seenInProfiles == 0
	f.Any, _ = j.value(row, l.Any)
	f.Channel, _ = j.value(row, l.Consent)
	f.Identity, _ = j.identity(row, l.Consent)
	f.Subscription, _ = j.value(row, l.Subscription)
	shared, _, _ := j.sharedOptOut(row)
	f.SharedOptOut = shared != NoField
	for i, purpose := range l.Purposes {
		v, _ := j.value(row, purpose)
		f.Purposes[i] = v.Choice
	}
	if l.Personalize != NoField {
		v, _ := j.value(row, l.Personalize)
		own, _ := j.identity(row, l.Personalize)
		f.Personalize, f.IdentityPersonalize = v.Choice, own.Choice
	}
	return f, rules
}

// found is where a value came from.
type found struct {
	kind    identity.Kind // of the key by which the snapshot was matched
	subject slot
	source  uint8
}

// value folds what the snapshots say of the row's person and of its address;
// either match counts.
func (j *judge) value(row int64, field Field) (v consent.Value, from found) {
	if field == NoField {
		return consent.Value{}, found{}
	}
	for i, person := range j.people(row) {
		next, source := j.facts.people.value(person, field)
		of := found{identity.None, person, source}
		if i == 0 {
			v, from = next, of
		} else { // other people are no older records of one: the latest does not win
			v, from = pick(consent.Restrict, v, from, next, of)
		}
	}
	byAddress := j.facts.addresses[j.list.Kind]
	address := j.address(row)
	if byAddress == nil || address == noSlot || address == malformedSlot {
		return v, from
	}
	other, source := byAddress.value(address, field)
	return pick(j.facts.people.fold, v, from, other, found{j.list.Kind, address, source})
}

// pick folds two values and keeps where the standing one came from.
func pick(fold func(a, b consent.Value) consent.Value, a consent.Value, fromA found, b consent.Value, fromB found) (consent.Value, found) {
	switch {
	case b.Choice == consent.Absent:
		return a, fromA
	case a.Choice == consent.Absent:
		return b, fromB
	}
	merged := fold(a, b)
	if merged == b && merged != a {
		return merged, fromB
	}
	return merged, fromA
}

// identity is the value that holds for the row's address only.
func (j *judge) identity(row int64, field Field) (v consent.Value, source uint8) {
	address := j.address(row)
	if address == noSlot || address == malformedSlot {
		return v, 0
	}
	d, kind := j.facts.identities, j.list.Kind
	var from found
	for _, person := range j.people(row) {
		if j.facts.people.flags[person]&hasIdentity != 0 {
			next, of := d.value(identityKey{kind, person, address}, field)
			v, from = pick(consent.Restrict, v, from, next, found{source: of})
		}
	}
	if j.facts.addresses[kind] != nil {
		next, of := d.value(identityKey{kind, anyone, address}, field)
		v, from = pick(j.facts.people.fold, v, from, next, found{source: of})
	}
	return v, from.source
}
