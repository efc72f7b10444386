package pipeline

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// sketchOf is the sketch of entries from one number to another, split among
// workers and in another order each time.
func sketchOf(from, to, workers int) (s Sketch) {
	p := &Plan{HashKey: []byte("a key")}
	all := make([]sketcher, workers)
	for w := range all {
		all[w] = newSketcher(p)
	}
	for i := from; i < to; i++ {
		n := to - 1 - (i - from)
		all[n%workers].add(fmt.Appendf(nil, "person-%d@mail.example", n))
		all[0].add(fmt.Appendf(nil, "person-%d@mail.example", n)) // twice counts once
	}
	for _, w := range all {
		s = s.merge(w.sketch)
	}
	return s
}

// TestSketchIsTheSameForAnyWorkers: which entries a sketch has follows from the
// entries alone.
func TestSketchIsTheSameForAnyWorkers(t *testing.T) {
	want := sketchOf(0, 5000, 1)
	if len(want) != sketchSize || !slices.IsSorted(want) || len(slices.Compact(slices.Clone(want))) != len(want) {
		t.Fatalf("got %d fingerprints, want %d distinct ones in order", len(want), sketchSize)
	}
	for _, workers := range []int{2, 3, 7} {
		if got := sketchOf(0, 5000, workers); !slices.Equal(got, want) {
			t.Errorf("%d workers make another sketch than one", workers)
		}
	}
}

// TestVanished: the share of entries that are gone is exact for lists that fit
// into a sketch, and close for others, however much was added.
func TestVanished(t *testing.T) {
	for _, c := range []struct {
		oldTo, from, to int
		share           float64
	}{
		{100, 0, 100, 0},
		{100, 7, 100, 0.07},
		{100, 100, 200, 1},
		{100, 0, 0, 1},
		{0, 0, 100, 0},
		{1000, 100, 50_000, 0.1},
		{50_000, 0, 50_000, 0},
		{50_000, 0, 100_000, 0},
		{50_000, 5_000, 50_000, 0.1},
		{50_000, 25_000, 150_000, 0.5},
		{50_000, 49_900, 50_000, 0.998},
	} {
		old, now := sketchOf(0, c.oldTo, 2), sketchOf(c.from, c.to, 2)
		gone, of := old.Vanished(now)
		share := 0.0
		if of > 0 {
			share = float64(gone) / float64(of)
		}
		slack := 0.0
		if c.oldTo > sketchSize || c.to-c.from > sketchSize {
			slack = 4 * math.Sqrt(c.share*(1-c.share)/max(float64(of), 1))
		}
		if math.Abs(share-c.share) > slack+1e-9 {
			t.Errorf("%d entries, then %d to %d: got %d of %d vanished, want %g", c.oldTo, c.from, c.to, gone, of, c.share)
		}
		if c.oldTo > 0 && of == 0 {
			t.Errorf("%d entries, then %d to %d: nothing could be compared", c.oldTo, c.from, c.to)
		}
	}
}

// TestNoSketchWithoutKey: fingerprints that anybody could make of an address are
// not kept.
func TestNoSketchWithoutKey(t *testing.T) {
	s := newSketcher(&Plan{})
	s.add([]byte("ann@mail.example"))
	if s.sketch != nil {
		t.Errorf("got a sketch %v without a key", s.sketch)
	}
}

func BenchmarkSketch(b *testing.B) {
	s := newSketcher(&Plan{HashKey: []byte("a key")})
	text := []byte("person-0000000@mail.example")
	for i := range b.N {
		for k, n := 0, i; k < 7; k, n = k+1, n/10 {
			text[13-k] = byte('0' + n%10)
		}
		s.add(text)
	}
}
