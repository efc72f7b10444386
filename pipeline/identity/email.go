package identity

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxEmail is the longest address in bytes: the 64 of a local part, the at
// sign and the 255 of a domain in RFC 5321.
const maxEmail = 320

func (n *Normalizer) appendEmail(dst, raw []byte) ([]byte, Status) {
	text, ok := visible(raw)
	if !ok {
		return dst, Malformed
	}
	if n.placeholders.has(text) {
		return dst, Missing
	}
	at := bytes.IndexByte(text, '@')
	if at < 1 { // a second one is refused with the domain
		return dst, Malformed
	}
	out, ok := n.appendLocal(dst, text[:at])
	if !ok {
		return dst, Malformed
	}
	out, ok = n.appendDomain(append(out, '@'), text[at+1:])
	if !ok || len(out)-len(dst) > maxEmail {
		return dst, Malformed
	}
	return out, Valid
}

// appendLocal appends the part before the at sign in lower case.
func (n *Normalizer) appendLocal(dst, local []byte) ([]byte, bool) {
	if isASCII(local) {
		return n.atoms.appendLower(dst, local)
	}
	// Composed before, since I and a dot are one letter with a lower case of its own;
	// and after, since j and a caron compose, J and a caron do not.
	local = norm.NFC.Bytes(bytes.Map(unicode.ToLower, norm.NFC.Bytes(local)))
	for i := 0; i < len(local); {
		c := local[i]
		if c < utf8.RuneSelf {
			if !isAtom(c) {
				return dst, false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(local[i:])
		if !isLetterLike(r) {
			return dst, false
		}
		i += size
	}
	return appendLowerASCII(dst, local), true
}

// isAtom reports whether c may stand in an unquoted local part: atext of RFC
// 5322, or a dot. The others quote, comment, list or route.
func isAtom(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', ':', ';', '@', '\\', ',', '"':
		return false
	}
	return ' ' < c && c < 0x7F
}

// isLetterLike reports whether r, beyond ASCII, may stand in a local part.
func isLetterLike(r rune) bool {
	switch r {
	case utf8.RuneError, // two people may have been mangled into one text
		'\uFF20', '\uFE6B': // another at sign: which one parts the address?
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r)
}
