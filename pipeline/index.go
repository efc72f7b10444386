package pipeline

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"sync"
)

// A slot is the number of a key in an index, from zero.
type slot = uint32

const (
	noSlot        slot = math.MaxUint32     // there is no key: null, empty or a placeholder
	malformedSlot slot = math.MaxUint32 - 1 // there is something that cannot be a key
	maxSlots           = maxHomes / 4 * 3   // at which its table would grow
)

// index numbers distinct keys, so that a recipient, a campaign or an address is
// four bytes everywhere else. It is filled by one goroutine at a time, then read by
// many.
//
// A key costs 17 bytes, a long text its length more, and its place in the table
// 8 bytes at a load between a half and 3/4. The hash has the key's kind in the half
// that a place holds, so that a miss touches one cache line and a hit two.
type index struct {
	filling sync.Mutex // held by who fills it
	hasher  hasher
	table   places
	n       int
	keys    [][]packed // in pages, which need not be copied to grow
	kinds   [][]uint8
	arena   [][]byte // long texts, in blocks; none is in two
}

// packed is what a key leaves in the index; for a long text b is its place in
// the arena.
type packed struct{ a, b uint64 }

func newIndex(h hasher) *index {
	return &index{hasher: h, table: newPlaces(1 << 10)}
}

func (x *index) len() int { return x.n }

const (
	pageBits  = 12 // of the slots of a page of keys
	pageSlots = 1 << pageBits
	blockSize = 1 << 20 // bytes of a block of the arena, but for a longer text
)

func (x *index) key(s slot) *packed { return &x.keys[s>>pageBits][s&(pageSlots-1)] }

func (x *index) kind(s slot) uint8 { return x.kinds[s>>pageBits][s&(pageSlots-1)] }

// add appends a key.
func (x *index) add(p packed, kind uint8) {
	if x.n&(pageSlots-1) == 0 {
		x.keys, x.kinds = append(x.keys, make([]packed, pageSlots)), append(x.kinds, make([]uint8, pageSlots))
	}
	page, at := x.n>>pageBits, x.n&(pageSlots-1)
	x.keys[page][at], x.kinds[page][at] = p, kind
	x.n++
}

// keep copies a long text into the arena and says where it is.
func (x *index) keep(text []byte) (at uint64) {
	last := len(x.arena) - 1
	if last < 0 || cap(x.arena[last])-len(x.arena[last]) < len(text)+binary.MaxVarintLen64 {
		x.arena = append(x.arena, make([]byte, 0, max(blockSize, len(text)+binary.MaxVarintLen64)))
		last++
	}
	at = uint64(last)<<32 | uint64(len(x.arena[last]))
	x.arena[last] = binary.AppendUvarint(x.arena[last], uint64(len(text)))
	x.arena[last] = append(x.arena[last], text...)
	return at
}

var errTooMany = errors.New("more than three thousand million distinct recipients; split the job")

// intern returns the slot of k, a new one where it has none. Text goes with k.
func (x *index) intern(k *key, text []byte) (slot, error) {
	return x.internHashed(k, text, x.hasher.hash(k))
}

func (x *index) internHashed(k *key, text []byte, h uint64) (slot, error) {
	at, found := x.find(k, text, h)
	if found {
		return slotAt(x.table.at[at]), nil
	}
	s := slot(x.n)
	if s >= maxSlots {
		return 0, errTooMany
	}
	p := packed{k.a, k.b}
	if k.kind == kindLong {
		p.b = x.keep(k.at.of(text))
	}
	x.add(p, k.kind)
	x.table.insert(at, place(h, s))
	if 4*x.n > 3*int(x.table.homes) {
		x.grow()
	}
	return s, nil
}

// lookup returns the slot of k, or noSlot. Text goes with k.
func (x *index) lookup(k *key, text []byte) slot {
	if at, found := x.find(k, text, x.hasher.hash(k)); found {
		return slotAt(x.table.at[at])
	}
	return noSlot
}

// ahead is how many keys of a batch are hashed, then fetched, then compared at a
// time: enough for their misses to overlap, few enough to stay in the cache.
const ahead = 256

// lookupAll finds the slots of all keys of a batch, noSlot for those that are
// not there.
func (x *index) lookupAll(b *keyBatch) []slot {
	b.slots = growTo(b.slots, len(b.keys))
	for start := 0; start < len(b.keys); start += ahead {
		keys := b.keys[start:min(start+ahead, len(b.keys))]
		slots := b.slots[start:][:len(keys)]
		hashes, places := x.fetch(b, keys)
		for i := range keys {
			slots[i] = noSlot
			if at, found := x.match(&keys[i], b.text, hashes[i], places[i]); found {
				slots[i] = slotAt(x.table.at[at])
			}
		}
	}
	return b.slots
}

// internAll finds or makes the slots of all keys of a batch.
func (x *index) internAll(b *keyBatch) ([]slot, error) {
	b.slots = growTo(b.slots, len(b.keys))
	for start := 0; start < len(b.keys); start += ahead {
		keys := b.keys[start:min(start+ahead, len(b.keys))]
		hashes, _ := x.fetch(b, keys)
		for i, h := range hashes {
			s, err := x.internHashed(&keys[i], b.text, h)
			if err != nil {
				return nil, err
			}
			b.slots[start+i] = s
		}
	}
	return b.slots, nil
}

// fetch hashes keys, finds the places where they would stand and brings what they are
// compared with into the cache: first the places where the search for them begins, then
// the keys that stand where it ends, if their hashes agree, then the long texts of these.
// Within each round nothing waits for a miss, so that the misses overlap.
func (x *index) fetch(b *keyBatch, keys []key) (hashes, places []uint64) {
	b.hashes, b.places = growTo(b.hashes, ahead), growTo(b.places, ahead)
	hashes, places = b.hashes[:len(keys)], b.places[:len(keys)]
	for i := range keys {
		hashes[i] = x.hasher.hash(&keys[i])
	}
	fetched := uint64(0)
	for _, h := range hashes {
		fetched += x.table.at[x.table.home(h)]
	}
	b.maybe = b.maybe[:0]
	for i, h := range hashes {
		places[i] = x.table.seek(h)
		if e := x.table.at[places[i]]; isOf(e, h) {
			b.maybe = append(b.maybe, candidate{slotAt(e), keys[i].kind})
		}
	}
	for _, c := range b.maybe {
		fetched += x.key(c.slot).b
	}
	for _, c := range b.maybe {
		if c.kind == kindLong {
			at := x.key(c.slot).b
			fetched += uint64(x.arena[at>>32][uint32(at)])
		}
	}
	b.fetched = fetched
	return hashes, places
}

// A candidate is a key whose hash agrees with that of another, and their kind.
type candidate struct {
	slot slot
	kind uint8
}

func growTo[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// find returns the place of k in the table, or the one before which it belongs.
func (x *index) find(k *key, text []byte, h uint64) (at uint64, found bool) {
	return x.match(k, text, h, x.table.seek(h))
}

// match is find from the first place on that is not of a smaller hash.
func (x *index) match(k *key, text []byte, h, from uint64) (at uint64, found bool) {
	for at = from; isOf(x.table.at[at], h); at++ {
		if x.equal(slotAt(x.table.at[at]), k, text) {
			return at, true
		}
	}
	return at, false
}

// equal reports whether the key of a slot, whose kind is that of k, is k.
func (x *index) equal(s slot, k *key, text []byte) bool {
	p := x.key(s)
	if p.a != k.a {
		return false
	}
	if k.kind != kindLong {
		return p.b == k.b
	}
	return bytes.Equal(x.long(p.b), k.at.of(text))
}

// appendText appends the text that a key was made of.
func (x *index) appendText(dst []byte, s slot) []byte {
	switch p := x.key(s); x.kind(s) {
	case kindLong:
		return append(dst, x.long(p.b)...)
	case kindUUID:
		return appendUUID(dst, p.a, p.b)
	default:
		var w [shortMax]byte
		binary.LittleEndian.PutUint64(w[:], p.a)
		binary.LittleEndian.PutUint64(w[8:], p.b)
		return append(dst, bytes.TrimRight(w[:], "\x00")...)
	}
}

func (x *index) long(at uint64) []byte {
	block := x.arena[at>>32][uint32(at):]
	size, n := binary.Uvarint(block)
	return block[n:][:size]
}

// smallTable is the length up to which a table doubles. A longer one grows by half:
// twice the places would be the most of what a key costs.
const smallTable = 1 << 16

// grow makes the table longer.
func (x *index) grow() {
	if homes := int(x.table.homes); homes < smallTable {
		x.table.resize(2 * homes)
	} else {
		x.table.resize(homes / 2 * 3)
	}
}

// maxReserve bounds what is believed of a number of rows before they are read.
const maxReserve = 1 << 24

// reserve makes the table long enough for so many keys.
func (x *index) reserve(keys int) {
	keys = min(keys, maxReserve)
	if n := keys + keys/2; n > int(x.table.homes) {
		x.table.resize(n)
	}
}
