package readers

import "golang.org/x/sys/cpu"

// find finds the ends in a text of whole blocks, and says what else it has. Text has as
// many blocks as ends has words.
func (s signs) find(e ends, text []byte) seen {
	if !cpu.X86.HasAVX2 || len(e) == 0 {
		return s.findAny(e, text)
	}
	text = text[:len(e)*blockBytes]
	return seen(findAVX2(&e[0], &text[0], len(e), s.end, s.special))
}

// findAVX2 is find by instructions that compare 32 bytes at a time.
//
//go:noescape
func findAVX2(ends *uint64, text *byte, blocks int, end, special byte) uint8
