package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sync"

	"optout/pipeline/identity"
)

// A digestIndex finds the keys of an index by their digests, as the entries of
// hashed lists give them. It costs a place of eight bytes, at a load of 3/4, for a
// key; the digests themselves are not kept. A place holds 32 bits of the digest beside
// the slot; what agrees in them is hashed again, so that a match is exact.
type digestIndex struct {
	keys  *index
	how   EntryHash
	table []uint64 // digest's second word << 32 | slot+1, or 0
}

// digestBatch is how many keys are hashed, by all threads, before they are put into
// the table, by one: the second is a tenth of the work.
const digestBatch = 1 << 18

// newDigestIndex hashes every key of an index.
func newDigestIndex(keys *index, how EntryHash, threads int) *digestIndex {
	n := keys.len()
	x := &digestIndex{keys: keys, how: how, table: make([]uint64, n+n/3+1)}
	digesters := make([]*digester, max(threads, 1))
	for i := range digesters {
		digesters[i] = x.newDigester()
	}
	heads := make([]uint64, min(n, digestBatch)) // the first bytes of each digest
	for first := 0; first < n; first += digestBatch {
		some := heads[:min(digestBatch, n-first)]
		var wg sync.WaitGroup
		for i, d := range digesters {
			wg.Go(func() {
				for k := i * len(some) / len(digesters); k < (i+1)*len(some)/len(digesters); k++ {
					some[k] = binary.LittleEndian.Uint64(d.digest(slot(first + k)))
				}
			})
		}
		wg.Wait()
		x.fill(slot(first), some)
	}
	return x
}

// fill puts the first bytes of the digests of keys into the table.
func (x *digestIndex) fill(first slot, heads []uint64) (fetched uint64) {
	for len(heads) > 0 {
		some := heads[:min(ahead, len(heads))]
		for _, head := range some { // nothing here waits for a miss
			fetched += x.table[x.home(head)]
		}
		for i, head := range some {
			at := x.home(head)
			for x.table[at] != 0 {
				at = x.after(at)
			}
			x.table[at] = head>>32<<32 | uint64(first) + uint64(i+1)
		}
		first, heads = first+slot(len(some)), heads[len(some):]
	}
	return fetched // lest the compiler leave the look-ups ahead out
}

// home is the place where the search for a digest begins, which follows from its
// first word.
func (x *digestIndex) home(head uint64) uint64 {
	return uint64(uint32(head)) * uint64(len(x.table)) >> 32
}

// after is the place to look at next.
func (x *digestIndex) after(at uint64) uint64 {
	if at++; at < uint64(len(x.table)) {
		return at
	}
	return 0
}

// A digester hashes keys and looks digests up. It belongs to one worker.
type digester struct {
	*digestIndex
	hash    hash.Hash
	text    []byte
	sum     []byte
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

// fetch brings the place of a digest into the cache: see keyBatch.
func (d *digester) fetch(digest []byte) {
	d.fetched += d.table[d.home(binary.LittleEndian.Uint64(digest))]
}

// lookup returns the slot of the key that has a digest, or noSlot.
func (d *digester) lookup(digest []byte) slot {
	head := binary.LittleEndian.Uint64(digest)
	for at := d.home(head); d.table[at] != 0; at = d.after(at) {
		e := d.table[at]
		if s := uint32(e) - 1; e>>32 == head>>32 && bytes.Equal(d.digest(s), digest) {
			return s
		}
	}
	return noSlot
}

// fits reports whether a text has the length of a digest in hexadecimal.
func (d *digester) fits(text []byte) bool {
	return len(bytes.TrimSpace(text)) == hex.EncodedLen(d.how.Algorithm.Size())
}

// appendDigest decodes the hexadecimal text of a digest, in either case, eight digits
// at a time: see packUUID. It reports false where it is none of so many bytes, which
// are a multiple of four.
func appendDigest(dst, text []byte, size int) ([]byte, bool) {
	if len(text) != 2*size {
		return dst, false
	}
	all := dst
	for ; len(text) > 0; text = text[8:] {
		n, ok := packHex(binary.LittleEndian.Uint64(text))
		if !ok {
			return dst, false
		}
		all = binary.BigEndian.AppendUint32(all, uint32(n))
	}
	return all, true
}
