package pipeline

import "math"

// places are a table of open addressing, by hash: each is the upper half of a hash
// beside slot+1, or 0 for nothing. Keys stand elsewhere, and what agrees with a place is
// compared with its key.
//
// They stand in the order of their hashes, as near to home as others let them. So a
// search for what is not there ends at the first greater one, at a load of 3/4 after 2.5
// places in place of 8.5 (Amble and Knuth, Ordered hash tables, 1974), and the table
// grows from one end to the other, without a look at the keys. Since home follows from
// the half that a place holds, it tells less apart than it could: of ten million keys
// those that are neighbours by about 7 bits.
type places struct {
	homes uint64
	at    []uint64 // the last is free
}

// spill is how many places there are behind the last home, to begin with.
const spill = 64

// maxHomes keeps the product of home in a word.
const maxHomes = math.MaxUint32

// newPlaces makes a table with so many homes, or as many as there may be.
func newPlaces(homes int) places {
	homes = min(homes, maxHomes)
	return places{homes: uint64(homes), at: written(make([]uint64, homes+spill))}
}

// home is where the search for a hash begins.
func (p *places) home(h uint64) uint64 { return h >> 32 * p.homes >> 32 }

// place is what stands for a slot of a hash.
func place(h uint64, s slot) uint64 { return h>>32<<32 | uint64(s+1) }

// slotAt is the slot that a place stands for.
func slotAt(place uint64) slot { return uint32(place) - 1 }

// isOf reports whether something stands at a place, and its hash agrees with another.
func isOf(place, h uint64) bool { return place>>32 == h>>32 && place != 0 }

// seek is the first place from home on that is free or not of a smaller hash.
func (p *places) seek(h uint64) uint64 {
	at := p.home(h)
	for p.at[at] != 0 && p.at[at]>>32 < h>>32 {
		at++
	}
	return at
}

// end is the first place from home on that is free or of a greater hash.
func (p *places) end(h uint64) uint64 {
	at := p.seek(h)
	for isOf(p.at[at], h) {
		at++
	}
	return at
}

// insert puts a place where its hash belongs, before what stands there.
func (p *places) insert(at, place uint64) {
	free := at
	for p.at[free] != 0 {
		free++
	}
	p.take(free)
	copy(p.at[at+1:free+1], p.at[at:free])
	p.at[at] = place
}

// take makes sure that there is a place behind one that is taken.
func (p *places) take(at uint64) {
	if at == uint64(len(p.at)-1) {
		p.at = append(p.at, make([]uint64, spill)...)
	}
}

// resize gives the table so many homes, which are more than it has.
func (p *places) resize(homes int) {
	longer, next := newPlaces(homes), uint64(0)
	for _, e := range p.at {
		if e == 0 {
			continue
		}
		at := max(longer.home(e), next)
		longer.take(at)
		longer.at[at], next = e, at+1
	}
	*p = longer
}
