package readers

import "golang.org/x/sys/cpu"

// find finds the ends and the line feeds among them in a text of whole blocks, and says
// what else it has. Text has as many blocks as ends and feeds have words.
func (s signs) find(ends, feeds places, text []byte) seen {
	if !cpu.X86.HasAVX2 || len(ends) == 0 {
		return s.findAny(ends, feeds, text)
	}
	feeds, text = feeds[:len(ends)], text[:len(ends)*blockBytes]
	return seen(findAVX2(&ends[0], &feeds[0], &text[0], len(ends), s.end, s.special))
}

// findAVX2 is find by instructions that compare 32 bytes at a time.
//
//go:noescape
func findAVX2(ends, feeds *uint64, text *byte, blocks int, end, special byte) uint8
