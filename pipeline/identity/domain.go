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
	if isASCII(domain) && !hasPunycode(domain) {
		out := appendLowerASCII(dst, domain)
		return checkDomain(dst, out)
	}
	// IDNA maps the case itself, and better than letter by letter.
	ascii, err := n.domains.ToASCII(string(domain))
	if err != nil {
		return dst, false
	}
	return checkDomain(dst, append(dst, ascii...))
}

// checkDomain checks the domain that out has after dst and drops the dot of
// the DNS root. IDNA lets empty and overlong labels pass, so labels are looked
// at here.
func checkDomain(dst, out []byte) ([]byte, bool) {
	if out[len(out)-1] == '.' {
		out = out[:len(out)-1]
	}
	domain := out[len(dst):]
	if len(domain) > maxDomain {
		return dst, false
	}
	start, numeric := 0, true
	for i := 0; i <= len(domain); i++ {
		if i == len(domain) || domain[i] == '.' {
			if !isLabel(domain[start:i]) {
				return dst, false
			}
			if i < len(domain) {
				start, numeric = i+1, true
			}
			continue
		}
		if domain[i] < '0' || domain[i] > '9' {
			numeric = false
		}
	}
	// start is 0 where there is no dot; a numeric last label is an IP address.
	return out, start > 0 && !numeric
}

// isLabel reports whether label is a host name's label in lower-case ASCII.
func isLabel(label []byte) bool {
	if len(label) == 0 || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range label {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
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
