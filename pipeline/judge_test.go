package pipeline

import (
	"fmt"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// whole is a table in one piece.
var whole = cutting{part: 1000, batch: 1000}

// outcomes says what becomes of the rows of the first list of a plan: decision
// and reasons, in words.
func outcomes(t *testing.T, p *Plan) (all []string) {
	t.Helper()
	got, err := verdicts(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got[0] {
		var reasons []string
		for _, r := range v.Reasons.Append(nil) {
			reasons = append(reasons, r.String())
		}
		all = append(all, fmt.Sprintf("%s%v", v.Decision, reasons))
	}
	return all
}

// TestProfilesByAddress: where profiles are found by address, the rule is that
// of their country alone, and not that of an unknown country beside it.
func TestProfilesByAddress(t *testing.T) {
	w := &world{
		profiles: []profileRow{
			{id: "A@example.com", country: "US"}, {id: "b@example.com", country: null},
			{id: "c@example.com", country: "US", erased: true}, {id: "d@example.com", country: "US"}, {id: "D@example.com", country: "FR"},
		},
		lists: []testList{{name: "list", rows: []listRow{
			{"p1", "a@example.com", null}, {"p2", "b@example.com", null}, {"p3", "c@example.com", null},
			{"p4", "d@example.com", null}, {"p5", "e@example.com", null}, {"p6", null, null}, {"p7", "bad", null},
		}}},
		requireProfile: true,
		rules:          map[string]testRule{"": {mode: consent.OptIn}, "US": {mode: consent.OptOut}},
	}
	p := w.plan(whole, 1, memory.DefaultAllocator)
	p.Profiles.Key.Kind = identity.Email
	want := []string{
		"kept[]", "dropped[consent_missing]", "dropped[erased]", "dropped[consent_missing]",
		"dropped[consent_missing no_profile]", "dropped[no_address consent_missing no_profile]",
		"quarantined[malformed_address consent_missing no_profile]",
	}
	if got := outcomes(t, p); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	// A list of another kind of address is about other people.
	p.Lists[0].Kind, p.Lists[0].Channel = identity.Token, "push"
	for i, got := range outcomes(t, p) {
		if got == "kept[]" {
			t.Errorf("row %d of a push list is kept by a profile found by email", i)
		}
	}
}
