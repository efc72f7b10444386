package identity

import (
	"encoding/binary"
	"slices"
)

// Every address of every input goes through these loops. They go by eight bytes or by
// a table, since a decision a byte is most of what an address costs.

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

func isASCII(text []byte) bool {
	all := uint64(0)
	for rest := text; len(rest) >= 8; rest = rest[8:] {
		all |= binary.LittleEndian.Uint64(rest)
	}
	return (all|end(text, 0))&high == 0
}

// isVisibleASCII reports whether text is of ASCII characters that leave ink only: no
// white space, no controls.
func isVisibleASCII(text []byte) bool {
	other := otherThanInk(end(text, '!'))
	for rest := text; len(rest) >= 8; rest = rest[8:] {
		other |= otherThanInk(binary.LittleEndian.Uint64(rest))
	}
	return other&high == 0
}

// otherThanInk marks the bytes that are none, by their high bits. Bytes that borrow are
// below '!', and those that carry, or are above already, above '~'.
func otherThanInk(x uint64) uint64 { return (x-'!'*ones)&^x | (x + (0x7F-'~')*ones) | x }

// end is the last eight bytes of text, of a shorter one those that there are and then
// others. So nothing is decided about how many are left behind the last eight.
func end(text []byte, other byte) uint64 {
	if n := len(text); n >= 8 {
		return binary.LittleEndian.Uint64(text[n-8:])
	}
	w := [8]byte{other, other, other, other, other, other, other, other}
	copy(w[:], text)
	return binary.LittleEndian.Uint64(w[:])
}

// trimASCII drops ASCII white space at both ends.
func trimASCII(text []byte) []byte {
	for len(text) > 0 && isSpaceASCII(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isSpaceASCII(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func isSpaceASCII(c byte) bool {
	return c == ' ' || '\t' <= c && c <= '\r'
}

func appendLowerASCII(dst, text []byte) []byte {
	dst = slices.Grow(dst, len(text))
	out := dst[len(dst):][:len(text)]
	for i, c := range text {
		out[i] = lowerASCII(c)
	}
	return dst[:len(dst)+len(text)]
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// A charset maps each byte that may stand somewhere to its lower case, and all others
// to zero.
type charset [256]byte

func newCharset(has func(c byte) bool) *charset {
	s := &charset{}
	for c := range len(s) {
		if has(byte(c)) {
			s[c] = lowerASCII(byte(c))
		}
	}
	return s
}

// appendLower appends text in lower case. It reports false where a byte of it is not
// in the set, and then returns dst as it was.
func (s *charset) appendLower(dst, text []byte) ([]byte, bool) {
	all := slices.Grow(dst, len(text))[:len(dst)+len(text)]
	out := all[len(dst):]
	for i, c := range text {
		if out[i] = s[c]; out[i] == 0 {
			return dst, false
		}
	}
	return all, true
}
