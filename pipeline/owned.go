package pipeline

import (
	"slices"

	"optout/pipeline/identity"
)

// A row that names no device is for all that its people have, and what a list says
// against one of them is against the row. Their tokens are not planned: the profiles
// tell them, entries are looked up among them too, and the marks are carried over to
// the people.

// owned are the tokens of planned people, but for those that the profile denies: no
// message goes there.
type owned struct {
	tokens *index
	owners []ownedToken // some perhaps twice
}

// ownedToken is one token of one planned person.
type ownedToken struct{ token, person slot }

// newOwned makes room for them; nil where nothing needs them.
func newOwned(p *Plan, r *recipients) *owned {
	if !p.screensOwned() {
		return nil
	}
	return &owned{tokens: newIndex(r.addresses[identity.Token].hasher)}
}

// screensOwned reports whether a list may refuse devices of people whose send list
// names none.
func (p *Plan) screensOwned() bool {
	return p.Profiles != nil && p.Profiles.Devices != nil && p.plansOwners() &&
		slices.ContainsFunc(p.Screening, func(l ScreeningList) bool { return slices.ContainsFunc(l.matches(), l.refusesOwned) })
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
	o.owners = append(o.owners, ownedToken{s, person})
	return nil
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
	for _, of := range o.owners {
		for _, m := range s.owned.at(of.token) {
			hits = append(hits, screenHit{of.person, m})
		}
	}
	s.owners = newMarks(s.sets, people)
	s.owners.add(hits)
	s.owned = nil
}
