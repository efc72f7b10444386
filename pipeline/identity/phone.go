package identity

import (
	"bytes"

	"github.com/nyaruka/phonenumbers"
)

// maxE164 is the number of digits of the longest telephone number (ITU-T
// E.164, 6.2.1).
const maxE164 = 15

func (n *Normalizer) appendPhone(dst, raw []byte) ([]byte, Status) {
	text, ok := visible(raw)
	if !ok {
		return dst, Malformed
	}
	if n.placeholders.has(text) {
		return dst, Missing
	}
	if out, ok := n.appendPlain(dst, text); ok {
		return out, Valid
	}
	var d dialled
	if !d.read(text) {
		return dst, Malformed
	}
	out, ok := n.appendDialled(dst, &d)
	if !ok {
		return dst, Malformed
	}
	return out, Valid
}

// appendPlain appends a number of the form "+" and digits without asking the
// library. It reports false where the library has to decide, and then returns
// dst as it was. Where it reports true, the library would say the same.
func (n *Normalizer) appendPlain(dst, text []byte) ([]byte, bool) {
	if len(text) == 0 || text[0] != '+' || len(text) > 2*maxE164 {
		return dst, false
	}
	digits := text[1:]
	for _, c := range digits {
		if c < '0' || c > '9' {
			return dst, false
		}
	}
	code, size := n.plans.code(digits)
	if size == 0 || n.plans[code].strips(digits[size:]) {
		return dst, false
	}
	return n.appendNumber(dst, code, digits[size:])
}

// appendNumber appends a number given by calling code and national number in
// E.164, its variants folded. It reports false where such a number is not
// possible.
func (n *Normalizer) appendNumber(dst []byte, code int, national []byte) ([]byte, bool) {
	out := appendCode(append(dst, '+'), code)
	mark := len(out)
	out = appendFolded(out, code, national)
	if !n.plans[code].possible(len(out)-mark) || len(out)-len(dst)-1 > maxE164 {
		return dst, false
	}
	return out, true
}

// appendDialled finds out which country the digits belong to.
func (n *Normalizer) appendDialled(dst []byte, d *dialled) ([]byte, bool) {
	digits := d.digits[:d.n]
	zeros := bytes.HasPrefix(digits, []byte("00"))
	switch {
	case d.plus && zeros: // +0033 is 0033
		return n.appendInternational(dst, digits[2:])
	case d.plus:
		return n.appendInternational(dst, digits)
	case zeros && (n.region == "" || !bytes.HasPrefix(digits, []byte("0011"))):
		if out, ok := n.appendInternational(dst, digits[2:]); ok {
			return out, true
		}
	}
	if n.region == "" {
		return dst, false
	}
	// Here 00 may begin a longer prefix, as 0011 does in Australia. No number
	// begins with +11.
	out, ok := n.parse(nil, string(digits), n.region)
	if !ok {
		return dst, false
	}
	return n.appendInternational(dst, out[1:])
}

// appendInternational appends a number given by calling code and all that
// follows. The library drops one national prefix at a time, so it is asked
// until nothing changes: a normal form must be its own normal form.
func (n *Normalizer) appendInternational(dst, digits []byte) ([]byte, bool) {
	const rounds = 4 // more national prefixes than that are no number
	text := append([]byte{'+'}, digits...)
	for range rounds {
		if out, ok := n.appendPlain(dst, text); ok {
			return out, true
		}
		next, ok := n.parse(nil, string(text), "ZZ")
		if !ok {
			return dst, false
		}
		if bytes.Equal(next, text) {
			return append(dst, text...), true
		}
		text = next
	}
	return dst, false
}

// parse asks the library, which knows national and international prefixes.
func (n *Normalizer) parse(dst []byte, text, region string) ([]byte, bool) {
	number, err := phonenumbers.Parse(text, region)
	if err != nil {
		return dst, false
	}
	national := phonenumbers.GetNationalSignificantNumber(number)
	return n.appendNumber(dst, int(number.GetCountryCode()), []byte(national))
}
