package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"optout/pipeline/consent"
)

var folds = map[string]func(a, b consent.Value) consent.Value{"most restrictive": consent.Restrict, "latest": consent.Latest}

// anyAnswer draws an answer as snapshots give them.
func anyAnswer(t *rapid.T, name string) answer {
	a := answer{
		Value: consent.Value{
			Choice: rapid.SampledFrom([]consent.Choice{
				consent.Y, consent.DY, consent.LI, consent.CT, consent.CP, consent.U, consent.P, consent.DN, consent.Invalid, consent.N,
			}).Draw(t, name),
			Time: rapid.SampledFrom([]int64{consent.NoTime, 0, 1, 2}).Draw(t, name+" time"),
		},
		source: uint8(rapid.IntRange(0, 2).Draw(t, name+" source")),
	}
	if a.Choice == consent.Invalid {
		a.text = rapid.SampledFrom([]string{"yes", "no", "?"}).Draw(t, name+" text")
	}
	return a
}

// TestJoinLaws: neither the order of records nor a record read twice shows in a
// value or in its evidence.
func TestJoinLaws(t *testing.T) {
	for name, fold := range folds {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			a, b, c := anyAnswer(t, "a"), anyAnswer(t, "b"), anyAnswer(t, "c")
			join := func(a, b answer) answer { return join(fold, a, b) }
			if got := join(a, a); got != a {
				t.Errorf("not idempotent: %+v twice is %+v", a, got)
			}
			if got, want := join(b, a), join(a, b); got != want {
				t.Errorf("not commutative: %+v and %+v make %+v and %+v", a, b, want, got)
			}
			if got, want := join(a, join(b, c)), join(join(a, b), c); got != want {
				t.Errorf("not associative: %+v, %+v, %+v make %+v and %+v", a, b, c, got, want)
			}
			if got := join(a, answer{}); got != a || join(answer{}, a) != a {
				t.Errorf("nothing beside %+v makes %+v", a, got)
			}
		}))
	}
}

// TestEvidenceIsARecord: what the ledger shows is one of the records, or the
// several bases that together are none that is accepted.
func TestEvidenceIsARecord(t *testing.T) {
	for name, fold := range folds {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			var all []answer
			var sum answer
			for range rapid.IntRange(1, 6).Draw(t, "records") {
				all = append(all, anyAnswer(t, "record"))
				sum = join(fold, sum, all[len(all)-1])
			}
			for _, a := range all {
				if a == sum || sum.Choice == consent.Bases && a.Choice.Class() == consent.ClassBasis && a.Time == sum.Time && a.source == sum.source {
					return
				}
			}
			t.Errorf("%+v is none of %+v", sum, all)
		}))
	}
}
