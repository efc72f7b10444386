package jobs

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"optout/pipeline/consent"
)

// TestMatchRows pairs random rows of few recipients and holds the pairs against
// counts: of a recipient as many rows are the same as both runs have of an
// outcome, of those that are left as many changed as both runs have.
func TestMatchRows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var runs [2][]outcomeRow
		type bag map[[16]byte]map[outcome]int
		bags := [2]bag{{}, {}}
		for i := range runs {
			for row := range random.IntN(12) {
				r := outcomeRow{[16]byte{byte(random.IntN(4))}, uint32(row), wasKept + outcome(random.IntN(3))}
				runs[i] = append(runs[i], r)
				if bags[i][r.key] == nil {
					bags[i][r.key] = map[outcome]int{}
				}
				bags[i][r.key][r.outcome]++
			}
			slices.SortFunc(runs[i], func(a, b outcomeRow) int {
				return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.outcome, b.outcome))
			})
		}
		var want, got struct{ same, changed, appeared, disappeared int }
		for key := range byte(4) {
			left := [2]int{}
			for o := wasKept; o < wasKept+3; o++ {
				before, after := bags[0][[16]byte{key}][o], bags[1][[16]byte{key}][o]
				both := min(before, after)
				want.same += both
				left[0] += before - both
				left[1] += after - both
			}
			changed := min(left[0], left[1])
			want.changed += changed
			want.disappeared += left[0] - changed
			want.appeared += left[1] - changed
		}
		seen := [2]map[uint32]bool{{}, {}}
		matchRows(runs[0], runs[1], func(a, b *outcomeRow) {
			for i, r := range []*outcomeRow{a, b} {
				if r != nil && seen[i][r.row] {
					t.Errorf("row %d of run %d came twice", r.row, i)
				}
				if r != nil {
					seen[i][r.row] = true
				}
			}
			switch {
			case a == nil:
				got.appeared++
			case b == nil:
				got.disappeared++
			case a.key != b.key:
				t.Errorf("rows of two recipients are a pair")
			case a.outcome == b.outcome:
				got.same++
			default:
				got.changed++
			}
		})
		if got != want {
			t.Fatalf("%v and %v: got %+v, want %+v", runs[0], runs[1], got, want)
		}
	}
}

// TestOutcomeWords: every reason has an outcome of its own name, and no two share
// one.
func TestOutcomeWords(t *testing.T) {
	words := outcomeWords()
	if len(words) != int(consent.NumReasons)+1 || words["kept"] != wasKept {
		t.Errorf("%d words, kept is %d; want %d and %d", len(words), words["kept"], consent.NumReasons+1, wasKept)
	}
	for r := range consent.NumReasons {
		if o := words[r.String()]; o != firstReason+outcome(r) || o.String() != r.String() {
			t.Errorf("%s: outcome %d, which is called %s", r, o, o)
		}
	}
}
