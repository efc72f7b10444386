package pipeline

import (
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

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

// often is true unless the picker says otherwise, one time in n.
func (p *picker) seldom(n int) bool { return p.below(n) == n-1 }

// idPools are ids of one form each: anything, UUIDs, numbers. Most stand more
// than once, so that rows, profiles and records meet.
var idPools = [][]string{
	{"p1", "p1", "p1", "p2", "p2", "p2", "p3", " p1\t", "0", null, "P1", "a-rather-long-profile-id", "sixteen-bytes-16"},
	{
		"9f8b6c1e-1111-4222-8333-444455556666", "9F8B6C1E-1111-4222-8333-444455556666", "9f8b6c1e-1111-4222-8333-444455556667",
		"9f8b6c1e-1111-4222-8333-444455556667", "00000000-0000-0000-0000-000000000000", null,
	},
	{"17", "17", "17", "4", "4", "18446744073", "0", null},
}

var emailPool = []string{"a+tag@example.com", "d@shop.example.com", "a.b@gmail.com", "a@example.com", "A@Example.com ", "a@example.com", "b@example.com", "b@example.com", "c@example.com", "bad", "", null, "unknown"}

func randomWorld(p *picker) *world {
	w := &world{
		requireProfile: p.seldom(3), latest: p.below(2) == 1, share: p.below(3) > 0, byAddress: p.seldom(5), ledgerAll: p.seldom(3),
		rules: map[string]testRule{"": randomRule(p), "DE": randomRule(p), "FR": randomRule(p)},
	}
	ids := idPools[p.below(len(idPools))]
	for range p.below(12) {
		w.profiles = append(w.profiles, profileRow{
			id: p.text(ids...), country: p.text("DE", "FR", null, " de ", "", "IT"), email: p.text(emailPool...), erased: p.seldom(9),
		})
	}
	for k := range 1 + p.below(3) {
		in := testInput{name: "input " + string(rune('a'+k)), by: []keyForm{byID, byID, byID, byEmail, byIDMap, byEmailMap}[p.below(6)]}
		for range p.below(12) {
			in.rows = append(in.rows, randomConsent(p, in.by, ids))
		}
		w.inputs = append(w.inputs, in)
	}
	if p.below(2) == 1 {
		for k := range 1 + p.below(4) {
			w.screening = append(w.screening, randomScreening(p, w, k, ids))
		}
	}
	for k := range 1 + p.below(3) {
		w.lists = append(w.lists, randomList(p, k, ids))
	}
	if p.below(2) == 1 {
		for k := range 1 + p.below(2) {
			w.logs = append(w.logs, randomLog(p, k, w, ids))
		}
	}
	w.mend()
	return w
}

// mend gives every list a key by which some input is matched: plans without one
// are refused.
func (w *world) mend() {
	has := func(address bool) bool {
		return slices.ContainsFunc(w.inputs, func(in testInput) bool { return in.by.address() == address })
	}
	for i := range w.lists {
		l := &w.lists[i]
		for k := range w.logs {
			w.logs[k].mend(w, l)
		}
		if l.addressed() && has(true) {
			continue
		}
		l.noProfile = l.noProfile && !w.byAddress
		if !has(false) {
			w.inputs = append(w.inputs, testInput{name: "input z"})
		}
	}
}

func randomList(p *picker, k int, ids []string) testList {
	l := testList{
		name: "list " + string(rune('a'+k)), mail: p.seldom(4), transactional: p.seldom(7), bound: p.below(2) == 1,
		sender: p.text("", "+1555", "ACME"), reachComplaints: p.below(2) == 1,
		requires: p.seldom(5), personal: p.below(2) == 1, duplicates: p.below(2) == 1, times: p.below(2) == 1,
	}
	if l.mail {
		l.noAddress = p.below(2) == 1
	} else {
		l.noProfile = p.seldom(3)
	}
	for range 1 + p.below(12) {
		l.rows = append(l.rows, listRow{
			profile: p.text(ids...), address: p.text(emailPool...), campaign: p.text(null, "spring", "summer", "N/A"),
			at: []int64{0, sendAt + 7, 12, sendAt}[p.below(4)],
		})
	}
	return l
}

func randomTime(p *picker) int64 {
	return []int64{consent.NoTime, 10, 20, sendAt - 5, sendAt + 9}[p.below(5)]
}

func randomConsent(p *picker, by keyForm, ids []string) consentRow {
	c := consentRow{
		any: randomChoice(p), email: randomChoice(p), mail: randomChoice(p), personalize: randomChoice(p), share: randomChoice(p),
		time: randomTime(p), emailTime: consent.NoTime,
	}
	if p.seldom(3) {
		c.emailTime = randomTime(p)
	}
	if p.seldom(5) {
		c.emailEnd = []int64{5, sendAt - 5, sendAt, sendAt + 1}[p.below(4)]
	}
	switch by {
	case byID:
		c.id = p.text(ids...)
	case byEmail:
		c.id = p.text(emailPool...)
	default:
		for range p.below(4) {
			m := mappedID{p.text("CRM", "crm", "Email", "EMAIL", "ECID"), p.text(ids...)}
			if p.below(2) == 0 {
				m.id = p.text(emailPool...)
			}
			c.ids = append(c.ids, m)
		}
	}
	for range p.below(4) {
		c.identities = append(c.identities, identityRow{
			namespace: p.text("Email", "email", "Phone", "EMAIL", "ECID"), id: p.text("a@example.com", " A@example.com", "B@example.com", "a@example.com", "c@example.com", null, "bad"),
			email: randomChoice(p), personalize: randomChoice(p), share: randomChoice(p), time: randomTime(p),
		})
	}
	for range p.below(3) {
		c.subscriptions = append(c.subscriptions, subscriptionRow{list: p.text("news", "news", "news", "other", "News", null), val: randomChoice(p)})
	}
	return c
}

func randomChoice(p *picker) string {
	switch p.below(3) {
	case 0:
		return p.text(null, "")
	case 1:
		return p.text("y", "Y", "dy", "y")
	}
	return p.text("n", "n", "N", "dn", "dN", "p", "p", "u", "u", "LI", "li", "LI", "CT", "CP", "VI", "PI", "yes", " ", "no")
}

func randomRule(p *picker) testRule {
	r := testRule{
		mode: []consent.Mode{consent.OptIn, consent.OptOut, consent.OptIn}[p.below(3)], fallback: p.text("", "y", "n", "p", "dy", "dn", "LI", "u"),
		validFor: []int64{0, sendAt - 15, 3}[p.below(3)], gate: []consent.Gate{consent.GateOptIn, consent.GateOptOut}[p.below(2)],
	}
	for _, basis := range []string{"LI", "CT", "PI"} {
		if p.seldom(3) {
			r.accept = append(r.accept, basis)
		}
	}
	return r
}

func randomScreening(p *picker, w *world, k int, ids []string) testScreening {
	s := testScreening{
		name: "screening " + string(rune('a'+k)), use: []Use{UseSuppression, UseSuppression, UseRegistry, UseExemption, UseExemption, UseErased, UseAllowed}[p.below(7)],
		match: p.text("email", "email", "domain", "below", "wide", "profile"), typed: p.seldom(4),
		categories: p.below(2) == 1, states: p.below(2) == 1, senders: p.below(2) == 1, marketingOnly: p.seldom(3),
	}
	if !s.typed && (s.match == "email" || s.match == "profile") {
		s.hash = []identity.Algorithm{identity.Clear, identity.Clear, identity.SHA256, identity.MD5, identity.HMACSHA256}[p.below(5)]
	}
	if s.use == UseExemption {
		// Of a registry before it, or of none, which makes it a list of no effect.
		if s.registry = slices.IndexFunc(w.screening, func(o testScreening) bool { return o.use == UseRegistry }); s.registry < 0 {
			s.use = UseRegistry
		}
	}
	rows := p.below(6)
	if s.use == UseAllowed {
		rows += 12
	}
	for range rows {
		e := testEntry{
			kind: p.text("email", "EMAIL ", "domain", "below", "wide", "profile", null, "fax"), category: p.text("hard", "Soft", "manual", " complaint", "?", null),
			status: p.text("active", null, "Deleted", "active", "expired"), sender: p.text(null, "", " +1555", "ACME", "other"),
		}
		switch s.is(e) {
		case "profile":
			e.value = p.text(ids...)
		case "domain", "below":
			e.value = p.text("example.com", " @Example.com", "shop.example.com", "com", "gmail.com", null, "", "unknown", "bad", "*.example.com", "example.co")
		default:
			e.value = p.text(append(slices.Clone(emailPool), "a+other@Example.com", "A.B@googlemail.com")...)
		}
		s.entries = append(s.entries, e)
	}
	if s.use == UseExemption && p.below(2) == 1 { // of some who are there
		of := w.screening[s.registry]
		s.match, s.typed, s.hash = of.match, of.typed, of.hash
		s.entries = append(s.entries, of.entries[:len(of.entries)/2]...)
	}
	return s
}
