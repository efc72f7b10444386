package readers

import "encoding/binary"

// opening is a key as it stands before a text: all behind the comma or the brace before it,
// up to the quote that begins the text, blanks included. The records of a log mostly spell it in one way, and
// then it is known by comparing words.
type opening struct {
	size  int // 0 for none
	words [openingWords]uint64
	masks [openingWords]uint64 // of the bytes that it has
}

const openingWords = 3

// newOpening is none if the text is too long for one.
func newOpening(text []byte) (o opening) {
	var all [8 * openingWords]byte
	if len(text) > len(all) {
		return opening{}
	}
	o.size = copy(all[:], text)
	for i := range o.words {
		o.words[i] = binary.LittleEndian.Uint64(all[8*i:])
	}
	for i := range all {
		all[i] = 0
		if i < o.size {
			all[i] = 0xFF
		}
	}
	for i := range o.masks {
		o.masks[i] = binary.LittleEndian.Uint64(all[8*i:])
	}
	return o
}

// begins reports whether the opening is at a place in text. It may look at what the buffer has
// behind the text: an opening has no line feed, so that none is found across lines, and a
// text that begins behind the last line has no end there.
func (o *opening) begins(text []byte, at int) bool {
	if o.size == 0 || cap(text)-at < 8*openingWords {
		return false
	}
	here := text[at:][:8*openingWords]
	return (binary.LittleEndian.Uint64(here)^o.words[0])&o.masks[0]|
		(binary.LittleEndian.Uint64(here[8:])^o.words[1])&o.masks[1]|
		(binary.LittleEndian.Uint64(here[16:])^o.words[2])&o.masks[2] == 0
}

// opens is where the text of a key begins that stands at a place in a record, if nothing but
// blanks is between, or 0.
func (k *jsonKey) opens(line []byte, at int) int {
	at = behindBlanks(line, at)
	if n := len(k.quoted); n == 0 || n > len(line)-at || string(line[at:at+n]) != k.quoted {
		return 0
	}
	at = behindBlanks(line, at+len(k.quoted))
	if at == len(line) || line[at] != ':' {
		return 0
	}
	if at = behindBlanks(line, at+1); at == len(line) || line[at] != '"' {
		return 0
	}
	return at + 1
}

func behindBlanks(line []byte, at int) int {
	for at < len(line) && line[at] == ' ' {
		at++
	}
	return at
}
