package generate

import "testing"

func TestOrderHoldsEachNumberOnce(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 10, 99, 100, 101, 4096, 10007} {
		for seed := range uint64(5) {
			o, seen, moved := shuffled(n, seed), make([]bool, n), 0
			for i := range n {
				at := o.at(i)
				if at >= n || seen[at] {
					t.Fatalf("shuffled(%d, %d): at(%d) = %d, out of range or a second time", n, seed, i, at)
				}
				seen[at] = true
				if at != i {
					moved++
				}
			}
			if n > 50 && moved < int(n*9/10) {
				t.Errorf("shuffled(%d, %d) moved %d, want nearly all", n, seed, moved)
			}
		}
	}
}
