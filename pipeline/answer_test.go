package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"optout/pipeline/consent"
)

var folds = map[string]func(a, b consent.Value) consent.Value{"most restrictive": consent.Restrict, "latest": consent.Latest}

// allAnswers are answers of every class, of known and unknown times, from two
// snapshots, and invalid ones of two texts.
func allAnswers() (all []answer) {
	for _, time := range []int64{consent.NoTime, 1, 2} {
		for source := range uint8(2) {
			for _, c := range []consent.Choice{consent.Y, consent.LI, consent.CT, consent.CP, consent.P, consent.DN, consent.N} {
				all = append(all, answer{Value: consent.Value{Choice: c, Time: time}, source: source})
			}
			for _, text := range []string{"ja", "yes"} {
				all = append(all, answer{Value: consent.Value{Choice: consent.Invalid, Time: time}, source: source, text: text})
			}
		}
		all = append(all,
			answer{Value: consent.Value{Choice: consent.Y, Time: time}, event: true},
			answer{Value: consent.Value{Choice: consent.N, Time: time}, source: 1, event: true})
	}
	return append(all, answer{})
}

// TestJoinLaws: neither the order of records nor a record read twice shows in a
// value or in its evidence.
func TestJoinLaws(t *testing.T) {
	all := allAnswers()
	for name, fold := range folds {
		join := func(a, b answer) answer { return join(fold, a, b) }
		for _, a := range all {
			if got := join(a, a); got != a {
				t.Fatalf("%s is not idempotent: %+v twice is %+v", name, a, got)
			}
			for _, b := range all {
				ab := join(a, b)
				if got := join(b, a); got != ab {
					t.Fatalf("%s is not commutative: %+v and %+v make %+v and %+v", name, a, b, ab, got)
				}
				for _, c := range all {
					if got, want := join(a, join(b, c)), join(ab, c); got != want {
						t.Fatalf("%s is not associative: %+v, %+v, %+v make %+v and %+v", name, a, b, c, got, want)
					}
				}
			}
		}
	}
}

// TestEvidenceIsARecord: what the ledger shows is one of the records, or the
// several bases that together are none that is accepted.
func TestEvidenceIsARecord(t *testing.T) {
	answers := allAnswers()
	for name, fold := range folds {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			all := rapid.SliceOfN(rapid.SampledFrom(answers), 1, 6).Draw(t, "records")
			var sum answer
			for _, a := range all {
				sum = join(fold, sum, a)
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
