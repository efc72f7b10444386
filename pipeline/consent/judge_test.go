package consent

import (
	"fmt"
	"slices"
	"testing"
)

const testNow = 1_000_000

func val(c Choice) Value { return Value{Choice: c, Time: testNow - 10} }

// outcome is a verdict in words: the decision, and the reasons in order.
func outcome(v Verdict) string {
	var names []string
	for _, r := range v.Reasons.Append(nil) {
		names = append(names, r.String())
	}
	return fmt.Sprintf("%s%v", v.Decision, names)
}

// TestReasonTable has a row for every reason that Judge can give.
func TestReasonTable(t *testing.T) {
	optOut, optIn := Rule{Mode: OptOut}, Rule{Mode: OptIn}
	yes := val(Y)
	tests := []struct {
		name  string
		facts Facts
		rule  Rule
		want  string
		level Level
	}{
		{"nobody said anything", Facts{}, optOut, "kept[]", LevelNone},
		{"erased", Facts{Erased: true, Channel: yes}, optIn, "dropped[erased]", LevelNone},
		{"no identity", Facts{NoIdentity: true, Channel: yes}, optIn, "quarantined[no_identity]", LevelNone},
		{"malformed address", Facts{MalformedAddress: true, Channel: yes}, optIn, "quarantined[malformed_address]", LevelNone},
		{"no address", Facts{NoAddress: true, Channel: yes}, optIn, "dropped[no_address]", LevelNone},
		{"any no", Facts{Any: val(N), Channel: yes}, optIn, "dropped[opt_out_all]", LevelAny},
		{"any default of no", Facts{Any: val(DN)}, optOut, "dropped[opt_out_all]", LevelAny},
		{"channel no", Facts{Any: yes, Channel: val(N), Identity: yes}, optOut, "dropped[opt_out_channel]", LevelChannel},
		{"channel default of no", Facts{Any: yes, Channel: val(DN), Identity: yes}, optOut, "dropped[opt_out_channel]", LevelChannel},
		{"identity no", Facts{Any: yes, Channel: yes, Identity: val(N)}, optOut, "dropped[opt_out_identity]", LevelIdentity},
		{"identity default of no", Facts{Channel: yes, Identity: val(DN)}, optOut, "dropped[opt_out_identity]", LevelIdentity},
		{"subscription no", Facts{Bound: true, Channel: yes, Subscription: val(N)}, optOut, "dropped[opt_out_subscription]", LevelSubscription},
		{"subscription default of no", Facts{Bound: true, Subscription: val(DN)}, optOut, "dropped[opt_out_subscription]", LevelSubscription},
		{"subscription no, list not bound", Facts{Channel: yes, Subscription: val(N)}, optOut, "kept[]", LevelNone},
		{"another's no at the address", Facts{SharedOptOut: true, Channel: yes}, optIn, "dropped[opt_out_shared]", LevelNone},
		{"any invalid", Facts{Any: val(Invalid), Channel: yes}, optOut, "dropped[consent_invalid]", LevelAny},
		{"channel invalid", Facts{Channel: val(Invalid)}, optOut, "dropped[consent_invalid]", LevelChannel},
		{"identity invalid", Facts{Channel: yes, Identity: val(Invalid)}, optOut, "dropped[consent_invalid]", LevelIdentity},
		{"subscription invalid", Facts{Bound: true, Channel: yes, Subscription: val(Invalid)}, optOut, "dropped[consent_invalid]", LevelSubscription},
		{"subscription invalid, list not bound", Facts{Channel: yes, Subscription: val(Invalid)}, optOut, "kept[]", LevelNone},
		{"pending", Facts{Channel: val(P)}, optIn, "dropped[consent_pending]", LevelChannel},
		{"unknown", Facts{Channel: val(U)}, optIn, "dropped[consent_unknown]", LevelChannel},
		{"basis", Facts{Channel: val(LI)}, optIn, "dropped[consent_basis]", LevelChannel},
		{"missing", Facts{}, optIn, "dropped[consent_missing]", LevelChannel},
		{"missing, by default", Facts{}, Rule{Mode: OptOut, Default: N}, "dropped[consent_missing]", LevelDefault},
		{"purpose denied", Facts{Channel: yes, Purposes: []Choice{Absent}}, optOut, "dropped[purpose_denied]", LevelPurpose},
		{"no profile", Facts{NoProfile: true, Channel: yes}, optOut, "dropped[no_profile]", LevelNone},
		{"duplicate", Facts{Duplicate: true, Channel: yes}, optOut, "dropped[duplicate]", LevelNone},
		{
			"all at once, in order of severity",
			Facts{
				Erased: true, NoIdentity: true, MalformedAddress: true, NoAddress: true, NoProfile: true, Duplicate: true, Bound: true,
				SharedOptOut: true, Any: val(N), Channel: val(N), Identity: val(N), Subscription: val(Invalid), Purposes: []Choice{N},
			},
			optIn,
			"dropped[erased no_identity malformed_address no_address opt_out_all opt_out_channel opt_out_identity" +
				" opt_out_shared consent_invalid purpose_denied no_profile duplicate]",
			LevelNone,
		},
		{
			"a malformed address does not hide an opt-out",
			Facts{MalformedAddress: true, Channel: val(N)},
			optOut,
			"quarantined[malformed_address opt_out_channel]", LevelNone,
		},
		{
			"the finer levels are read too",
			Facts{Bound: true, Channel: val(P), Identity: val(U), Subscription: val(LI)},
			optIn,
			"dropped[consent_pending consent_unknown consent_basis]", LevelChannel,
		},
		{
			"the level is that of the primary reason",
			Facts{Bound: true, Channel: val(LI), Identity: val(U), Subscription: val(P)},
			optIn,
			"dropped[consent_pending consent_unknown consent_basis]", LevelSubscription,
		},
		{
			"the coarsest of two levels with one reason",
			Facts{Any: val(Invalid), Channel: val(Invalid)},
			optOut,
			"dropped[consent_invalid]", LevelAny,
		},
		{
			"a channel that governs hides an open any",
			Facts{Any: val(U), Channel: yes},
			optIn,
			"kept[]", LevelNone,
		},
		{
			"an identity that governs hides an open any",
			Facts{Any: val(U), Identity: yes},
			optIn,
			"kept[]", LevelNone,
		},
		{
			"a subscription does not govern: nobody answered for the channel",
			Facts{Bound: true, Subscription: yes},
			optIn,
			"dropped[consent_missing]", LevelChannel,
		},
		{
			"a bound list falls back to the governing value",
			Facts{Bound: true, Channel: yes},
			optIn,
			"kept[]", LevelNone,
		},
	}
	for _, tt := range tests {
		tt.facts.SendAt = testNow
		got := Judge(&tt.facts, tt.rule)
		if outcome(got) != tt.want || got.Level != tt.level {
			t.Errorf("%s: got %s at level %d, want %s at level %d", tt.name, outcome(got), got.Level, tt.want, tt.level)
		}
	}
}

// TestDefaultOfNoYields: any=dn is nobody's own answer and yields to a channel
// or identity value of class yes, and to nothing else.
func TestDefaultOfNoYields(t *testing.T) {
	for finer := range numChoices {
		wantYields := finer == Y || finer == DY
		for name, f := range map[string]Facts{
			"channel":  {Any: val(DN), Channel: val(finer)},
			"identity": {Any: val(DN), Identity: val(finer)},
		} {
			if got := Judge(&f, Rule{Mode: OptOut}); got.Reasons.Has(OptOutAll) == wantYields {
				t.Errorf("any=dn with %s=%s: got %s, want it to yield: %v", name, finer, outcome(got), wantYields)
			}
		}
		for name, f := range map[string]Facts{
			"n with channel":       {Any: val(N), Channel: val(finer)},
			"n with identity":      {Any: val(N), Identity: val(finer)},
			"dn with subscription": {Any: val(DN), Subscription: val(finer), Bound: true},
		} {
			if got := Judge(&f, Rule{Mode: OptOut}); got.Reasons.Primary() != OptOutAll {
				t.Errorf("any=%s=%s: got %s, want opt_out_all first", name, finer, outcome(got))
			}
		}
	}
}

// modes is the table of section 4 in the words of the contract: what a class
// of the governing value makes of a row, "" for allowed.
var modes = map[Class]struct{ optOut, optIn string }{
	ClassYes:    {"", ""},
	ClassOpen:   {"", "consent_pending / consent_unknown"},
	ClassBasis:  {"", "consent_basis"},
	ClassAbsent: {"", "consent_missing"},
}

// TestModes reads every choice as the governing value at every level that can
// govern, in both modes, with and without accepted bases.
func TestModes(t *testing.T) {
	accepts := []BasisSet{0, BasisSet(0).With(LI), BasisSet(0).With(LI).With(CT).With(CP).With(VI).With(PI)}
	for c := range numChoices {
		for mode := range 2 {
			for _, accept := range accepts {
				rule := Rule{Mode: Mode(mode), AcceptBasis: accept, Default: Y}
				want := wantOfMode(rule, c)
				for level, f := range map[Level]Facts{
					LevelAny:          {Any: val(c)},
					LevelChannel:      {Channel: val(c)},
					LevelIdentity:     {Identity: val(c)},
					LevelSubscription: {Subscription: val(c), Bound: true},
				} {
					if want == "levels" || c == Absent {
						continue // TestReasonTable, and the default below
					}
					wanted := "kept[]"
					if want != "" {
						wanted = "dropped[" + want + "]"
					} else {
						level = LevelNone
					}
					if got := Judge(&f, rule); outcome(got) != wanted || got.Level != level {
						t.Errorf("%s at level %d, mode %s, accepted %b: got %s at level %d, want %s", c, level, rule.Mode, accept, outcome(got), got.Level, wanted)
					}
				}
			}
		}
	}
}

// TestDefaults reads every default by the same table; one that does not permit
// is missing consent, since nobody said no. A default does not age.
func TestDefaults(t *testing.T) {
	for c := range numChoices {
		for mode := range 2 {
			for _, accept := range []BasisSet{0, BasisSet(0).With(LI)} {
				rule := Rule{Mode: Mode(mode), AcceptBasis: accept, Default: c, ValidFor: 1}
				want := "kept[]"
				if wantOfMode(rule, c) != "" {
					want = "dropped[consent_missing]"
				}
				f := Facts{SendAt: testNow}
				if got := Judge(&f, rule); outcome(got) != want {
					t.Errorf("default %q, mode %s, accepted %b: got %s, want %s", c, rule.Mode, accept, outcome(got), want)
				}
				for name, f := range map[string]Facts{"any": {Any: val(U)}, "channel": {Channel: val(U)}, "identity": {Identity: val(U)}} {
					if got := Judge(&f, Rule{Mode: OptOut, Default: c}); got.Decision != Kept {
						t.Errorf("default %q where %s answered: got %s, want kept", c, name, outcome(got))
					}
				}
			}
		}
	}
}

func wantOfMode(r Rule, c Choice) string {
	class := c.Class()
	row, ok := modes[class]
	if !ok {
		return "levels"
	}
	want := row.optIn
	if r.Mode == OptOut {
		want = row.optOut
	}
	switch {
	case class == ClassBasis && r.AcceptBasis.Has(c):
		return ""
	case want == "consent_pending / consent_unknown" && c == P:
		return "consent_pending"
	case want == "consent_pending / consent_unknown":
		return "consent_unknown"
	}
	return want
}

// TestExpiryLevels: an expired yes denies wherever the mode reads it, in either
// mode, and nowhere else.
func TestExpiryLevels(t *testing.T) {
	old := Value{Y, testNow - 100, 0}
	rule := Rule{ValidFor: 50}
	for name, tt := range map[string]struct {
		facts Facts
		want  string
	}{
		"channel":               {Facts{Channel: old}, "dropped[consent_expired]"},
		"identity alone":        {Facts{Identity: old}, "dropped[consent_expired]"},
		"identity below":        {Facts{Channel: val(Y), Identity: old}, "dropped[consent_expired]"},
		"any that governs":      {Facts{Any: old}, "dropped[consent_expired]"},
		"any that does not":     {Facts{Any: old, Channel: val(Y)}, "kept[]"},
		"subscription":          {Facts{Channel: val(Y), Subscription: old, Bound: true}, "dropped[consent_expired]"},
		"subscription unbound":  {Facts{Channel: val(Y), Subscription: old}, "kept[]"},
		"it still makes any=dn": {Facts{Any: val(DN), Channel: old}, "dropped[consent_expired]"},
	} {
		for mode := range 2 {
			rule.Mode, tt.facts.SendAt = Mode(mode), testNow
			if got := outcome(Judge(&tt.facts, rule)); got != tt.want {
				t.Errorf("%s, mode %s: got %s, want %s", name, rule.Mode, got, tt.want)
			}
		}
	}
}

// TestTransactional: a message that is not marketing passes the rules about
// consent and counts what it passed; all else stops it.
func TestTransactional(t *testing.T) {
	everything := Facts{
		Transactional: true, Bound: true, NoProfile: true, SharedOptOut: true,
		Any: val(N), Channel: val(N), Identity: val(N), Subscription: val(N),
	}
	v := Judge(&everything, Rule{})
	want := Reasons(0).With(OptOutAll).With(OptOutChannel).With(OptOutIdentity).With(OptOutSubscription).With(OptOutShared).With(NoProfile)
	if outcome(v) != "kept[]" || v.Bypassed != want {
		t.Errorf("got %s, bypassed %v, want kept and bypassed %v", outcome(v), v.Bypassed.Append(nil), want.Append(nil))
	}
	for name, tt := range map[string]struct {
		change   func(f *Facts)
		want     string
		bypassed []Reason
	}{
		"nothing":           {func(f *Facts) {}, "kept[]", []Reason{ConsentMissing}},
		"yes":               {func(f *Facts) { f.Channel = val(Y) }, "kept[]", nil},
		"invalid":           {func(f *Facts) { f.Channel = val(Invalid) }, "kept[]", []Reason{ConsentInvalid}},
		"pending":           {func(f *Facts) { f.Channel = val(P) }, "kept[]", []Reason{ConsentPending}},
		"unknown":           {func(f *Facts) { f.Channel = val(U) }, "kept[]", []Reason{ConsentUnknown}},
		"basis":             {func(f *Facts) { f.Channel = val(PI) }, "kept[]", []Reason{ConsentBasis}},
		"erased":            {func(f *Facts) { f.Erased = true }, "dropped[erased]", []Reason{ConsentMissing}},
		"no identity":       {func(f *Facts) { f.NoIdentity = true }, "quarantined[no_identity]", []Reason{ConsentMissing}},
		"malformed address": {func(f *Facts) { f.MalformedAddress = true }, "quarantined[malformed_address]", []Reason{ConsentMissing}},
		"no address":        {func(f *Facts) { f.NoAddress = true }, "dropped[no_address]", []Reason{ConsentMissing}},
		"purpose":           {func(f *Facts) { f.Purposes = []Choice{N} }, "dropped[purpose_denied]", []Reason{ConsentMissing}},
		"duplicate":         {func(f *Facts) { f.Duplicate = true }, "dropped[duplicate]", []Reason{ConsentMissing}},
	} {
		f := Facts{Transactional: true}
		tt.change(&f)
		v := Judge(&f, Rule{})
		if outcome(v) != tt.want || !slices.Equal(v.Bypassed.Append(nil), tt.bypassed) {
			t.Errorf("%s: got %s, bypassed %v, want %s, bypassed %v", name, outcome(v), v.Bypassed.Append(nil), tt.want, tt.bypassed)
		}
	}
	marketing := everything
	marketing.Transactional = false
	if v := Judge(&marketing, Rule{}); v.Bypassed != 0 {
		t.Errorf("marketing bypassed %v, want nothing", v.Bypassed.Append(nil))
	}
}

// TestPurposes: class yes or an accepted basis permits; everything else denies,
// whatever the mode.
func TestPurposes(t *testing.T) {
	for c := range numChoices {
		for mode := range 2 {
			rule := Rule{Mode: Mode(mode), AcceptBasis: BasisSet(0).With(CT)}
			want := "dropped[purpose_denied]"
			if c == Y || c == DY || c == CT {
				want = "kept[]"
			}
			f := Facts{Channel: val(Y), Purposes: []Choice{c}}
			if got := outcome(Judge(&f, rule)); got != want {
				t.Errorf("purpose %q, mode %s: got %s, want %s", c, rule.Mode, got, want)
			}
		}
	}
	f := Facts{Channel: val(Y), Purposes: []Choice{Y, N, Absent}}
	if v := Judge(&f, Rule{}); v.Level != LevelPurpose || v.Purpose != 1 {
		t.Errorf("got purpose %d at level %d, want the first that denies, 1", v.Purpose, v.Level)
	}
}

// TestGates is section 9: refusing personal content never stops a message.
func TestGates(t *testing.T) {
	for c := range numChoices {
		for own := range numChoices {
			ownDenies := own.Class() == ClassNo || own.Class() == ClassInvalid
			yes := c.Class() == ClassYes
			no := c.Class() == ClassNo || c.Class() == ClassInvalid
			for gate, want := range map[Gate]bool{GateOptIn: yes && !ownDenies, GateOptOut: !no && !ownDenies} {
				f := Facts{Channel: val(Y), Personalize: c, IdentityPersonalize: own}
				v := Judge(&f, Rule{Gate: gate})
				if v.Generic == want || v.Decision != Kept {
					t.Errorf("gate %d, content %q, at the address %q: got generic %v and %s, want generic %v and kept", gate, c, own, v.Generic, v.Decision, !want)
				}
			}
		}
	}
}

// TestGranted: permission is an explicit act. Whatever the mode reads must
// permit, and without it a row for which no reason was found is not kept.
func TestGranted(t *testing.T) {
	for _, c := range []Choice{Absent, Y, P, N, Invalid} {
		for level, f := range map[Level]Facts{
			LevelChannel:      {Channel: val(c), Identity: val(Y), Subscription: val(Y), Bound: true},
			LevelIdentity:     {Channel: val(Y), Identity: val(c), Subscription: val(Y), Bound: true},
			LevelSubscription: {Channel: val(Y), Identity: val(Y), Subscription: val(c), Bound: true},
			LevelAny:          {Any: val(c)},
		} {
			want := c == Y || c == Absent && level != LevelAny
			j := judgement{facts: &f, rule: &Rule{}}
			if got := j.mode(); got != want {
				t.Errorf("%q at level %d: granted %v, want %v", c, level, got, want)
			}
		}
	}
	for _, tt := range []struct {
		transactional, granted bool
		want                   Decision
	}{
		{false, false, NotGranted}, {false, true, Kept}, {true, false, Kept}, {true, true, Kept},
	} {
		j := judgement{facts: &Facts{Transactional: tt.transactional}, rule: &Rule{}}
		if got := j.conclude(tt.granted).Decision; got != tt.want {
			t.Errorf("transactional %v, granted %v: got %s, want %s", tt.transactional, tt.granted, got, tt.want)
		}
	}
}

// TestZero: forgetting everything empties the audience.
func TestZero(t *testing.T) {
	if got := Judge(&Facts{}, Rule{}); outcome(got) != "dropped[consent_missing]" || !got.Generic {
		t.Errorf("zero facts under the zero rule are %s, generic %v, want dropped and generic", outcome(got), got.Generic)
	}
	if got := Both(Verdict{}, Verdict{Decision: Kept}); got.Decision != NotGranted {
		t.Errorf("not granted and kept make %s, want not_granted", got.Decision)
	}
	if got := Both(Verdict{Decision: Kept}, Verdict{}); got.Decision != NotGranted {
		t.Errorf("kept and not granted make %s, want not_granted", got.Decision)
	}
}

// TestSuppression: a suppression that binds marketing only is a bypass of a
// transactional message; every other stops it.
func TestSuppression(t *testing.T) {
	for _, tt := range []struct {
		f    Facts
		want string
	}{
		{Facts{SuppressedAddress: BindsAll}, "dropped[suppressed_address]"},
		{Facts{SuppressedAddress: BindsMarketing}, "dropped[suppressed_address]"},
		{Facts{SuppressedDomain: BindsMarketing}, "dropped[suppressed_domain]"},
		{Facts{SuppressedAddress: BindsAll, Transactional: true}, "dropped[suppressed_address]"},
		{Facts{SuppressedAddress: BindsMarketing, Transactional: true}, "kept[] bypassed[suppressed_address]"},
		{Facts{SuppressedDomain: BindsAll, Transactional: true}, "dropped[suppressed_domain]"},
		{Facts{SuppressedDomain: BindsMarketing, Transactional: true}, "kept[] bypassed[suppressed_domain]"},
		{Facts{NotAllowed: true, Transactional: true}, "dropped[not_allowed]"},
		{Facts{InvalidToken: true, Transactional: true}, "dropped[invalid_token]"},
		{Facts{Registered: true}, "dropped[registry]"},
		{Facts{Registered: true, Transactional: true}, "kept[] bypassed[registry]"},
		{Facts{SuppressedAddress: BindsAll, NotAllowed: true, Registered: true}, "dropped[suppressed_address not_allowed registry]"},
	} {
		v := Judge(&tt.f, Rule{Mode: OptOut})
		got := outcome(v)
		if v.Bypassed != 0 {
			got += " bypassed" + outcome(Verdict{Decision: Kept, Reasons: v.Bypassed})[len("kept"):]
		}
		if got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.f, got, tt.want)
		}
	}
}

func TestCategories(t *testing.T) {
	for want, name := range []string{"", "spam_complaint", "manual", "soft", "hard"} {
		if got := Category(want).String(); got != name {
			t.Errorf("category %d is %q, want %q", want, got, name)
		}
		if got, ok := ParseCategory(name); ok != (want > 0) || got != Category(want) {
			t.Errorf("%q: got %d %v", name, got, ok)
		}
	}
	if got := Category(9).String(); got != "" {
		t.Errorf("a category that is none is %q", got)
	}
}
