package writers

import (
	"math"
	"testing"
)

func TestWidths(t *testing.T) {
	for _, rows := range [][]int64{
		{1, 0, 0}, {0, 0, 9}, {50, 30, 20}, {1_000_000, 1, 0}, {1, 1, 1_000_000}, {1, 1_000_000, 1}, {math.MaxInt64 / 3, 1, math.MaxInt64 / 3},
	} {
		sum := 0.0
		for i, w := range widths(rows) {
			if (rows[i] == 0) != (w == 0) {
				t.Errorf("widths(%v): %d rows are %v wide", rows, rows[i], w)
			}
			if w != 0 && w < minSlice {
				t.Errorf("widths(%v): %v cannot be seen", rows, w)
			}
			sum += w
		}
		if math.Abs(sum-100) > 1e-9 {
			t.Errorf("widths(%v) add up to %v", rows, sum)
		}
	}
	for _, w := range widths([]int64{0, 0, 0}) {
		if w != 0 {
			t.Error("nothing has a width")
		}
	}
}

func TestBarInWords(t *testing.T) {
	got := newBar(Counts{Planned: 1_000_001, Kept: 1_000_000, Dropped: 1}).Text()
	if want := "Of 1,000,001 planned: kept 1,000,000 (>99.9%), dropped 1 (<0.1%), quarantined 0 (0.0%)."; got != want {
		t.Errorf("bar reads %q, want %q", got, want)
	}
}
