package identity

// DefaultPlaceholders returns the texts that stand for nobody in exports of
// common systems. The caller may change the slice.
func DefaultPlaceholders() []string {
	return []string{
		"", "0", "null", "nil", "none", "n/a", "na", "nan", "unknown", "undefined",
		"-", "(null)", `\N`, "00000000-0000-0000-0000-000000000000",
	}
}

// placeholders is a set of texts in ASCII lower case.
type placeholders struct {
	words   map[string]struct{}
	lengths uint64 // bit n: a word of n bytes exists; the last bit: of 63 or more
}

func newPlaceholders(words []string) placeholders {
	p := placeholders{words: make(map[string]struct{}, len(words))}
	for _, w := range words {
		word := appendLowerASCII(nil, trimASCII([]byte(w)))
		p.words[string(word)] = struct{}{}
		p.lengths |= 1 << min(len(word), 63)
	}
	return p
}

// has reports whether text, already trimmed, stands for nobody.
func (p *placeholders) has(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	// Almost every text has a length that no placeholder has.
	if p.lengths&(1<<min(len(text), 63)) == 0 {
		return false
	}
	var space [64]byte
	_, ok := p.words[string(appendLowerASCII(space[:0], text))]
	return ok
}
