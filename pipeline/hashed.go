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
// key; the digests themselves are not kept. What agrees with a place is hashed again, so
// that a match is exact.
type digestIndex struct {
	keys  *index
	how   EntryHash
	table places // by the first bytes of the digests
}

// digestBatch is how many keys are hashed, by all threads, before they are put into
// the table, by one: the second is a tenth of the work.
const digestBatch = 1 << 18

// newDigestIndex hashes every key of an index.
func newDigestIndex(keys *index, how EntryHash, threads int) *digestIndex {
	n := keys.len()
	x := &digestIndex{keys: keys, how: how, table: newPlaces(n + n/3 + 1)}
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
			fetched += x.table.at[x.table.home(head)]
		}
		for i, head := range some {
			x.table.insert(x.table.end(head), place(head, first+slot(i)))
		}
		first, heads = first+slot(len(some)), heads[len(some):]
	}
	return fetched // lest the compiler leave the look-ups ahead out
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
	d.fetched += d.table.at[d.table.home(binary.LittleEndian.Uint64(digest))]
}

// lookup returns the slot of the key that has a digest, or noSlot.
func (d *digester) lookup(digest []byte) slot {
	head := binary.LittleEndian.Uint64(digest)
	for at := d.table.home(head); ; at++ {
		e := d.table.at[at]
		if e == 0 || e>>32 > head>>32 {
			return noSlot
		}
		if s := slotAt(e); e>>32 == head>>32 && bytes.Equal(d.digest(s), digest) {
			return s
		}
	}
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
