package identity

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// maxText bounds the work that one hostile value can cause, in bytes. No
// address is half as long.
const maxText = 1024

// visible returns raw without invisible characters and without white space at
// both ends. It reports false where raw is not UTF-8 or absurdly long. An ASCII
// text is returned in place.
func visible(raw []byte) ([]byte, bool) {
	raw = trimASCII(raw)
	if len(raw) > maxText {
		return nil, false
	}
	if isASCII(raw) {
		return raw, true
	}
	if !utf8.Valid(raw) {
		return nil, false
	}
	return bytes.TrimSpace(bytes.Map(dropInvisible, raw)), true
}

// dropInvisible maps characters that nobody sees, and that copying from web
// pages, spreadsheets and address books leaves behind, to nothing.
func dropInvisible(r rune) rune {
	switch {
	case r == '\u00AD', // soft hyphen
		r == '\u061C', r == '\u200E', r == '\u200F', // direction marks
		'\u202A' <= r && r <= '\u202E', '\u2066' <= r && r <= '\u2069',
		'\u200B' <= r && r <= '\u200D', r == '\u2060', // zero width
		r == '\uFEFF': // byte order mark
		return -1
	}
	return r
}

// decimal returns the value of a decimal digit of any script. Unicode encodes
// the ten digits of a script in a row, from zero to nine.
func decimal(r rune) (byte, bool) {
	if '0' <= r && r <= '9' {
		return byte(r - '0'), true
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	return 0, false
}
