package pipeline

import (
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// standing is what the screening lists mean for one row, each with the list that
// decided.
type standing struct {
	address, domain suppression
	erased          listed
	registered      listed // and no exemption lifts it
	exempt          listed // the exemption that lifts a hit
	notAllowed      bool
}

// suppression is the entry that binds most.
type suppression struct {
	binding  consent.Binding
	category consent.Category
	list     uint8
}

// listed is a list that a row stands on, by its number plus one; 0 is none.
type listed uint16

func listedOn(list uint8) listed { return listed(list) + 1 }

func (l listed) is() bool { return l != 0 }

func (l listed) number() uint8 { return uint8(l - 1) }

// first is the list that the job names first.
func (l listed) first(list uint8) listed {
	if l == 0 || listedOn(list) < l {
		return listedOn(list)
	}
	return l
}

// standing looks up the marks of a row, for standingOf: those of its address, of the
// domain and the widened forms of it, of its own people, of their devices where it
// names none, and of others who have its address or one of those, where opt-outs follow
// it.
func (j *judge) standing(row int64) {
	s, st := j.facts.screened, &j.standingOf
	*st = standing{}
	address, kind, people := j.address(row), j.list.Kind, j.people(row)
	j.onAddress = append(j.onAddress[:0], s.addresses[kind].at(address)...)
	if j.namesNoDevice() {
		for _, person := range people {
			j.onAddress = append(j.onAddress, s.owners.at(person)...)
		}
	}
	j.inDomain = j.inDomain[:0]
	if kind == identity.Email && address != noSlot && address != malformedSlot {
		for _, g := range s.widened {
			j.onAddress = g.appendMarks(j.onAddress, address)
		}
		j.inDomain = s.domains.appendMarks(j.inDomain, address)
	}
	for _, m := range j.onAddress {
		j.mark(st, &st.address, m)
	}
	for _, m := range j.inDomain {
		j.mark(st, &st.domain, m)
	}
	for _, person := range people {
		for _, m := range s.people.at(person) {
			j.mark(st, &st.address, m)
		}
	}
	if s.people != nil {
		for _, other := range j.sharing(row) {
			for _, m := range s.people.at(other) {
				if use := j.plan.Screening[m.list].Use; use == UseSuppression || use == UseErased {
					j.mark(st, &st.address, m)
				}
			}
		}
	}
	if st.registered.is() {
		j.exempt(st, people)
	}
	st.notAllowed = j.hasAllowed && !j.stands(people, func(m mark) bool { return j.plan.Screening[m.list].Use == UseAllowed })
}

// mark notes what a mark means for the row. What lifts or permits is looked for
// apart: see stands.
func (j *judge) mark(st *standing, by *suppression, m mark) {
	l := &j.plan.Screening[m.list]
	switch l.Use {
	case UseErased:
		st.erased = st.erased.first(m.list)
	case UseRegistry:
		st.registered = st.registered.first(m.list)
	case UseSuppression:
		if j.facts.screened.binds(m, j.list.Sender) {
			by.add(suppression{l.binds(m.category, j.list), m.category, m.list})
		}
	}
}

// binds says which messages an entry of a suppression list forbids.
func (l *ScreeningList) binds(c consent.Category, list *List) consent.Binding {
	if l.MarketingOnly || c == consent.SpamComplaint && list.ReachComplaints {
		return consent.BindsMarketing
	}
	return consent.BindsAll
}

// add keeps the entry that binds most; of several the one of the higher
// category, then of the list that the job names first.
func (s *suppression) add(next suppression) {
	if next.binding > s.binding || next.binding == s.binding &&
		(next.category > s.category || next.category == s.category && next.list < s.list) {
		*s = next
	}
}

// exempt looks for exemptions of every registry that has the row. One that is
// not lifted stands. One list of exemptions must lift it, which is the evidence:
// several that each name one of the row's people lift nothing (ours).
func (j *judge) exempt(st *standing, people []slot) {
	registries := listed(0)
	for number := range j.plan.Screening {
		registry := uint8(number)
		if j.plan.Screening[number].Use != UseRegistry || !j.onRegistry(people, registry) {
			continue
		}
		lifted := false
		for e := range j.plan.Screening {
			l := &j.plan.Screening[e]
			if l.Use == UseExemption && l.Registry == number && j.stands(people, func(m mark) bool { return m.list == uint8(e) }) {
				lifted = true
				st.exempt = st.exempt.first(uint8(e))
			}
		}
		if !lifted {
			registries = registries.first(registry)
		}
	}
	st.registered = registries
}

// onRegistry reports whether the address, its domain or any of its people are on
// a registry.
func (j *judge) onRegistry(people []slot, registry uint8) bool {
	is := func(m mark) bool { return m.list == registry }
	return slices.ContainsFunc(j.onAddress, is) || slices.ContainsFunc(j.inDomain, is) ||
		slices.ContainsFunc(people, func(p slot) bool { return slices.ContainsFunc(j.facts.screened.people.at(p), is) })
}

// stands reports whether the row is on a list that permits: by its address, or
// by every one of its people. The permission of one is not that of another.
func (j *judge) stands(people []slot, on func(m mark) bool) bool {
	if slices.ContainsFunc(j.onAddress, on) || slices.ContainsFunc(j.inDomain, on) {
		return true
	}
	of := j.facts.screened.people
	return len(people) > 0 && !slices.ContainsFunc(people, func(p slot) bool { return !slices.ContainsFunc(of.at(p), on) })
}

// sharing lists the profiles that have the row's address, or one of its devices, where
// that counts.
func (j *judge) sharing(row int64) []slot {
	if j.rows.people == nil || !j.follows() {
		return nil // the row's own people are all who have it
	}
	return j.having(row)
}

func (p *Plan) hasAllowed() bool {
	return slices.ContainsFunc(p.Screening, func(l ScreeningList) bool { return l.Use == UseAllowed })
}
