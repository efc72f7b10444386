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
	words map[string]struct{}
	// first has for every length, 63 standing for it and all greater ones, a bit
	// for the first bytes of its words, by their lowest five bits.
	first [64]uint32
}

func newPlaceholders(words []string) placeholders {
	p := placeholders{words: make(map[string]struct{}, len(words))}
	for _, w := range words {
		word := appendLowerASCII(nil, trimASCII([]byte(w)))
		p.words[string(word)] = struct{}{}
		if len(word) > 0 {
			p.first[min(len(word), 63)] |= 1 << (word[0] & 31)
		}
	}
	return p
}

// has reports whether text, already trimmed, stands for nobody.
func (p *placeholders) has(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	// Almost no text has length and first letter of a placeholder, whose case is
	// not in the lowest five bits.
	if p.first[min(len(text), 63)]&(1<<(text[0]&31)) == 0 {
		return false
	}
	var space [64]byte
	_, ok := p.words[string(appendLowerASCII(space[:0], text))]
	return ok
}
