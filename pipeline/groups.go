package pipeline

import (
	"bytes"

	"optout/pipeline/identity"
)

// A group is what several planned addresses have in common, such as their
// domain: an index of its own, and for each address the slot there. It costs
// four bytes an address, and what the index takes.
type group struct {
	index *index
	of    []slot // by slot of the address
	above []slot // of domains: that of the domain one label up, or noSlot
}

// newGroup sorts the addresses of an index by what name makes of each.
func newGroup(addresses *index, name func(dst, address []byte) []byte) (*group, error) {
	g := &group{index: newIndex(newHasher()), of: make([]slot, addresses.len())}
	var address, text []byte
	var err error
	for s := range g.of {
		address = addresses.appendText(address[:0], slot(s))
		text = name(text[:0], address)
		if g.of[s], err = g.intern(text); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *group) intern(text []byte) (slot, error) {
	k := g.index.hasher.key(text)
	return g.index.intern(&k, text)
}

// newDomains groups addresses by their domain. With those above, an entry for a
// domain finds what lies below it.
func newDomains(addresses *index, above bool) (*group, error) {
	g, err := newGroup(addresses, func(dst, address []byte) []byte {
		return append(dst, address[bytes.LastIndexByte(address, '@')+1:]...)
	})
	if err != nil || !above {
		return g, err
	}
	var text []byte
	for len(g.above) < g.index.len() { // what is found on the way up is gone through, too
		text = g.index.appendText(text[:0], slot(len(g.above)))
		up := noSlot
		if dot := bytes.IndexByte(text, '.'); dot >= 0 {
			if up, err = g.intern(text[dot+1:]); err != nil {
				return nil, err
			}
		}
		g.above = append(g.above, up)
	}
	return g, nil
}

// newWidened groups addresses that a widening takes for one.
func newWidened(addresses *index, w identity.Widening) (*group, error) {
	return newGroup(addresses, func(dst, address []byte) []byte { return identity.AppendWidened(dst, address, w) })
}
