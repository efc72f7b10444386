package pipeline

import (
	"slices"

	"optout/pipeline/identity"
)

// A row that names no device is for all that its people have, and what speaks against
// one of them is against the row: what a list says of it, and what others do who have
// it, too. Their tokens are not planned: the profiles tell them, entries and other
// profiles are looked up among them too, and the marks are carried over to the people.

// owned are the tokens of planned people, but for those that the profile denies: no
// message goes there.
type owned struct {
	tokens *index
	pairs  []ownedToken // some perhaps twice; nil once they are settled
	of     grouped      // the tokens of each person
	links  *links       // whoever has them; nil where opt-outs do not follow the address
}

// ownedToken is one token of one planned person.
type ownedToken struct{ token, person slot }

// newOwned makes room for them; nil where nothing needs them.
func newOwned(p *Plan, r *recipients) *owned {
	if !p.needsOwned() {
		return nil
	}
	return &owned{tokens: newIndex(r.addresses[identity.Token].hasher)}
}

// needsOwned reports whether something may refuse devices of people whose send list
// names none.
func (p *Plan) needsOwned() bool {
	return p.sharesOwned() || p.Profiles != nil && p.Profiles.Devices != nil && p.plansOwners() &&
		slices.ContainsFunc(p.Screening, func(l ScreeningList) bool { return slices.ContainsFunc(l.matches(), l.refusesOwned) })
}

// sharesOwned reports whether it matters who else has such a device.
func (p *Plan) sharesOwned() bool {
	return p.ShareByAddress && p.Profiles != nil && p.Profiles.Devices != nil && p.plansOwners()
}

// plansOwners reports whether some send list is for all devices of its people.
func (p *Plan) plansOwners() bool {
	return slices.ContainsFunc(p.Lists, func(l List) bool { return l.Kind == identity.Token && l.Address == NoColumn })
}

// refusesOwned reports whether what a match names refuses rows by the devices that
// their people have. What permits one device permits no other.
func (l *ScreeningList) refusesOwned(m Match) bool {
	return m.Kind == identity.Token && (l.Use == UseSuppression || l.Use == UseRegistry || l.Use == UseErased)
}

// add notes that a planned person has a token. The caller holds the lock.
func (o *owned) add(token []byte, person slot) error {
	k := o.tokens.hasher.key(token)
	s, err := o.tokens.intern(&k, token)
	if err != nil {
		return err
	}
	o.pairs = append(o.pairs, ownedToken{s, person})
	return nil
}

// settle sorts them by their people, once all are known.
func (o *owned) settle(people int) (err error) {
	o.of, err = newGrouped(people, func(yield func(person, token slot)) {
		for _, of := range o.pairs {
			yield(of.person, of.token)
		}
	})
	o.pairs = nil
	return err
}

// appendSharing appends the profiles that have a device of a planned person, itself
// among them and some perhaps several times.
func (o *owned) appendSharing(all []slot, person slot) []slot {
	if o == nil || o.links == nil {
		return all
	}
	for _, token := range o.of.of(person) {
		all = append(all, o.links.of(token)...)
	}
	return all
}

// isErased reports whether a device of a planned person stands in a record of somebody
// who is to be forgotten.
func (o *owned) isErased(person slot) bool {
	return o != nil && slices.ContainsFunc(o.of.of(person), o.links.isErased)
}

// prepareOwned makes room for the marks of a list on tokens that people have.
func (s *screened) prepareOwned(p *Plan, o *owned, l *ScreeningList, m Match) {
	if s.owned == nil {
		s.owned = newMarks(s.sets, o.tokens.len())
	}
	s.digest(p, o.tokens, l, l.digestKey(m, true))
}

// carry marks the people one of whose devices is marked.
func (s *screened) carry(o *owned, people int) {
	if s.owned == nil {
		return
	}
	var hits []screenHit
	for person := range len(o.of.starts) - 1 {
		for _, token := range o.of.of(slot(person)) {
			for _, m := range s.owned.at(token) {
				hits = append(hits, screenHit{slot(person), m})
			}
		}
	}
	s.owners = newMarks(s.sets, people)
	s.owners.add(hits)
	s.owned = nil
}
