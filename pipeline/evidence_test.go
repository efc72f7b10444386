package pipeline

import (
	"context"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// factsOf reads the recipients of a plan, all in one partition.
func factsOf(t testing.TB, p *Plan) *facts {
	t.Helper()
	r, err := readRecipients(context.Background(), p, onlyPartition(), newHashers())
	if err != nil {
		t.Fatal(err)
	}
	return newFacts(p, r)
}

// evidences says what the ledger would show of the rows of the first list.
func evidences(t *testing.T, p *Plan) (all []evidence) {
	t.Helper()
	ctx := context.Background()
	f := factsOf(t, p)
	if _, err := f.match(ctx, p); err != nil {
		t.Fatal(err)
	}
	j := newJudge(p, &p.Lists[0], &f.recipients.lists[0], f)
	for row := range p.Lists[0].Keys.NumRows() {
		e := evidence{time: consent.NoTime}
		if v := j.row(row); v.Reasons != 0 {
			if e = p.evidence(&p.Lists[0], j.finding(row, v)); e.time != consent.NoTime {
				e.time -= epoch
			}
		}
		all = append(all, e)
	}
	return all
}

// onePerson is a world of one profile with these records and one row.
func onePerson(rule testRule, records ...consentRow) *world {
	for i := range records {
		records[i].id, records[i].emailTime = "p1", consent.NoTime
	}
	return &world{
		profiles: []profileRow{{id: "p1", country: null, email: "a@example.com"}},
		inputs:   []testInput{{name: "consents", rows: records}},
		lists:    []testList{{name: "list", rows: []listRow{{profile: "p1", address: "a@example.com", campaign: null}}}},
		rules:    map[string]testRule{"": rule},
	}
}

// at is what a record says of one email address.
func at(id, email string) identityRow {
	return identityRow{namespace: "Email", id: id, email: email, time: consent.NoTime}
}

// TestEvidence: the ledger shows the record that decided, and no mixture of
// several.
func TestEvidence(t *testing.T) {
	const src = "consents"
	optOut, optIn := testRule{mode: consent.OptOut}, testRule{mode: consent.OptIn}
	own := func(email string) []identityRow { return []identityRow{at("A@example.com", email)} }
	tests := []struct {
		name   string
		world  *world
		change func(w *world, p *Plan)
		want   evidence
	}{
		{name: "any", world: onePerson(optOut, consentRow{any: "n", time: 5}), want: evidence{src, "marketing.any.val", "n", 5}},
		{name: "channel", world: onePerson(optOut, consentRow{email: "DN", time: 5}), want: evidence{src, "marketing.email.val", "dn", 5}},
		{
			name: "identity", world: onePerson(optOut, consentRow{email: "y", identities: own("n"), time: 5}),
			want: evidence{src, "idSpecific.email.marketing.email.val", "n", 5},
		},
		{
			name: "subscription", world: onePerson(optOut, consentRow{email: "y", subscriptions: []subscriptionRow{{"news", "n"}}, time: 5}),
			change: func(w *world, p *Plan) { p.Lists[0].Subscription = fieldNews },
			want:   evidence{src, "marketing.email.subscriptions.news.val", "n", 5},
		},
		{name: "nobody answered", world: onePerson(optIn), want: evidence{field: "marketing.email.val", time: consent.NoTime}},
		{name: "an answer without a time", world: onePerson(optIn, consentRow{email: "p", time: consent.NoTime}), want: evidence{src, "marketing.email.val", "p", consent.NoTime}},
		{
			name: "the default", world: onePerson(testRule{mode: consent.OptOut, fallback: "dn"}),
			want: evidence{"policy", "channels.email.default", "dn", consent.NoTime},
		},
		{
			name: "of two countries the default that refused",
			world: &world{
				profiles: []profileRow{{id: "p1", country: "DE"}, {id: "p1", country: "FR"}},
				lists:    []testList{{name: "list", rows: []listRow{{profile: "p1", address: "a@example.com", campaign: null}}}},
				rules:    map[string]testRule{"": optIn, "DE": {mode: consent.OptIn, fallback: "y"}, "FR": {mode: consent.OptIn, fallback: "n"}},
			},
			want: evidence{"policy", "channels.email.default", "n", consent.NoTime},
		},
		{
			name: "and not a more restrictive one that permitted",
			world: &world{
				profiles: []profileRow{{id: "p1", country: "DE"}, {id: "p1", country: "FR"}},
				lists:    []testList{{name: "list", rows: []listRow{{profile: "p1", address: "a@example.com", campaign: null}}}},
				rules:    map[string]testRule{"": optIn, "DE": {mode: consent.OptOut, fallback: "p"}, "FR": {mode: consent.OptIn, fallback: "u"}},
			},
			want: evidence{"policy", "channels.email.default", "u", consent.NoTime},
		},
		{
			name:  "an invalid value as it stands in the file",
			world: onePerson(optOut, consentRow{email: "yes", time: 5}), want: evidence{src, "marketing.email.val", "yes", 5},
		},
		{
			name:  "of two invalid values the text of the one that stands",
			world: onePerson(optOut, consentRow{email: "true", time: 5}, consentRow{email: "aaa", time: 9}),
			want:  evidence{src, "marketing.email.val", "true", 5},
		},
		{
			name:   "the latest of two invalid values",
			world:  onePerson(optOut, consentRow{email: "aaa", time: 5}, consentRow{email: "true", time: 9}),
			change: func(w *world, p *Plan) { p.Latest = true },
			want:   evidence{src, "marketing.email.val", "true", 9},
		},
		{
			name:  "an invalid value for the address",
			world: onePerson(optOut, consentRow{email: "y", identities: own("yes"), time: 5}),
			want:  evidence{src, "idSpecific.email.marketing.email.val", "yes", 5},
		},
		{
			name:   "a purpose",
			world:  onePerson(optOut, consentRow{share: "n", time: 5}),
			change: func(w *world, p *Plan) { p.Lists[0].Purposes = []Field{fieldShare} },
			want:   evidence{src, "share.val", "n", 5},
		},
		{
			name:  "erased",
			world: onePerson(optOut, consentRow{any: "n", time: 5}),
			change: func(w *world, p *Plan) {
				w.profiles[0].erased = true
			},
			want: evidence{source: "profiles", time: consent.NoTime},
		},
		{
			name: "no profile", world: onePerson(optOut),
			change: func(w *world, p *Plan) {
				w.profiles, p.Profiles.Table.Parts, p.Lists[0].RequireProfile = nil, nil, true
			},
			want: evidence{source: "profiles", time: consent.NoTime},
		},
		{
			name: "a channel that no field is mapped to", world: onePerson(optIn),
			change: func(w *world, p *Plan) { p.Lists[0].Consent, p.Lists[0].Any = NoField, NoField },
			want:   evidence{time: consent.NoTime},
		},
	}
	for _, tt := range tests {
		p := tt.world.plan(whole, 1, memory.DefaultAllocator)
		if tt.change != nil {
			tt.change(tt.world, p)
		}
		if got := evidences(t, p); got[0] != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got[0], tt.want)
		}
	}
}

// TestSharedEvidence: of several people who have the address and said no, the
// ledger shows the plainest no, whatever the order of profiles.
func TestSharedEvidence(t *testing.T) {
	no := func(id, anyone, email string, time int64) consentRow {
		return consentRow{id: id, any: anyone, email: email, time: time, emailTime: consent.NoTime}
	}
	for name, tt := range map[string]struct {
		first, second []consentRow // of two inputs
		want          evidence
	}{
		"the coarser level":                 {[]consentRow{no("p2", "", "n", 9), no("p3", "n", "", 5)}, nil, evidence{"consents", "marketing.any.val", "n", 5}},
		"an own no before a default":        {[]consentRow{no("p2", "", "dn", 9), no("p3", "", "n", 5)}, nil, evidence{"consents", "marketing.email.val", "n", 5}},
		"a default at any before an own no": {[]consentRow{no("p2", "dn", "", 5), no("p3", "", "n", 9)}, nil, evidence{"consents", "marketing.any.val", "dn", 5}},
		"a default at any that yields":      {[]consentRow{no("p2", "dn", "y", 5), no("p3", "", "dn", 9)}, nil, evidence{"consents", "marketing.email.val", "dn", 9}},
		"the later":                         {[]consentRow{no("p2", "n", "", 5), no("p3", "n", "", 9)}, nil, evidence{"consents", "marketing.any.val", "n", 9}},
		"a known time":                      {[]consentRow{no("p2", "n", "", consent.NoTime), no("p3", "n", "", 9)}, nil, evidence{"consents", "marketing.any.val", "n", 9}},
		"the first input":                   {[]consentRow{no("p2", "n", "", 9)}, []consentRow{no("p3", "n", "", 9)}, evidence{"consents", "marketing.any.val", "n", 9}},
		"a default alone":                   {[]consentRow{no("p2", "", "dn", 9)}, nil, evidence{"consents", "marketing.email.val", "dn", 9}},
	} {
		for _, ids := range [][]string{{"p1", "p2", "p3"}, {"p3", "p2", "p1"}} {
			w := onePerson(testRule{mode: consent.OptOut})
			w.share, w.profiles = true, nil
			for _, id := range ids {
				w.profiles = append(w.profiles, profileRow{id: id, country: null, email: "A@example.com"})
			}
			w.inputs = []testInput{{name: "consents", rows: tt.first}, {name: "more", rows: tt.second}}
			p := w.plan(whole, 1, memory.DefaultAllocator)
			if got := outcomes(t, p)[0]; got != "dropped[opt_out_shared]" {
				t.Errorf("%s, profiles %s: got %s", name, ids, got)
			} else if got := evidences(t, p)[0]; got != tt.want {
				t.Errorf("%s, profiles %s: got %+v, want %+v", name, ids, got, tt.want)
			}
		}
	}
}

// TestSeveralBases: two bases in two inputs are none, and the evidence does not
// depend on which row came first.
func TestSeveralBases(t *testing.T) {
	first := []consentRow{{email: "LI", time: 5}}
	second := []consentRow{{email: "LI", time: 1}, {email: "CT", time: 3}}
	var all []evidence
	for range 2 {
		slices.Reverse(second)
		w := onePerson(testRule{mode: consent.OptIn}, first...)
		w.inputs = append(w.inputs, testInput{name: "more", rows: onePerson(testRule{}, slices.Clone(second)...).inputs[0].rows})
		all = append(all, evidences(t, w.plan(whole, 1, memory.DefaultAllocator))[0])
	}
	want := evidence{"more", "marketing.email.val", "several bases", 1}
	if all[0] != want || all[1] != want {
		t.Errorf("got %+v in one order and %+v in the other, want %+v", all[0], all[1], want)
	}
}

// TestKeysThatFallTogether: namespaces in two cases and one id in two spellings
// are one key, and the most restrictive value wins, whatever the job says of
// several records.
func TestKeysThatFallTogether(t *testing.T) {
	for _, latest := range []bool{false, true} {
		for _, vals := range [][2]string{{"n", "y"}, {"y", "n"}} {
			w := onePerson(testRule{mode: consent.OptOut}, consentRow{
				email: "y", time: 5,
				identities: []identityRow{
					{namespace: "Email", id: "a@example.com", email: vals[0], time: 10},
					{namespace: "EMAIL", id: " A@Example.com", email: vals[1], time: 20},
				},
			})
			w.latest = latest
			if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator)); got[0] != "dropped[opt_out_identity]" {
				t.Errorf("latest %v, values %q: got %s, want opt_out_identity", latest, vals, got[0])
			}
		}
	}
}

// TestOwnAddressOnly: a snapshot that is matched by address says nothing of
// those who have another address, whether or not that one is planned too.
func TestOwnAddressOnly(t *testing.T) {
	w := onePerson(testRule{mode: consent.OptOut}, consentRow{
		email: "y", time: 5,
		identities: []identityRow{at("a@example.com", "p"), at("b@example.com", "n"), {namespace: "Phone", id: "+33612345678", email: "n"}},
	})
	w.inputs[0].by, w.inputs[0].rows[0].id = byEmail, "A@example.com"
	w.lists[0].rows = append(w.lists[0].rows, listRow{profile: "p2", address: "b@example.com", campaign: null})
	p := w.plan(whole, 1, memory.DefaultAllocator)
	want := []string{"kept[]", "kept[]"}
	if got := outcomes(t, p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	w.inputs[0].rows[0].id = "b@example.com"
	p = w.plan(whole, 1, memory.DefaultAllocator)
	want = []string{"kept[]", "dropped[opt_out_identity]"}
	if got := outcomes(t, p); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPurposeAtAddress: sharing refused for the address of the row is refused,
// whatever the person said.
func TestPurposeAtAddress(t *testing.T) {
	for own, want := range map[string]string{
		"": "kept[]", "y": "kept[]", "p": "kept[]", "n": "dropped[purpose_denied]", "dn": "dropped[purpose_denied]", "ja": "dropped[purpose_denied]",
	} {
		w := onePerson(testRule{mode: consent.OptOut}, consentRow{
			share: "y", time: 5, identities: []identityRow{{namespace: "Email", id: "a@example.com", share: own}},
		})
		p := w.plan(whole, 1, memory.DefaultAllocator)
		p.Lists[0].Purposes = []Field{fieldShare}
		if got := outcomes(t, p)[0]; got != want {
			t.Errorf("share=y, %q at the address: got %s, want %s", own, got, want)
		}
		if e := evidences(t, p)[0]; want != "kept[]" && e.field != "idSpecific.email.share.val" {
			t.Errorf("%q at the address: evidence is %+v", own, e)
		}
	}
}
