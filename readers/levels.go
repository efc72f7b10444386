package readers

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Levels are a byte an entry, and every entry of every column has some: what is
// done to all of them is done to eight at a time (BenchmarkLevels).

const (
	everyByte = 0x0101010101010101
	topBits   = 0x80 * everyByte
	restBits  = 0x7F * everyByte
)

// equalBytes sets the lowest bit of each byte of x that is b, and no other.
func equalBytes(x uint64, b byte) uint64 {
	x ^= uint64(b) * everyByte
	return ^(x&restBits + restBits | x) >> 7 & everyByte
}

// gatherBits makes a bit of each byte that is 0 or 1, the lowest first.
func gatherBits(x uint64) byte { return byte(x * 0x0102040810204080 >> 56) }

// decodeLevels fills dst with levels of at most maxLevel.
func decodeLevels(dst, src []byte, maxLevel int) error {
	width := bits.Len(uint(maxLevel))
	if err := decodeHybrid(dst, src, width, unpackLevels); err != nil {
		return fmt.Errorf("%w: %w", errLevels, err)
	}
	if maxLevel != 1<<width-1 && anyAbove(dst, byte(maxLevel)) {
		return errLevels
	}
	return nil
}

// anyAbove reports whether some level is greater than most.
func anyAbove(levels []byte, most byte) bool {
	i, above := 0, uint64(0)
	if most < 0x80 {
		for ; i+8 <= len(levels); i += 8 {
			x := binary.LittleEndian.Uint64(levels[i:])
			above |= x | (x&restBits + uint64(0x7F-most)*everyByte)
		}
	}
	found := above&topBits != 0
	for _, l := range levels[i:] {
		found = found || l > most
	}
	return found
}

// countLevel is how many entries have a level.
func countLevel(levels []byte, level byte) (n int) {
	i := 0
	for ; i+8 <= len(levels); i += 8 {
		n += bits.OnesCount64(equalBytes(binary.LittleEndian.Uint64(levels[i:]), level))
	}
	for _, l := range levels[i:] {
		if l == level {
			n++
		}
	}
	return n
}

// validBits sets the bits of the entries that have a level, and clears all others.
func validBits(dst, levels []byte, level byte) {
	i := 0
	for ; i+8 <= len(levels); i += 8 {
		dst[i>>3] = gatherBits(equalBytes(binary.LittleEndian.Uint64(levels[i:]), level))
	}
	clear(dst[i>>3:])
	for ; i < len(levels); i++ {
		if levels[i] == level {
			dst[i>>3] |= 1 << (i & 7)
		}
	}
}

// unpackLevels is unpack for bytes: eight values of width bits are moved apart in
// three steps, to a half of the word each, to a quarter and to a byte.
func unpackLevels(dst, src []byte, width int) {
	half := uint64(1)<<(4*width) - 1
	quarters := (uint64(1)<<(2*width) - 1) * 0x0000000100000001
	single := (uint64(1)<<width - 1) * 0x0001000100010001
	i := 0
	for ; i+8 <= len(dst) && len(src) >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(src)
		x = x&half | (x>>(4*width)&half)<<32
		x = x&quarters | (x&^quarters)<<(16-2*width)
		x = x&single | (x&^single)<<(8-width)
		binary.LittleEndian.PutUint64(dst[i:], x)
		src = src[width:]
	}
	unpack(dst[i:], src, width)
}
