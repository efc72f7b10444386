package pipeline

import (
	"math"
	"slices"
	"testing"

	"optout/pipeline/consent"
)

func (m *moments) all() (times []int64) {
	for i := range m.len() {
		times = append(times, m.at(int64(i)))
	}
	return times
}

// TestMoments: a time is what it was, whole seconds or not, joined in any order.
func TestMoments(t *testing.T) {
	const last = (int64(math.MaxUint32) - 1) * 1e6 // of those that take four bytes
	whole := []int64{0, 7e6, last, consent.NoTime}
	for name, other := range map[string][]int64{
		"none": nil, "seconds": {9e6}, "millisecond": {1000}, "before 1970": {-1e6}, "far": {last + 1e6},
		"wrapped": {1 << 32 * 1e6}, "farthest": {math.MaxInt64}, "first": {consent.NoTime + 1},
	} {
		var parts []listRows
		var want []int64
		for _, times := range [][]int64{whole, nil, append(slices.Clone(whole), append(slices.Clone(other), whole...)...), whole} {
			var m moments
			for _, at := range times {
				m.add(at)
			}
			if got := m.all(); !slices.Equal(got, times) {
				t.Errorf("%s: got %d, want %d", name, got, times)
			}
			parts = append(parts, listRows{sendAt: m})
			want = append(want, times...)
		}
		all := joinMoments(parts)
		if got := all.all(); !slices.Equal(got, want) {
			t.Errorf("%s joined: got %d, want %d", name, got, want)
		}
		if isWide := all.micros != nil; isWide != (len(other) > 0 && name != "seconds") {
			t.Errorf("%s: eight bytes a row is %v", name, isWide)
		}
	}
}
