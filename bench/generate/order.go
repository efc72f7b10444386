package generate

import "math"

// An order is a seeded bijection of the numbers below n: a file that takes row
// i from person order.at(i) holds each person once, in an order that nothing
// but the seed explains, without a table of n entries.
//
// It is a Feistel network over pairs below side, where side² is the first
// square that holds n. The few results that are not below n walk on until one is.
type order struct {
	n, side uint64
	keys    [4]uint64
}

// inPlace is the order of rising numbers.
func inPlace(n uint64) order { return order{n: n} }

func shuffled(n, seed uint64) order {
	side := uint64(math.Sqrt(float64(n)))
	for side*side < n {
		side++
	}
	o := order{n: n, side: side}
	for i := range o.keys {
		o.keys[i] = mix(seed + uint64(i)*golden)
	}
	return o
}

func (o order) at(i uint64) uint64 {
	if o.side == 0 {
		return i
	}
	for {
		left, right := i/o.side, i%o.side
		for _, key := range o.keys {
			sum := left + below(mix(right^key), o.side)
			if sum >= o.side {
				sum -= o.side
			}
			left, right = right, sum
		}
		if i = left*o.side + right; i < o.n {
			return i
		}
	}
}
