package jobs

import (
	"testing"
	"time"

	"optout/pipeline/consent"
)

// TestRule: the setting that is named nearest holds, each for itself.
func TestRule(t *testing.T) {
	const day = 24 * int64(time.Hour/time.Microsecond)
	j := mustLoad(t, with(t, "policy:\n", `profiles: {path: p, key: id, country: country}
policy:
  channels:
    email: {mode: opt_out}
    sms: {default: n, accept_basis: [LI, CT]}
    push: {mode: opt_in, accept_basis: []}
  default: {mode: opt_out, default: dy, accept_basis: [VI]}
  valid_for: {email: 730d}
  personalization: {gate: opt_out}
  jurisdictions:
    - {countries: [FR, " de "], channels: {email: {mode: opt_in, default: dn}}, valid_for: {email: 365d, sms: 10d}, personalization: {gate: opt_in}}
    - {countries: [FR, US], default: {accept_basis: [LI]}, channels: {sms: {mode: opt_in}}}
    - {countries: ["1", NO]}
`))
	li, vi, both, none := consent.BasisSet(0).With(consent.LI), consent.BasisSet(0).With(consent.VI),
		consent.BasisSet(0).With(consent.LI).With(consent.CT), consent.BasisSet(0)
	for _, c := range []struct {
		channel, country string
		want             consent.Rule
	}{
		{"email", "", consent.Rule{Mode: consent.OptOut, Default: consent.DY, AcceptBasis: vi, ValidFor: 730 * day, Gate: consent.GateOptOut}},
		{"email", "FR", consent.Rule{Mode: consent.OptIn, Default: consent.DN, AcceptBasis: vi, ValidFor: 365 * day, Gate: consent.GateOptIn}},
		{"email", "fr", consent.Rule{Mode: consent.OptIn, Default: consent.DN, AcceptBasis: vi, ValidFor: 365 * day, Gate: consent.GateOptIn}},
		{"email", "DE", consent.Rule{Mode: consent.OptIn, Default: consent.DN, AcceptBasis: vi, ValidFor: 365 * day, Gate: consent.GateOptIn}},
		{"email", "US", consent.Rule{Mode: consent.OptOut, Default: consent.DY, AcceptBasis: li, ValidFor: 730 * day, Gate: consent.GateOptOut}},
		{"email", "NO", consent.Rule{Mode: consent.OptOut, Default: consent.DY, AcceptBasis: vi, ValidFor: 730 * day, Gate: consent.GateOptOut}},
		{"email", "FRA", consent.Rule{Mode: consent.OptOut, Default: consent.DY, AcceptBasis: vi, ValidFor: 730 * day, Gate: consent.GateOptOut}},
		{"sms", "", consent.Rule{Mode: consent.OptOut, Default: consent.N, AcceptBasis: both, Gate: consent.GateOptOut}},
		{"sms", "FR", consent.Rule{Mode: consent.OptOut, Default: consent.N, AcceptBasis: both, ValidFor: 10 * day, Gate: consent.GateOptIn}},
		{"sms", "US", consent.Rule{Mode: consent.OptIn, Default: consent.N, AcceptBasis: li, Gate: consent.GateOptOut}},
		{"push", "", consent.Rule{Mode: consent.OptIn, Default: consent.DY, AcceptBasis: none, Gate: consent.GateOptOut}},
		{"call", "", consent.Rule{Mode: consent.OptOut, Default: consent.DY, AcceptBasis: vi, Gate: consent.GateOptOut}},
	} {
		if got := j.rule(c.channel, c.country); got != c.want {
			t.Errorf("%s in %q: got %+v, want %+v", c.channel, c.country, got, c.want)
		}
	}
}

// TestRuleOfNobody: where the job says nothing, only a yes permits.
func TestRuleOfNobody(t *testing.T) {
	if got, want := mustLoad(t, sound).rule("email", "FR"), (consent.Rule{}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if consent.Mode(0) != consent.OptIn || consent.Gate(0) != consent.GateOptIn || consent.Choice(0) != consent.Absent {
		t.Error("the zero rule permits something")
	}
}
