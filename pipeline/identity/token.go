package identity

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// appendToken appends a device token. Tokens are opaque and case-sensitive, so
// nothing inside one is changed.
func (n *Normalizer) appendToken(dst, raw []byte) ([]byte, Status) {
	token := trimASCII(raw)
	if n.placeholders.has(token) {
		return dst, Missing
	}
	if !isVisibleASCII(token) && (!utf8.Valid(token) || bytes.ContainsFunc(token, isBreak)) {
		return dst, Malformed
	}
	return append(dst, token...), Valid
}

// isBreak reports whether r ends a token: a cell with such a character holds
// more than one.
func isBreak(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r)
}
