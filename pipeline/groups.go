package pipeline

import (
	"bytes"
	"sync"

	"optout/pipeline/identity"
)

// A group is what several planned addresses have in common, such as their
// domain: an index of its own, for each address the slot there, and the marks of
// screening lists. It costs eight bytes an address, and what the index takes, from the
// first entry on that may be in it: lists have types of entries that a job knows and
// they do not use.
type group struct {
	index *index // whose hasher is there before
	of    []slot // by slot of the address; nil as long as there was no entry
	above []slot // of domains: that of the domain one label up, or noSlot; nil where no entry reaches below
	marks *marks // by slot of the index

	addresses  *index
	name       func(dst, address []byte) []byte
	needsAbove bool
	once       sync.Once
	err        error // of filling it
}

// newGroup is to sort the addresses of an index by what name makes of each.
func newGroup(addresses *index, sets *markSets, name func(dst, address []byte) []byte) *group {
	return &group{index: newIndex(newHasher()), marks: &marks{sets: sets}, addresses: addresses, name: name}
}

// newDomains groups addresses by their domain. With those above, an entry for a
// domain finds what lies below it.
func newDomains(addresses *index, sets *markSets, above bool) *group {
	g := newGroup(addresses, sets, func(dst, address []byte) []byte {
		return append(dst, address[bytes.LastIndexByte(address, '@')+1:]...)
	})
	g.needsAbove = above
	return g
}

// newWidened groups addresses that a widening takes for one.
func newWidened(addresses *index, sets *markSets, w identity.Widening) *group {
	return newGroup(addresses, sets, func(dst, address []byte) []byte { return identity.AppendWidened(dst, address, w) })
}

// fill sorts the addresses, the first time.
func (g *group) fill() error {
	g.once.Do(func() {
		if g.err = g.sort(); g.err == nil {
			g.marks.of = make([]uint32, g.index.len())
		}
	})
	return g.err
}

func (g *group) sort() (err error) {
	var address, text []byte
	g.of = make([]slot, g.addresses.len())
	for s := range g.of {
		address = g.addresses.appendText(address[:0], slot(s))
		text = g.name(text[:0], address)
		if g.of[s], err = g.intern(text); err != nil {
			return err
		}
	}
	for g.needsAbove && len(g.above) < g.index.len() { // what is found on the way up is gone through, too
		text = g.index.appendText(text[:0], slot(len(g.above)))
		up := noSlot
		if dot := bytes.IndexByte(text, '.'); dot >= 0 {
			if up, err = g.intern(text[dot+1:]); err != nil {
				return err
			}
		}
		g.above = append(g.above, up)
	}
	return nil
}

func (g *group) intern(text []byte) (slot, error) {
	k := g.index.hasher.key(text)
	return g.index.intern(&k, text)
}

// appendMarks appends the marks of what an address belongs to, and of those domains above it
// that are meant to reach below.
func (g *group) appendMarks(all []mark, address slot) []mark {
	if g == nil || g.of == nil {
		return all
	}
	s := g.of[address]
	all = append(all, g.marks.at(s)...)
	for g.above != nil {
		if s = g.above[s]; s == noSlot {
			break
		}
		for _, m := range g.marks.at(s) {
			if m.below {
				all = append(all, m)
			}
		}
	}
	return all
}
