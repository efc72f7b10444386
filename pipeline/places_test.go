package pipeline

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlaces: whatever their hashes, places stand in order and none before its home,
// the last is free, and each is found; also where all have the greatest hash, or one.
func TestPlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, hash := range map[string]func() uint64{
		"any":      random.Uint64,
		"few":      func() uint64 { return random.Uint64N(5) << 61 },
		"greatest": func() uint64 { return math.MaxUint64 },
		"least":    func() uint64 { return 0 },
		"last":     func() uint64 { return math.MaxUint64 - random.Uint64N(1<<36) },
	} {
		p := newPlaces(4)
		hashes := make([]uint64, 3000)
		for i := range hashes {
			hashes[i] = hash()
			p.insert(p.end(hashes[i]), place(hashes[i], slot(i)))
			if uint64(2*i) > p.homes {
				p.resize(3 * int(p.homes))
			}
		}
		var all []uint64
		for at, e := range p.at {
			if e != 0 {
				all = append(all, e)
				if home := p.home(e); uint64(at) < home {
					t.Fatalf("%s: a place at %d, before its home %d", name, at, home)
				}
			}
		}
		if !slices.IsSortedFunc(all, func(a, b uint64) int { return int(a>>32) - int(b>>32) }) {
			t.Errorf("%s: not in order", name)
		}
		if p.at[len(p.at)-1] != 0 {
			t.Errorf("%s: the last place is taken", name)
		}
		for i, h := range hashes {
			at, end := p.home(h), p.end(h)
			for at < end && p.at[at] != place(h, slot(i)) {
				at++
			}
			if at == end {
				t.Fatalf("%s: slot %d is not found", name, i)
			}
		}
	}
}
