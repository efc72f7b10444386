package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math/bits"
	"sync"

	"optout/pipeline/identity"
)

// A digestIndex finds the keys of an index by their digests, as the entries of
// hashed lists give them. It costs a place of eight bytes, at a load of 3/4, and a byte
// of filter for a key; the digests themselves are not kept. What agrees with a place is
// hashed again, so that a match is exact. Keys are hashed when the first entry comes
// that may be one: lists have types of entries that a job knows and they do not use.
type digestIndex struct {
	keys    *index
	how     EntryHash
	threads int
	once    sync.Once
	err     error  // of the building
	table   places // by the first bytes of the digests

	// filter has a bit for the first bytes of each digest, of eight bits a key. It is
	// small enough for the cache, and seven of eight entries that name nobody planned
	// end at it.
	filter bitset
}

// newDigestIndex is an index of every key of another.
func newDigestIndex(keys *index, how EntryHash, threads int) *digestIndex {
	return &digestIndex{keys: keys, how: how, threads: max(threads, 1)}
}

// digestBatch is how many keys are hashed, by all threads, before they are put into
// the table, by one: the second is a tenth of the work.
const digestBatch = 1 << 18

// build hashes every key.
func (x *digestIndex) build() error {
	n := x.keys.len()
	x.table, x.filter = newPlaces(n+n/3+1), make(bitset, n/8+1)
	digesters := make([]*digester, x.threads)
	for i := range digesters {
		digesters[i] = x.newDigester()
	}
	heads := make([]uint64, min(n, digestBatch)) // the first bytes of each digest
	for first := 0; first < n; first += digestBatch {
		some := heads[:min(digestBatch, n-first)]
		err := together(context.Background(), len(digesters), func(_ context.Context, i int) error {
			for k := i * len(some) / len(digesters); k < (i+1)*len(some)/len(digesters); k++ {
				some[k] = binary.LittleEndian.Uint64(digesters[i].digest(slot(first + k)))
			}
			return nil
		})
		if err != nil {
			return err
		}
		x.fill(slot(first), some)
	}
	return nil
}

// fill puts the first bytes of the digests of keys into the table.
func (x *digestIndex) fill(first slot, heads []uint64) (fetched uint64) {
	for len(heads) > 0 {
		some := heads[:min(ahead, len(heads))]
		for _, head := range some { // nothing here waits for a miss
			fetched += x.table.at[x.table.home(head)]
		}
		for i, head := range some {
			x.table.insert(x.table.end(head), place(head, first+slot(i)))
			x.filter.add(x.bit(head))
		}
		first, heads = first+slot(len(some)), heads[len(some):]
	}
	return fetched // lest the compiler leave the look-ups ahead out
}

// bit is that of the filter for a digest.
func (x *digestIndex) bit(head uint64) slot {
	return slot(uint64(uint32(head)) * uint64(64*len(x.filter)) >> 32)
}

// A digester hashes keys and looks digests up. It belongs to one worker.
type digester struct {
	*digestIndex
	hash    hash.Hash
	text    []byte
	sum     []byte
	other   []byte
	maybe   []int32 // digests that the filter lets through
	slots   []slot
	fetched uint64
}

func (x *digestIndex) newDigester() *digester {
	return &digester{digestIndex: x, hash: x.how.Algorithm.New(x.how.Key)}
}

// digest is that of a key, valid until the next call.
func (d *digester) digest(s slot) []byte {
	d.text = d.keys.appendText(d.text[:0], s)
	text := d.text
	if d.how.Digits {
		text = bytes.TrimPrefix(text, []byte("+"))
	}
	if d.how.Algorithm == identity.SHA256 { // half as dear as through the interface
		sum := sha256.Sum256(text)
		d.sum = append(d.sum[:0], sum[:]...)
		return d.sum
	}
	d.hash.Reset()
	d.hash.Write(text) // a hash.Hash never returns an error
	d.sum = d.hash.Sum(d.sum[:0])
	return d.sum
}

// lookupAll finds the slots of the keys that have digests, noSlot for those that no key
// has. They are valid until the next call.
func (d *digester) lookupAll(all []hexDigest) ([]slot, error) {
	if d.slots = growTo(d.slots, len(all)); len(all) == 0 {
		return d.slots, nil
	}
	if d.once.Do(func() { d.err = d.build() }); d.err != nil {
		return nil, d.err
	}
	for first := 0; first < len(all); first += ahead {
		some := all[first:min(first+ahead, len(all))]
		slots := d.slots[first:][:len(some)]
		d.maybe = d.maybe[:0]
		for i := range some {
			if slots[i] = noSlot; d.filter.has(d.bit(some[i].head)) {
				d.maybe = append(d.maybe, int32(i))
			}
		}
		for _, i := range d.maybe { // nothing here waits for a miss
			d.fetched += d.table.at[d.table.home(some[i].head)]
		}
		for _, i := range d.maybe {
			slots[i] = d.lookup(some[i])
		}
	}
	return d.slots, nil
}

func (d *digester) lookup(h hexDigest) slot {
	for at := d.table.home(h.head); ; at++ {
		e := d.table.at[at]
		if e == 0 || e>>32 > h.head>>32 {
			return noSlot
		}
		if e>>32 != h.head>>32 {
			continue
		}
		d.other = h.append(d.other[:0])
		if s := slotAt(e); bytes.Equal(d.digest(s), d.other) {
			return s
		}
	}
}

// A hexDigest is a digest as a list gives it: its text in hexadecimal, of which most are
// never needed whole, and its first eight bytes.
type hexDigest struct {
	text []byte
	head uint64
}

// readDigest reads the text of a digest, in either case, eight digits at a time. It
// reports false where it is none of so many bytes, which are a multiple of eight.
func readDigest(text []byte, size int) (h hexDigest, ok bool) {
	if len(text) != 2*size {
		return h, false
	}
	first, second := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
	wrong := noHex(first) | noHex(second)
	for rest := text[16:]; len(rest) > 0; rest = rest[8:] {
		wrong |= noHex(binary.LittleEndian.Uint64(rest))
	}
	h.text, h.head = text, bits.ReverseBytes64(hexNumber(first)<<32|hexNumber(second))
	return h, wrong&noHexBits == 0
}

// append appends the bytes of the digest.
func (h hexDigest) append(dst []byte) []byte {
	for text := h.text; len(text) > 0; text = text[8:] {
		dst = binary.BigEndian.AppendUint32(dst, uint32(hexNumber(binary.LittleEndian.Uint64(text))))
	}
	return dst
}
