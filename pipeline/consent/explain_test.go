package consent

import (
	"math/rand/v2"
	"testing"
)

// TestExplainAgrees holds what Explain tells against the verdict of Judge, for
// random facts and rules.
func TestExplainAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	flag := func() bool { return random.IntN(6) == 0 }
	value := func() Value { return Value{Choice: Choice(random.IntN(int(numChoices))), Time: int64(random.IntN(3))} }
	for range 20000 {
		f := Facts{
			Erased: flag(), NoIdentity: flag(), MalformedAddress: flag(), NoAddress: flag(), NoProfile: flag(), Duplicate: flag(),
			Transactional: flag(), Bound: flag(), SuppressedAddress: Binding(random.IntN(3)), SuppressedDomain: Binding(random.IntN(3)),
			NotAllowed: flag(), InvalidToken: flag(), Registered: flag(), SharedOptOut: flag(),
			Any: value(), Channel: value(), Identity: value(), Subscription: value(), Purposes: []Choice{value().Choice}, SendAt: 3,
		}
		r := Rule{Mode: Mode(random.IntN(2)), Default: value().Choice, ValidFor: int64(random.IntN(3))}
		want := Judge(&f, r)
		got, told := Explain(&f, r)
		if got != want {
			t.Fatalf("Explain gives %+v, Judge %+v, for %+v", got, want, f)
		}
		var reasons, bypassed Reasons
		level := LevelNone
		for _, n := range told {
			if n.Bypassed {
				bypassed = bypassed.With(n.Reason)
				continue
			}
			if !reasons.Has(n.Reason) && want.Reasons != 0 && n.Reason == want.Reasons.Primary() {
				level = n.Level
			}
			reasons = reasons.With(n.Reason)
		}
		if reasons != want.Reasons || bypassed != want.Bypassed || level != want.Level {
			t.Fatalf("told of %b and bypassed %b at level %d, want %b, %b and %d, for %+v", reasons, bypassed, level, want.Reasons, want.Bypassed, want.Level, f)
		}
	}
}
