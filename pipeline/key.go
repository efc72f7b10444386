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
type key struct {
	a, b uint64
	kind uint8 // length of an inline text, kindUUID or kindLong
	text []byte
}

const (
	inlineMax = 16
	kindUUID  = inlineMax + 1
	kindLong  = inlineMax + 2
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

// key packs text. The key refers to text where it is long.
func (h *hasher) key(text []byte) key {
	if len(text) <= inlineMax {
		var w [inlineMax]byte
		copy(w[:], text)
		return key{a: binary.LittleEndian.Uint64(w[:]), b: binary.LittleEndian.Uint64(w[8:]), kind: uint8(len(text))}
	}
	if len(text) == uuidText {
		if a, b, ok := packUUID(text); ok {
			return key{a: a, b: b, kind: kindUUID}
		}
	}
	return key{a: maphash.Bytes(h.seed, text), b: 0, kind: kindLong, text: text}
}

// uuid packs the sixteen bytes of a UUID: the same key as that of its text.
func (h *hasher) uuid(raw []byte) key {
	return key{a: binary.BigEndian.Uint64(raw), b: binary.BigEndian.Uint64(raw[8:]), kind: kindUUID}
}

// hash mixes the words of a key.
func (h *hasher) hash(k *key) uint64 {
	hi, lo := bits.Mul64(k.a^h.s0, k.b^h.s1^uint64(k.kind)<<56)
	hi2, lo2 := bits.Mul64(hi^lo^h.s1, 0x9E3779B97F4A7C15)
	return hi2 ^ lo2
}

// packUUID reads the canonical text of a UUID, in lower case, as identity
// normalises it.
func packUUID(text []byte) (a, b uint64, ok bool) {
	if text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return 0, 0, false
	}
	var w [2]uint64
	n := 0
	for i, c := range text {
		if c == '-' {
			if i != 8 && i != 13 && i != 18 && i != 23 {
				return 0, 0, false
			}
			continue
		}
		d := hexDigit[c]
		if d > 15 {
			return 0, 0, false
		}
		w[n>>4] = w[n>>4]<<4 | uint64(d)
		n++
	}
	return w[0], w[1], n == 32
}

// hexDigit maps lower-case hexadecimal digits to their value, all else to 255.
var hexDigit = func() (t [256]uint8) {
	for i := range t {
		t[i] = 255
	}
	for i, c := range "0123456789abcdef" {
		t[c] = uint8(i)
	}
	return t
}()

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
