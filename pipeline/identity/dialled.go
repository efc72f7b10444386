package identity

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// dialled is what remains of a phone number as people write it: its digits,
// and whether a plus stood before them.
type dialled struct {
	plus   bool
	digits [32]byte // in ASCII
	n      int
}

// read takes the digits of text. It reports false where text is not one phone
// number that can be dialled as it stands: letters, extensions, parameters,
// several numbers, or a number that went through a float.
func (d *dialled) read(text []byte) bool {
	if len(text) >= 4 && bytes.EqualFold(text[:4], []byte("tel:")) {
		text = bytes.TrimSpace(text[4:])
	}
	dots, beforeDot, marks := 0, 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		digit, isDigit := decimal(r)
		switch {
		case isDigit:
			if d.n == len(d.digits) {
				return false
			}
			d.digits[d.n] = '0' + digit
			d.n++
		case r == '+' || r == '\uFF0B':
			if d.plus || d.n > 0 {
				return false
			}
			d.plus = true
		case r == '.' || r == '\uFF0E':
			dots++
			beforeDot = d.n
		case isMark(r):
			// A leading hyphen is a sign: the number was calculated with.
			if i == 0 && !isBracket(r) {
				return false
			}
			marks++
		default:
			return false
		}
		i += size
	}
	return d.n > 0 && (dots != 1 || !d.isFloat(beforeDot, marks))
}

// isFloat reports whether a text with one dot after so many digits is a number
// that a float printed: 15551234567.0, or 1.5551234567 with nothing else.
func (d *dialled) isFloat(beforeDot, marks int) bool {
	fraction := d.digits[beforeDot:d.n]
	if len(fraction) == 0 {
		return false
	}
	if len(bytes.Trim(fraction, "0")) == 0 {
		return true
	}
	// With a plus it is the form of domain registries (RFC 5733).
	return beforeDot <= 1 && marks == 0 && !d.plus
}

// isMark reports whether r may stand between the digits of a phone number.
func isMark(r rune) bool {
	switch r {
	case '-', '/', '\uFF0D', '\uFF0F', '\u2212', '\u30FC':
		return true
	}
	return isBracket(r) || '\u2010' <= r && r <= '\u2015' || unicode.Is(unicode.Zs, r)
}

func isBracket(r rune) bool {
	switch r {
	case '(', ')', '[', ']', '\uFF08', '\uFF09', '\uFF3B', '\uFF3D':
		return true
	}
	return false
}
