package pipeline

import (
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// outcomes says what becomes of the rows of the first list of a plan: decision
// and reasons, in words.
func outcomes(t *testing.T, p *Plan) (all []string) {
	t.Helper()
	p.LedgerAll = true
	got, err := run(p, whole, unitRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range got[0].ledger.rows {
		all = append(all, row[decisionColumn]+strings.NewReplacer(`"`, "", ",", " ").Replace(row[reasonsColumn]))
	}
	return all
}

// TestProfilesByAddress: where profiles are found by address, the rule is that
// of their country alone, and not that of an unknown country beside it.
func TestProfilesByAddress(t *testing.T) {
	w := &world{
		profiles: []profileRow{
			{email: "A@example.com", country: "US"},
			{email: "b@example.com", country: null},
			{email: "c@example.com", country: "US", erased: true},
			{email: "d@example.com", country: "US"},
			{email: "D@example.com", country: "FR"},
		},
		lists: []testList{{name: "list", rows: []listRow{
			{profile: "p1", address: "a@example.com", campaign: null},
			{profile: "p2", address: "b@example.com", campaign: null},
			{profile: "p3", address: "c@example.com", campaign: null},
			{profile: "p4", address: "d@example.com", campaign: null},
			{profile: "p5", address: "e@example.com", campaign: null},
			{profile: "p6", address: null, campaign: null},
			{profile: "p7", address: "bad", campaign: null},
		}}},
		byAddress: true, requireProfile: true,
		rules: map[string]testRule{"": {mode: consent.OptIn}, "US": {mode: consent.OptOut}},
	}
	p := w.plan(whole, 1, memory.DefaultAllocator)
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
