package pipeline

import "optout/pipeline/consent"

// picker takes decisions from bytes, so that the fuzzer can steer them; when the
// bytes are used up every decision is the first.
type picker []byte

func (p *picker) below(n int) int {
	if len(*p) == 0 {
		return 0
	}
	b := (*p)[0]
	*p = (*p)[1:]
	return int(b) % n
}

func (p *picker) text(from ...string) string { return from[p.below(len(from))] }

func randomWorld(p *picker) *world {
	w := &world{
		requireProfile: p.below(3) == 1, latest: p.below(2) == 1,
		rules: map[string]testRule{"": randomRule(p), "DE": randomRule(p)},
	}
	people := []string{"p1", "p2", "p3", "p4", "0", null, "9f8b6c1e-1111-4222-8333-444455556666", "a-rather-long-profile-id"}
	for i := range people {
		if p.below(4) > 0 {
			w.profiles = append(w.profiles, profileRow{id: people[i], country: p.text("DE", "FR", null), erased: p.below(8) == 1})
		}
	}
	for range 1 + p.below(10) {
		w.consents = append(w.consents, randomConsent(p, people))
	}
	for k := range 1 + p.below(3) {
		l := testList{
			name: string(rune('a' + k)), transactional: p.below(4) == 1, bound: p.below(3) == 1,
			requires: p.below(4) == 1, personal: true, duplicates: p.below(2) == 1,
		}
		for range 1 + p.below(8) {
			l.rows = append(l.rows, listRow{
				profile:  p.text(people...),
				address:  p.text("a@example.com", "A@Example.com ", "b@example.com", "c@example.com", "bad", "", null),
				campaign: p.text(null, "spring", "summer"),
			})
		}
		w.lists = append(w.lists, l)
	}
	return w
}

func randomConsent(p *picker, people []string) consentRow {
	c := consentRow{
		id: p.text(people...), any: randomChoice(p), email: randomChoice(p), personalize: randomChoice(p), share: randomChoice(p),
		time: []int64{consent.NoTime, 10, 20, sendAt - 5}[p.below(4)],
	}
	for range p.below(4) {
		c.identities = append(c.identities, identityRow{
			namespace: p.text("Email", "email", "Phone", "EMAIL", "ECID"), id: p.text("a@example.com", "B@example.com", "c@example.com"),
			email: randomChoice(p), personalize: randomChoice(p),
		})
	}
	for range p.below(3) {
		c.subscriptions = append(c.subscriptions, subscriptionRow{list: p.text("news", "other"), val: randomChoice(p)})
	}
	return c
}

func randomChoice(p *picker) string {
	return p.text(null, "y", "n", "", "dy", "dn", "p", "u", "LI", "CT", "CP", "VI", "PI", "Y", "N", "yes", "li", " ", null, "y", "y", "y")
}

func randomRule(p *picker) testRule {
	r := testRule{
		mode: []consent.Mode{consent.OptOut, consent.OptIn}[p.below(2)], fallback: p.text("", "y", "n", "p", "dy", "dn", "LI"),
		validFor: []int64{0, sendAt - 15, 3}[p.below(3)], gate: []consent.Gate{consent.GateOptIn, consent.GateOptOut}[p.below(2)],
	}
	for _, basis := range []string{"LI", "CT", "PI"} {
		if p.below(3) == 1 {
			r.accept = append(r.accept, basis)
		}
	}
	return r
}
