package pipeline

import (
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// later is the later of two opt-outs, or of two opt-ins: see consent.Events.
func later(a, b answer) answer { return join(consent.Latest, a, b) }

// lift lays an opt-in over an answer of the snapshots.
func lift(a, in answer) answer {
	if v := consent.Lift(a.Value, in.Value); v != a.Value {
		return in
	}
	return a
}

// answers reports whether an answer is what ends an opt-out.
func (a answer) answers(optOut answer) bool { return consent.Answers(a.Value, optOut.Value) }

// over lays what one subject said since over what the snapshots say of it.
func over(a, out, in answer) answer {
	a = lift(a, in)
	if in.answers(out) || a.answers(out) {
		return a
	}
	return join(consent.Restrict, a, out)
}

// rowEvents are the changes that the row last gathered is about.
type rowEvents struct {
	some    bool
	fields  uint64   // a bit for each field that they are about; of those beyond 64 one for several
	person  []change // of the last of its people
	address []change // at its address
	one     bool     // it is about one person
	forAll  bool     // something was said at its address that is not for the address only
}

// events looks up what happened to the people and the address of a row, for
// rowEvents.
func (j *judge) events(row int64) {
	h, e := j.facts.happened, &j.rowEvents
	*e = rowEvents{}
	people := j.people(row)
	for _, p := range people {
		e.person = h.people.of(p)
		e.note(e.person)
	}
	e.address = h.addresses[j.list.Kind].of(j.address(row))
	e.note(e.address)
	for i := range e.address {
		e.forAll = e.forAll || e.address[i].form&forOne == 0
	}
	e.one = e.some && len(people) > 0 && areOne(people)
}

// alone reports whether the one person of the row last gathered alone has its address.
func (j *judge) alone(row int64, people []slot) bool {
	have := j.facts.links[j.list.Kind].of(j.address(row))
	return j.rowEvents.one && len(have) > 0 && areOne(have) && have[0] == people[0]
}

func (e *rowEvents) note(changes []change) {
	e.some = e.some || len(changes) > 0
	for i := range changes {
		e.fields |= 1 << (changes[i].field & 63)
	}
}

// about reports whether a field may have changed.
func (e *rowEvents) about(field Field) bool { return e.fields>>(field&63)&1 != 0 }

// heard is what a row's people and its address say in a field, or of its address
// only: the events laid over the snapshots.
//
//   - What a person said counts for that person, whoever else has the address.
//   - An opt-out at the address counts for everybody who has it, until the
//     address opts in again, or the row's own person does at the address.
//   - An opt-in by the address alone lifts what was said of the address, and what
//     the one person said who alone has it. Of others it says nothing, unless it
//     is for the address only.
//   - Else only an explicit yes of the person ends an opt-out.
//   - A row that names no device is for all of a person's, and the opt-out of one
//     of them stands whatever the others say.
func (j *judge) heard(row int64, field Field, own bool) answer {
	e := &j.rowEvents
	if field == NoField || !e.about(field) {
		if own {
			return j.own(row, field)
		}
		return j.answer(row, field)
	}
	if person, only := j.onlyPerson(row); only && !own {
		return j.saidBy(person, e.person, field) // all of what follows comes to this
	}
	form := uint8(0)
	if own {
		form = forOne
	}
	people, allDevices := j.people(row), j.namesNoDevice()
	if own && allDevices {
		var standing answer
		for _, person := range people {
			standing = j.stand(standing, j.facts.happened.people.of(person), field, forOne)
		}
		return j.lay(j.ownDevices(row, field), standing)
	}
	in := foldEvents(e.address, field, form|optedIn, func(person slot) bool {
		return person == anyone || len(people) == 0 || e.one && person == people[0]
	})
	snapshot, fold := j.ofAddress(row, field, own), j.facts.people.fold
	address := snapshot
	if len(people) == 0 || snapshot.Choice != consent.Absent {
		address = lift(snapshot, in)
	}
	if address.Value != snapshot.Value {
		fold = consent.Restrict // the address opted in, not the person: it is not the later record of one
	}
	var all, standing answer
	if len(people) == 0 {
		standing = j.stand(standing, e.address, field, form, in, address)
	}
	for _, person := range people {
		a, personIn, changes := j.ofPerson(row, person, field, own)
		if in.Choice != consent.Absent && (own || j.alone(row, people)) {
			personIn = later(personIn, in)
		}
		a = lift(a, personIn)
		both := join(j.facts.people.fold, a, snapshot)
		standing = j.stand(standing, changes, field, form, personIn, both)
		if allDevices {
			standing = j.stand(standing, changes, field, atDevice, personIn, both)
		}
		standing = j.stand(standing, e.address, field, form, personIn, both, in)
		all = join(consent.Restrict, all, a)
	}
	return j.lay(join(fold, all, address), standing)
}

// since is heard in a row that is about onlyPerson: what the person said since, over
// what the snapshots say.
func (j *judge) since(person slot, field Field) consent.Value {
	v := j.facts.people.value(person, field)
	if field == NoField || !j.rowEvents.about(field) {
		return v
	}
	var said consent.Events
	for i := range j.rowEvents.person {
		if c := &j.rowEvents.person[i]; c.is(field, optedIn) {
			said.OptIn = consent.Latest(said.OptIn, c.value())
		}
	}
	v = consent.Lift(v, said.OptIn)
	for i := range j.rowEvents.person {
		c := &j.rowEvents.person[i]
		if !c.is(field, 0) || consent.Answers(said.OptIn, c.value()) || consent.Answers(v, c.value()) {
			continue
		}
		said.OptOut = consent.Latest(said.OptOut, c.value())
		if v.Choice.Class() != consent.ClassNo {
			j.effects.row = append(j.effects.row, c)
		}
	}
	return said.Over(v)
}

// ofAddress is what the snapshots that are keyed by it say of a row's address.
func (j *judge) ofAddress(row int64, field Field, own bool) answer {
	kind, address := j.list.Kind, j.address(row)
	switch {
	case j.facts.addresses[kind] == nil || address == noSlot || address == malformedSlot:
		return answer{}
	case own:
		return j.facts.identities.answer(identityKey{kind, anyone, address}, field)
	}
	return j.facts.answer(kind, address, field)
}

// ofPerson is what the snapshots say of one of a row's people, or of the person
// at the row's address only, the latest opt-in of the person, and the changes
// among which the opt-outs are.
func (j *judge) ofPerson(row int64, person slot, field Field, own bool) (a, in answer, changes []change) {
	if own {
		return j.ownAnswer(person, j.address(row), field), j.ownOptIn(person, j.rowEvents.address, field), nil
	}
	changes = j.facts.happened.people.of(person)
	return j.facts.answer(identity.None, person, field), foldEvents(changes, field, optedIn, everybody), changes
}

func everybody(slot) bool { return true }

// ownAnswer is what the snapshots say of a person at an address only.
func (j *judge) ownAnswer(person, address slot, field Field) answer {
	if address == noSlot || address == malformedSlot || j.facts.people.flags(person)&hasIdentity == 0 {
		return answer{}
	}
	return j.facts.identities.answer(identityKey{j.list.Kind, person, address}, field)
}

// ownOptIn is the latest opt-in of a person at the address that the changes are
// of, for the address only.
func (j *judge) ownOptIn(person slot, changes []change, field Field) answer {
	return foldEvents(changes, field, forOne|optedIn, func(p slot) bool { return p == person })
}

// ofOther is what another profile that has a row's address says in a field, for
// itself.
func (j *judge) ofOther(person slot, field Field) answer {
	if j.facts.happened == nil {
		return j.facts.answer(identity.None, person, field)
	}
	return j.saidBy(person, j.facts.happened.people.of(person), field)
}

// saidBy is what one person says in a field, for all of the person's addresses: what
// the person said since, over what the snapshots say.
func (j *judge) saidBy(person slot, changes []change, field Field) answer {
	a := j.facts.answer(identity.None, person, field)
	var in, out answer
	for i := range changes {
		if c := &changes[i]; c.is(field, optedIn) {
			in = later(in, c.answer())
		}
	}
	a = lift(a, in)
	for i := range changes {
		c := &changes[i]
		if !c.is(field, 0) {
			continue
		}
		if o := c.answer(); !in.answers(o) && !a.answers(o) {
			out = later(out, o)
			j.effects.standing = append(j.effects.standing, c)
		}
	}
	return j.lay(a, out)
}

// ofOtherOwn is what such a profile says at the address only.
func (j *judge) ofOtherOwn(person, address slot, field Field) answer {
	a, changes := j.ownAnswer(person, address, field), j.rowEvents.address
	in := j.ownOptIn(person, changes, field)
	return over(a, foldEvents(changes, field, forOne, everybody), in)
}

// stand folds the opt-outs that none of some answers ends into those that stand.
func (j *judge) stand(standing answer, changes []change, field Field, form uint8, ends ...answer) answer {
	for i := range changes {
		c := &changes[i]
		if !c.is(field, form) {
			continue
		}
		if out := c.answer(); !slices.ContainsFunc(ends, func(a answer) bool { return a.answers(out) }) {
			standing = later(standing, out)
			j.effects.standing = append(j.effects.standing, c)
		}
	}
	return standing
}

// lay lays the opt-outs that stand over an answer.
func (j *judge) lay(a, standing answer) answer {
	if a.Choice.Class() != consent.ClassNo {
		j.effects.noteStanding()
	}
	j.effects.standing = j.effects.standing[:0]
	return join(consent.Restrict, a, standing)
}

// effects is what a worker notes of the opt-outs that change rows of a list.
type effects struct {
	standing []*change // in the field at work
	row      []*change // of the row at work: those that no snapshot has
	logs     []EventEffect
}

func newEffects(logs int) effects {
	e := effects{logs: make([]EventEffect, logs)}
	for i := range e.logs {
		e.logs[i].Oldest = consent.NoTime
	}
	return e
}

func (e *effects) noteStanding() { e.row = append(e.row, e.standing...) }

// count counts the row at work.
func (e *effects) count() {
	for i, c := range e.row {
		log := &e.logs[c.source]
		log.Oldest = earlier(log.Oldest, c.first)
		if !slices.ContainsFunc(e.row[:i], func(d *change) bool { return d.source == c.source }) {
			log.Rows++
		}
	}
}
