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
// hashed lists give them. It costs a place of eight bytes, at a load between 3/8
// and 3/4, for a key; the digests themselves are not kept. A place holds 32 bits
// of the digest beside the slot; what agrees in them is hashed again, so that a
// match is exact.
type digestIndex struct {
	keys  *index
	how   EntryHash
	table []uint64 // digest's second word << 32 | slot+1, or 0
}

// newDigestIndex hashes every key of an index.
func newDigestIndex(keys *index, how EntryHash, threads int) *digestIndex {
	x := &digestIndex{keys: keys, how: how}
	n := keys.len()
	heads := make([]uint64, n) // the first bytes of each digest
	var wg sync.WaitGroup
	chunk := (n + threads - 1) / max(threads, 1)
	for first := 0; first < n; first += chunk {
		wg.Go(func() {
			d := x.newDigester()
			for s := first; s < min(first+chunk, n); s++ {
				heads[s] = binary.LittleEndian.Uint64(d.digest(slot(s)))
			}
		})
	}
	wg.Wait()
	size := 1 << 10
	for 3*size < 4*n {
		size *= 2
	}
	x.table = make([]uint64, size)
	x.fill(heads)
	return x
}

// fill puts the first bytes of the digests of all keys into the table.
func (x *digestIndex) fill(heads []uint64) (fetched uint64) {
	mask := uint64(len(x.table) - 1)
	for first := 0; first < len(heads); first += ahead {
		some := heads[first:min(first+ahead, len(heads))]
		for _, head := range some { // nothing here waits for a miss
			fetched += x.table[head&mask]
		}
		for i, head := range some {
			at := head & mask
			for x.table[at] != 0 {
				at = (at + 1) & mask
			}
			x.table[at] = head>>32<<32 | uint64(first+i+1)
		}
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
	d.fetched += d.table[binary.LittleEndian.Uint64(digest)&uint64(len(d.table)-1)]
}

// lookup returns the slot of the key that has a digest, or noSlot.
func (d *digester) lookup(digest []byte) slot {
	head, mask := binary.LittleEndian.Uint64(digest), uint64(len(d.table)-1)
	for at := head & mask; d.table[at] != 0; at = (at + 1) & mask {
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
