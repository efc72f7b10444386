package oracle

import "math/rand/v2"

// dice are the draws of one random job.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, seed))} }

// chance holds percent times in a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between is a number from least to most.
func (d dice) between(least, most int) int { return least + d.IntN(most-least+1) }

// one is one of some things.
func one[T any](d dice, things ...T) T { return things[d.IntN(len(things))] }

// some is a random part of some things, in their order.
func some[T any](d dice, percent int, things ...T) (part []T) {
	for _, t := range things {
		if d.chance(percent) {
			part = append(part, t)
		}
	}
	return part
}
