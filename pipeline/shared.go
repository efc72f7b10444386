package pipeline

import (
	"cmp"

	"optout/pipeline/consent"
)

// sharedOptOut is the no of another profile that has a row's address, or an
// absent value. Of several the one that speaks for itself most plainly stands,
// so that the order of profiles does not show.
func (j *judge) sharedOptOut(row int64) (field Field, v consent.Value, source uint8) {
	if !j.plan.ShareByAddress || j.rows.people == nil {
		return NoField, v, 0
	}
	field = NoField
	own, address := j.person(row), j.address(row)
	for _, other := range j.facts.links[j.list.Kind].of(address) {
		if other == own {
			continue
		}
		f, next, from := j.optOutOf(other, address)
		if next.Choice == consent.Absent {
			continue
		}
		if field == NoField || morePlain(next, f, from, v, field, source) {
			field, v, source = f, next, from
		}
	}
	return field, v, source
}

// optOutOf is the no of a profile at "any" or channel level. A default of no at
// "any" counts only where it would deny the profile itself (ours).
func (j *judge) optOutOf(person, address slot) (Field, consent.Value, uint8) {
	people, l := j.facts.people, j.list
	anyone, anyFrom := people.value(person, l.Any)
	channel, channelFrom := people.value(person, l.Consent)
	if anyone.Choice.Class() == consent.ClassNo {
		own, _ := j.facts.identities.value(identityKey{l.Kind, person, address}, l.Consent)
		if !consent.Yields(anyone.Choice, channel.Choice, own.Choice) {
			return l.Any, anyone, anyFrom
		}
	}
	if channel.Choice.Class() == consent.ClassNo {
		return l.Consent, channel, channelFrom
	}
	return NoField, consent.Value{}, 0
}

// morePlain reports whether a is the better evidence: a coarser level, a more
// restrictive choice, the later time, the earlier source.
func morePlain(a consent.Value, fieldA Field, sourceA uint8, b consent.Value, fieldB Field, sourceB uint8) bool {
	return cmp.Or(
		cmp.Compare(fieldA, fieldB), // "any" has the smallest number
		cmp.Compare(b.Choice, a.Choice),
		cmp.Compare(b.Time, a.Time),
		cmp.Compare(sourceA, sourceB)) < 0
}

// people lists the profiles that a row is about: its own, or where the list has
// no profile ids those that have its address.
func (j *judge) people(row int64) []slot {
	if j.rows.people == nil {
		return j.facts.links[j.list.Kind].of(j.address(row))
	}
	if j.own[0] = j.rows.people[row]; j.own[0] == noSlot {
		return nil
	}
	return j.own[:]
}
