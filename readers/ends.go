package readers

import (
	"encoding/binary"
	"math/bits"
)

// places are places in a text, a bit for each byte. All of a window are looked for at
// once, since to search for each by itself is a third of the reading of a log
// (BenchmarkReadText). Behind the words of the text there is one of zeros, and behind that
// what was there before: a place behind the text is none.
type places []uint64

// signs are the bytes by which a format is read.
type signs struct {
	end     byte // of fields or values
	special byte // a text that has none is read the short way
}

// seen says what else a text has. Most have nothing of it.
type seen uint8

const (
	seenSpecial seen = 1 << iota
	seenControl      // control characters, line feeds and ends of fields apart
	seenHigh         // bytes that are not ASCII
)

// blockBytes is how much text is looked at at once. Its ends are a word.
const blockBytes = 64

// next is the first place at one or behind it, and one behind the text where there is
// none.
func (e places) next(at int) int {
	// Nearly all are near. To ask one word and then the next would be a branch that the
	// processor cannot foretell.
	word, bit := uint(at)/blockBytes, uint(at)%blockBytes
	if near := e[word]>>bit | e[word+1]<<(blockBytes-bit); near != 0 {
		return at + bits.TrailingZeros64(near)
	}
	return e.far(int(word) + 1)
}

// far is the first place in a word or behind it.
func (e places) far(word int) int {
	for ; word < len(e); word++ {
		if e[word] != 0 {
			return word*blockBytes + bits.TrailingZeros64(e[word])
		}
	}
	return len(e) * blockBytes
}

// count counts the places from one on and before another.
func (e places) count(from, to int) int {
	word, last := uint(from)/blockBytes, uint(to)/blockBytes
	n := bits.OnesCount64(e[last]&(1<<(uint(to)%blockBytes)-1)) - bits.OnesCount64(e[word]&(1<<(uint(from)%blockBytes)-1))
	for ; word < last; word++ {
		n += bits.OnesCount64(e[word])
	}
	return n
}

// list adds places from one on, before an end, to a list that has room for so many and a
// word's more, and makes it that long, or shorter where there are no more.
func (e places) list(all []uint32, from, end, length int) []uint32 {
	n, word := len(all), from/blockBytes
	all = all[:cap(all)]
	left := e[word] &^ (1<<(uint(from)%blockBytes) - 1)
	for {
		for base := uint32(word * blockBytes); left != 0; left &= left - 1 {
			all[n] = base + uint32(bits.TrailingZeros64(left))
			n++
		}
		if word++; n >= length || word*blockBytes >= end {
			return all[:min(n, length)]
		}
		left = e[word]
	}
}

// findAny is find on any processor: eight bytes at a time. Text has as many blocks as
// ends and feeds have words.
func (s signs) findAny(ends, feeds places, text []byte) (found seen) {
	const ones, lows, highs = 0x0101010101010101, 0x7F7F7F7F7F7F7F7F, 0x8080808080808080
	// zero sets the high bit of each byte that is zero, and no other.
	zero := func(x uint64) uint64 { return ^(x&lows + lows | x | lows) }
	end, special := ones*uint64(s.end), ones*uint64(s.special)
	var specials, controls, high uint64
	for i := range ends {
		ends[i], feeds[i] = 0, 0
		for k := 0; k < blockBytes; k += 8 {
			x := binary.LittleEndian.Uint64(text[i*blockBytes+k:])
			feed := zero(x ^ ones*'\n')
			at := zero(x^end) | feed
			specials |= zero(x ^ special)
			controls |= zero(x&(ones*0xE0)) &^ at // 0xE0: no byte below a blank has one of these bits
			high |= x
			ends[i] |= gathered(at) << k
			feeds[i] |= gathered(feed) << k
		}
	}
	if specials != 0 {
		found |= seenSpecial
	}
	if controls != 0 {
		found |= seenControl
	}
	if high&highs != 0 {
		found |= seenHigh
	}
	return found
}

// gathered makes one byte of the high bits of eight.
func gathered(x uint64) uint64 { return x >> 7 * 0x0102040810204080 >> 56 }
