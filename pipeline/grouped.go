package pipeline

import (
	"errors"
	"math"
)

// grouped are slots by another: the people of each address, the devices of each person.
// It costs four bytes for each of both.
type grouped struct {
	starts []uint32 // of each group in all; one more at the end
	all    []slot
}

// of lists the slots of a group.
func (g *grouped) of(group slot) []slot { return g.all[g.starts[group]:g.starts[group+1]] }

var errTooManyLinks = errors.New("more than four thousand million profiles share planned addresses; split the job")

// newGrouped sorts pairs by their groups, counting first: it goes through them twice.
func newGrouped(groups int, pairs func(yield func(group, member slot))) (g grouped, err error) {
	g.starts = make([]uint32, groups+2)
	total := 0
	pairs(func(group, _ slot) {
		g.starts[group+2]++
		total++
	})
	if total > math.MaxUint32 {
		return grouped{}, errTooManyLinks
	}
	for i := 2; i < len(g.starts); i++ {
		g.starts[i] += g.starts[i-1]
	}
	g.all = make([]slot, total)
	pairs(func(group, member slot) {
		g.all[g.starts[group+1]] = member
		g.starts[group+1]++
	})
	g.starts = g.starts[:groups+1]
	return g, nil
}
