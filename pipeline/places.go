package pipeline

// places are a table of open addressing, by hash: each is the upper half of a hash
// beside slot+1, or 0. Keys stand elsewhere, and what agrees with a place is compared
// with its key.
//
// Where the search for a hash begins rises with the upper half, which the place holds:
// the table grows without a look at the keys, from one end to the other. So the half
// tells less apart than it could, of ten million keys those that are neighbours by
// about 7 bits. The table may have any length.
type places []uint64

func (p places) home(h uint64) uint64 { return h >> 32 * uint64(len(p)) >> 32 }

// after is the place to look at next.
func (p places) after(at uint64) uint64 {
	if at++; at < uint64(len(p)) {
		return at
	}
	return 0
}

// place is what stands for a slot of a hash.
func place(h uint64, s slot) uint64 { return h>>32<<32 | uint64(s+1) }

// slotAt is the slot that a place stands for.
func slotAt(place uint64) slot { return uint32(place) - 1 }

// put takes the first free place for a hash.
func (p places) put(h, place uint64) {
	at := p.home(h)
	for p[at] != 0 {
		at = p.after(at)
	}
	p[at] = place
}

// resized is a longer table. Places keep their order, but for those at its end, so
// that no look-up misses the cache.
func (p places) resized(n int) places {
	longer := make(places, n)
	for _, e := range p {
		if e != 0 {
			longer.put(e, e)
		}
	}
	return longer
}
