package pipeline

import (
	"math/rand/v2"
	"sync"
	"testing"

	"optout/pipeline/consent"
)

// TestVerdictsOfPartitions: each row keeps the evidence that it was given, whatever
// the partitions that its neighbours were judged in and the workers that judged
// them.
func TestVerdictsOfPartitions(t *testing.T) {
	const rows, partitions = 3*blockRows + 17, 5
	p := rand.New(rand.NewPCG(1, 2))
	want, partition := make([]finding, rows), make([]int, rows)
	for i := range want {
		want[i] = finding{kind: foundAnswer, choice: consent.N, time: int64(p.IntN(1000))}
		if p.IntN(3) == 0 {
			want[i].time = consent.NoTime
		}
		partition[i] = p.IntN(partitions)
	}
	v := newVerdicts(rows)
	dropped := consent.Verdict{Decision: consent.Dropped, Reasons: reasons(consent.OptOutAll)}
	var workers sync.WaitGroup
	for number := range partitions {
		workers.Go(func() {
			w := v.writer()
			for row := range want {
				if partition[row] == number {
					w.set(int64(row), dropped, false, want[row])
				}
			}
			w.flush()
		})
	}
	workers.Wait()
	for row := range want {
		if got := v.finding(int64(row)); got != want[row] {
			t.Fatalf("row %d: got %+v, want %+v", row, got, want[row])
		}
	}
}

// TestVerdictsOfManyKinds: a list may have more kinds of outcomes than there are
// codes.
func TestVerdictsOfManyKinds(t *testing.T) {
	const rows = 1<<16 + 100
	v := newVerdicts(rows)
	w := v.writer()
	kinds := func(row int64) (consent.Verdict, finding) {
		return consent.Verdict{Decision: consent.Dropped, Reasons: 1 << (row % int64(consent.NumReasons))},
			finding{kind: foundAnswer, field: Field(row), source: uint8(row >> 16), choice: consent.N, time: row}
	}
	for row := range int64(rows) {
		verdict, e := kinds(row)
		w.set(row, verdict, false, e)
	}
	w.flush()
	if len(v.rare) == 0 {
		t.Fatal("every outcome has a code")
	}
	for row := range int64(rows) {
		verdict, e := kinds(row)
		e.field &= 0xFFFF
		if got := v.finding(row); got != e || v.at(row).why() != verdict.Reasons {
			t.Fatalf("row %d: got %+v and %v, want %+v and %v", row, got, v.at(row).why(), e, verdict.Reasons)
		}
	}
}
