package pipeline

import (
	"cmp"
	"slices"

	"optout/pipeline/consent"
)

// sharedOptOut is the no of another profile that has a row's address, or one of its
// devices where it names none, and its field, NoField for none. Of several the one that
// speaks for itself most plainly stands, so that the order of profiles does not show.
func (j *judge) sharedOptOut(row int64) (field Field, a answer) {
	field = NoField
	own, address := j.person(row), j.address(row)
	people := j.having(row)
	switch {
	case j.rows.people != nil && !j.plan.ShareByAddress:
		return field, a
	case j.rows.people == nil && areOne(people):
		// All who have the address are the row's own people. Where there are
		// several, the yes of one must not lift the default of no of another.
		return field, a
	}
	for _, other := range people {
		if other == own {
			continue
		}
		f, next := j.optOutOf(other, address)
		if f != NoField && (field == NoField || morePlain(f, next, field, a)) {
			field, a = f, next
		}
	}
	return field, a
}

// areOne reports whether links, which may name a profile twice, name at most one.
func areOne(people []slot) bool {
	return !slices.ContainsFunc(people, func(p slot) bool { return p != people[0] })
}

// optOutOf is the no of a profile at "any" or channel level. A default of no at
// "any" counts only where it would deny the profile itself (ours).
func (j *judge) optOutOf(person, address slot) (Field, answer) {
	l := j.list
	anyone, channel := j.ofOther(person, l.Any), j.ofOther(person, l.Consent)
	if anyone.Choice.Class() == consent.ClassNo {
		own := j.ofOtherOwn(person, address, l.Consent)
		if !consent.Yields(anyone.Choice, channel.Choice, own.Choice) {
			return l.Any, anyone
		}
	}
	if channel.Choice.Class() == consent.ClassNo {
		return l.Consent, channel
	}
	return NoField, answer{}
}

// morePlain reports whether a is the better evidence: a coarser level, a more
// restrictive choice, the later time, the earlier source.
func morePlain(fieldA Field, a answer, fieldB Field, b answer) bool {
	order := cmp.Or(
		cmp.Compare(fieldA, fieldB), // "any" has the smallest number
		cmp.Compare(b.Choice, a.Choice),
		cmp.Compare(b.Time, a.Time))
	return order < 0 || order == 0 && b.before(a)
}

// people lists the profiles that a row is about: its own, or where the list has
// no profile ids those that have its address.
func (j *judge) people(row int64) []slot {
	if j.rows.people == nil {
		return j.facts.links[j.list.Kind].of(j.address(row))
	}
	if j.one[0] = j.rows.people[row]; j.one[0] == noSlot {
		return nil
	}
	return j.one[:]
}
