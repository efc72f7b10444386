package consent

import (
	"slices"
	"strings"
	"testing"
)

// severity is the order of reasons as the contract writes it (consent.md,
// section 8).
var severity = strings.Fields(`erased suppressed_address suppressed_domain not_allowed no_identity
	malformed_address no_address invalid_token opt_out_all
	opt_out_channel opt_out_identity opt_out_subscription opt_out_shared
	registry consent_invalid consent_expired consent_pending
	consent_unknown consent_basis consent_missing purpose_denied
	no_profile frequency_cap duplicate`)

func TestReasons(t *testing.T) {
	quarantined := []string{"no_identity", "malformed_address"}
	// Never bypassed: erased, suppressed, not allowed, no address, malformed
	// (section 4), nor what is no matter of marketing consent.
	never := strings.Fields(`erased suppressed_address suppressed_domain not_allowed no_identity
		malformed_address no_address invalid_token purpose_denied frequency_cap duplicate`)
	if len(severity) != int(NumReasons) {
		t.Fatalf("there are %d reasons, want %d", NumReasons, len(severity))
	}
	for i, name := range severity {
		r := Reason(i)
		if r.String() != name {
			t.Errorf("reason %d is %s, want %s", i, r, name)
		}
		want := Dropped
		if slices.Contains(quarantined, name) {
			want = Quarantined
		}
		if got := r.Decision(); got != want {
			t.Errorf("%s: got %s, want %s", r, got, want)
		}
		if got, want := r.Bypassable(), !slices.Contains(never, name); got != want {
			t.Errorf("%s: bypassable %v, want %v", r, got, want)
		}
	}
}

func TestReasonSet(t *testing.T) {
	var none Reasons
	if got := none.Append(nil); len(got) != 0 {
		t.Errorf("the empty set lists %v", got)
	}
	for a := range NumReasons {
		for b := range NumReasons {
			set := none.With(b).With(a).With(b)
			if got, want := set.Primary(), min(a, b); got != want {
				t.Errorf("{%s, %s}: primary is %s, want %s", a, b, got, want)
			}
			want := slices.Compact([]Reason{min(a, b), max(a, b)})
			if got := set.Append([]Reason{Duplicate}); !slices.Equal(got, append([]Reason{Duplicate}, want...)) {
				t.Errorf("{%s, %s}: got %v, want %v", a, b, got[1:], want)
			}
			for r := range NumReasons {
				if got, want := set.Has(r), r == a || r == b; got != want {
					t.Errorf("{%s, %s} has %s: %v, want %v", a, b, r, got, want)
				}
			}
		}
	}
}

func TestDecisions(t *testing.T) {
	for d, want := range []string{"not_granted", "kept", "dropped", "quarantined"} {
		if got := Decision(d).String(); got != want {
			t.Errorf("decision %d is %s, want %s", d, got, want)
		}
	}
	var v Verdict
	if v.Decision != NotGranted {
		t.Errorf("the zero verdict is %s, want not_granted", v.Decision)
	}
}
