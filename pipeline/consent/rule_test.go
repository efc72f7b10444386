package consent

import (
	"math"
	"testing"
)

// TestExpired judges a yes of one level under valid_for, at the edges of time
// too: a difference of times that overflows must not read as young.
func TestExpired(t *testing.T) {
	const day = 24 * 60 * 60 * 1_000_000
	const now = 1_700_000_000_000_000
	tests := []struct {
		name         string
		validFor     int64
		time, sendAt int64
		expired      bool
	}{
		{name: "no limit", validFor: 0, time: now - 9999*day, sendAt: now},
		{name: "no limit, unknown time", validFor: 0, time: NoTime, sendAt: now},
		{name: "younger", validFor: 30 * day, time: now - 29*day, sendAt: now},
		{name: "as old as may be", validFor: 30 * day, time: now - 30*day, sendAt: now},
		{name: "a microsecond older", validFor: 30 * day, time: now - 30*day - 1, sendAt: now, expired: true},
		{name: "unknown time", validFor: 30 * day, time: NoTime, sendAt: now, expired: true},
		{name: "given the moment it is sent", validFor: 1, time: now, sendAt: now},
		{name: "given after it is sent", validFor: 1, time: now + day, sendAt: now},
		{name: "the least known time", validFor: 30 * day, time: NoTime + 1, sendAt: now, expired: true},
		{name: "the difference overflows", validFor: 30 * day, time: math.MinInt64 + now - 1, sendAt: now, expired: true},
		{name: "the longest limit", validFor: math.MaxInt64, time: NoTime + 1, sendAt: now, expired: true},
		{name: "the longest limit, unknown time", validFor: math.MaxInt64, time: NoTime, sendAt: -5, expired: true},
		{name: "the longest limit, known time", validFor: math.MaxInt64, time: 0, sendAt: now},
		{name: "sent at the end of time", validFor: 30 * day, time: now, sendAt: math.MaxInt64, expired: true},
		{name: "sent at the end of time, answered before 1970", validFor: 30 * day, time: -now, sendAt: math.MaxInt64, expired: true},
		{name: "sent before the beginning of time", validFor: 30 * day, time: now, sendAt: NoTime},
		{name: "a limit below zero", validFor: -1, time: now, sendAt: now, expired: true},
	}
	for _, tt := range tests {
		for _, choice := range []Choice{Y, DY} {
			f := Facts{Channel: Value{choice, tt.time, 0}, SendAt: tt.sendAt}
			v := Judge(&f, Rule{ValidFor: tt.validFor})
			want := Verdict{Decision: Kept, Generic: true}
			if tt.expired {
				want = Verdict{Decision: Dropped, Reasons: Reasons(0).With(ConsentExpired), Level: LevelChannel, Generic: true}
			}
			if v != want {
				t.Errorf("%s, %s: got %+v, want %+v", tt.name, choice, v, want)
			}
		}
	}
}

func TestBasisSet(t *testing.T) {
	bases := []Choice{LI, CT, CP, VI, PI}
	for _, c := range bases {
		set := BasisSet(0).With(c)
		for other := range numChoices {
			if got, want := set.Has(other), other == c; got != want {
				t.Errorf("{%s}.Has(%s) is %v, want %v", c, other, got, want)
			}
		}
	}
	// No job accepts what is no basis, even if it says so.
	var all BasisSet
	for c := range numChoices {
		all = all.With(c)
	}
	for c := range numChoices {
		want := c.Class() == ClassBasis && c != Bases
		if got := all.Has(c); got != want {
			t.Errorf("{all}.Has(%s) is %v, want %v", c, got, want)
		}
	}
}

func TestZeroRule(t *testing.T) {
	var r Rule
	if r.Mode != OptIn || r.Mode.String() != "opt_in" || OptOut.String() != "opt_out" {
		t.Errorf("the zero mode is %s, want opt_in", r.Mode)
	}
	if r.Gate != GateOptIn {
		t.Errorf("the zero gate is %d, want opt-in", r.Gate)
	}
}

// TestEnds: a yes that says when it ends permits nothing from then on, whatever
// the mode; nothing else ends.
func TestEnds(t *testing.T) {
	for _, tt := range []struct {
		choice Choice
		end    int64
		mode   Mode
		denied bool
	}{
		{Y, 0, OptIn, false},
		{Y, 101, OptIn, false},
		{Y, 100, OptIn, true},
		{Y, 99, OptIn, true},
		{DY, 99, OptOut, true},
		{P, 99, OptOut, false},
		{LI, 99, OptOut, false},
	} {
		reason, denied := Rule{Mode: tt.mode}.refusal(Value{tt.choice, 5, tt.end}, 100)
		if denied != tt.denied || denied && reason != ConsentExpired {
			t.Errorf("%s until %d, mode %s, at 100: got %s %v, want %v", tt.choice, tt.end, tt.mode, reason, denied, tt.denied)
		}
	}
}
