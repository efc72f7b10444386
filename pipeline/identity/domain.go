package identity

import (
	"bytes"

	"golang.org/x/net/idna"
)

// Lengths in bytes that DNS allows.
const (
	maxDomain = 253
	maxLabel  = 63
)

// newDomainProfile returns the IDNA profile for looking up names, except that
// hyphens are checked here: names such as r3---sn.example.com exist.
func newDomainProfile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(false))
}

// appendDomain appends the part after the at sign in lower-case ASCII.
func (n *Normalizer) appendDomain(dst, domain []byte) ([]byte, bool) {
	if !isASCII(domain) || hasPunycode(domain) {
		// IDNA maps the case itself, and better than letter by letter.
		ascii, err := n.domains.ToASCII(string(domain))
		if err != nil {
			return dst, false
		}
		domain = []byte(ascii)
	}
	out, ok := n.labels.appendLower(dst, domain)
	if !ok {
		return dst, false
	}
	return checkLabels(dst, out)
}

// isLabelChar reports whether c may stand in a host name.
func isLabelChar(c byte) bool {
	c = lowerASCII(c)
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.'
}

// checkLabels checks the labels of the domain that out has after dst, and drops the dot
// of the DNS root. IDNA lets empty and overlong labels pass.
func checkLabels(dst, out []byte) ([]byte, bool) {
	if len(out) > len(dst) && out[len(out)-1] == '.' {
		out = out[:len(out)-1]
	}
	domain := out[len(dst):]
	if len(domain) > maxDomain {
		return dst, false
	}
	dots, last := 0, domain
	for {
		dot := bytes.IndexByte(last, '.')
		if dot < 0 {
			break
		}
		if !isLabel(last[:dot]) {
			return dst, false
		}
		last = last[dot+1:]
		dots++
	}
	// A numeric last label is that of an IP address.
	if !isLabel(last) || dots == 0 || isNumeric(last) {
		return dst, false
	}
	return out, true
}

// isLabel reports whether a label has a length that DNS allows, and no hyphen at its
// ends.
func isLabel(label []byte) bool {
	return len(label) > 0 && len(label) <= maxLabel && label[0] != '-' && label[len(label)-1] != '-'
}

func isNumeric(label []byte) bool {
	for _, c := range label {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// hasPunycode reports whether a label of domain begins with "xn--", in any
// case: only IDNA can tell whether such a label means something.
func hasPunycode(domain []byte) bool {
	for {
		i := bytes.Index(domain, []byte("--"))
		if i < 0 {
			return false
		}
		if i >= 2 && domain[i-2]|0x20 == 'x' && domain[i-1]|0x20 == 'n' && (i == 2 || domain[i-3] == '.') {
			return true
		}
		domain = domain[i+1:]
	}
}
