package pipeline

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// A key is a person's id or address, packed without loss: a UUID or a text of
// up to sixteen bytes stands in two words, a longer text is hashed and kept
// beside them. Two keys are the same if and only if the bytes they were made of
// are; a hash never decides.
//
// A key has four words, so that it is passed in registers: one of five fields is copied
// before they have left the processor, which waits for each. That was a twentieth of a run.
type key struct {
	a, b uint64
	at   span  // of a long text, in the text that goes with the key
	kind uint8 // kindShort, kindUUID or kindLong
}

// span is where a text begins, in the upper half, and ends. A batch has the text of a few
// rows, of 16 MB at most each: far from the four thousand million that a half holds.
type span uint64

func newSpan(start, end int) span { return span(start)<<32 | span(uint32(end)) }

// of is the text of the span.
func (s span) of(text []byte) []byte { return text[s>>32 : uint32(s)] }

// kinds of keys: two bits, which the hash has too.
const (
	kindShort uint8 = iota // zeros after the text, which does not end in one
	kindUUID
	kindLong
	kindBits = 2
)

const (
	shortMax  = 16
	uuidText  = 36
	uuidBytes = 16
)

// hasher makes keys. Its seed is random: a hash never reaches an output, and
// nobody can choose ids that collide.
type hasher struct {
	seed   maphash.Seed
	s0, s1 uint64
}

func newHasher() hasher {
	return hasher{seed: maphash.MakeSeed(), s0: rand.Uint64() | 1, s1: rand.Uint64() | 1}
}

// key packs text, which goes with the key where it is long.
func (h *hasher) key(text []byte) key {
	if len(text) <= shortMax && (len(text) == 0 || text[len(text)-1] != 0) {
		var w [shortMax]byte
		copy(w[:], text)
		return key{a: binary.LittleEndian.Uint64(w[:]), b: binary.LittleEndian.Uint64(w[8:]), kind: kindShort}
	}
	if len(text) == uuidText {
		// A token with capitals is another than the same in small letters.
		if a, b, ok := packUUID(text); ok && !hasCapital(text) {
			return key{a: a, b: b, kind: kindUUID}
		}
	}
	return key{a: maphash.Bytes(h.seed, text), kind: kindLong, at: newSpan(0, len(text))}
}

// uuid packs the sixteen bytes of a UUID: the same key as that of its text.
func (h *hasher) uuid(raw []byte) key {
	return key{a: binary.BigEndian.Uint64(raw), b: binary.BigEndian.Uint64(raw[8:]), kind: kindUUID}
}

// uuidFromText packs the text of a UUID in any case: the same key as that of its
// normal form. It reports false for any other text of that length.
func (h *hasher) uuidFromText(text []byte) (key, bool) {
	a, b, ok := packUUID(text)
	return key{a: a, b: b, kind: kindUUID}, ok
}

// hash mixes the words of a key. The lowest bits of its upper half are the kind of
// the key: what agrees with a place of an index in that half is of the same kind.
func (h *hasher) hash(k *key) uint64 {
	hi, lo := bits.Mul64(k.a^h.s0, k.b^h.s1)
	hi2, lo2 := bits.Mul64(hi^lo^h.s1, 0x9E3779B97F4A7C15)
	const kindMask = (1<<kindBits - 1) << 32
	return (hi2^lo2)&^kindMask | uint64(k.kind)<<32
}

// packUUID reads the text of a UUID, in any case: eight digits at a time, since
// every id of every snapshot goes through here.
func packUUID(text []byte) (a, b uint64, ok bool) {
	if text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return 0, 0, false
	}
	le := binary.LittleEndian
	first, last := le.Uint64(text), le.Uint64(text[28:])
	second := uint64(le.Uint32(text[9:])) | uint64(le.Uint32(text[14:]))<<32
	third := uint64(le.Uint32(text[19:])) | uint64(le.Uint32(text[24:]))<<32
	if (noHex(first)|noHex(second)|noHex(third)|noHex(last))&noHexBits != 0 {
		return 0, 0, false
	}
	return hexNumber(first)<<32 | hexNumber(second), hexNumber(third)<<32 | hexNumber(last), true
}

func hasCapital(text []byte) bool {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			return true
		}
	}
	return false
}

// noHexBits are the bits of what noHex returns that say something.
const noHexBits = 0x8080808080808080

// noHex marks those of eight bytes that are no hexadecimal digits, by their high bits.
func noHex(x uint64) uint64 {
	const ones = 0x0101010101010101
	// A byte below 0x80 plus 0x80-c has its high bit set exactly if it is c or
	// more. Bit 0x20 turns capitals into small letters, and nothing else into
	// one of a to f; digits are looked for before. Bytes of 0x80 and more carry into
	// those above, of which nothing is asked then.
	lower := x | 0x20*ones
	digit := (x + (0x80-'0')*ones) &^ (x + (0x80-'9'-1)*ones)
	letter := (lower + (0x80-'a')*ones) &^ (lower + (0x80-'f'-1)*ones)
	return x | ^(digit | letter)
}

// hexNumber is the number that eight hexadecimal digits are, the first of them in the
// lowest byte.
func hexNumber(x uint64) uint64 {
	const ones = 0x0101010101010101
	n := bits.ReverseBytes64(x&(0x0F*ones) + 9*(x>>6&ones))
	n = (n | n>>4) & 0x00FF00FF00FF00FF
	n = (n | n>>8) & 0x0000FFFF0000FFFF
	return (n | n>>16) & 0xFFFFFFFF
}

// appendUUID writes the canonical text of a packed UUID.
func appendUUID(dst []byte, a, b uint64) []byte {
	const digits = "0123456789abcdef"
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		w := a
		if i >= 16 {
			w = b
		}
		dst = append(dst, digits[w>>(60-4*(i&15))&15])
	}
	return dst
}
