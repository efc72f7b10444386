package identity

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
)

// Options say how a [Normalizer] reads texts. The zero value is ready to use.
type Options struct {
	// Region is the country of phone numbers that name none: two letters of
	// ISO 3166, in any case. Where it is empty, such numbers are malformed.
	Region string

	// Placeholders are texts that name nobody. White space around them and the
	// case of ASCII letters do not matter, nor does how an address among them is
	// spelled; phone numbers among them are of the region, too. Nil stands for
	// [DefaultPlaceholders]; the empty text is always one.
	Placeholders []string
}

// A Normalizer brings addresses and ids to their normal form. It never
// changes, so any number of goroutines may use it.
type Normalizer struct {
	region       string
	placeholders placeholders
	plans        *plans
	domains      *idna.Profile
	atoms        *charset // of a local part
	labels       *charset // of a domain
	uuids        *charset // of the text of a UUID
}

// NewNormalizer returns a normalizer. It fails where the region is not a known
// country.
func NewNormalizer(o Options) (*Normalizer, error) {
	region, err := regionOf(o.Region)
	if err != nil {
		return nil, err
	}
	words := o.Placeholders
	if words == nil {
		words = DefaultPlaceholders()
	}
	plans, err := readPlans()
	if err != nil {
		return nil, err
	}
	n := &Normalizer{
		region:  region,
		plans:   plans,
		domains: newDomainProfile(),
		atoms:   newCharset(isAtom),
		labels:  newCharset(isLabelChar),
		uuids:   newCharset(isUUIDChar),
	}
	n.placeholders = newPlaceholders(slices.Concat(words, n.forms(words)))
	return n, nil
}

// In returns a normalizer that differs from n in the region of phone numbers alone.
// The placeholders stay those of n: a number among them that names no country is of
// n's region, and in another one it would be somebody else's. In fails where the
// region is not a known country.
func (n *Normalizer) In(region string) (*Normalizer, error) {
	region, err := regionOf(region)
	if err != nil {
		return nil, err
	}
	moved := *n
	moved.region = region
	return &moved, nil
}

// regionOf returns a region in upper case, or an error if it is no country.
func regionOf(text string) (string, error) {
	region := strings.ToUpper(text)
	if region != "" && !phonenumbers.GetSupportedRegions()[region] {
		return "", fmt.Errorf("choose phone region: no country %q, write two letters of ISO 3166 such as FR", text)
	}
	return region, nil
}

// forms returns the normal forms of the words that are addresses. Without them the
// other spellings of a placeholder would be somebody: a row would go there, which
// no entry spelled like the placeholder could stop.
func (n *Normalizer) forms(words []string) (forms []string) {
	for _, w := range words {
		for _, kind := range []Kind{Email, Phone} {
			if form, status := n.AppendAddress(nil, kind, []byte(w)); status == Valid {
				forms = append(forms, string(form))
			}
		}
	}
	return forms
}

// AppendAddress appends the normal form of raw to dst. Unless the status is
// [Valid], it returns dst as it was. The free space of dst must not overlap
// raw. It does not allocate for email addresses in ASCII and for phone numbers
// written as "+" and digits, if dst has room.
func (n *Normalizer) AppendAddress(dst []byte, kind Kind, raw []byte) ([]byte, Status) {
	var out []byte
	var status Status
	switch kind {
	case Email:
		out, status = n.appendEmail(dst, raw)
	case Phone:
		out, status = n.appendPhone(dst, raw)
	case Token:
		out, status = n.appendToken(dst, raw)
	default:
		return dst, Missing
	}
	if status != Valid {
		return dst, status
	}
	// A placeholder may be written in another way than in the list.
	if n.placeholders.has(out[len(dst):]) {
		return dst, Missing
	}
	return out, Valid
}

// AppendDomain appends the normal form of a domain of email addresses to dst, as
// AppendAddress makes it of the part after the at sign. An at sign before it is
// dropped. Unless the status is [Valid], dst is returned as it was.
func (n *Normalizer) AppendDomain(dst, raw []byte) ([]byte, Status) {
	text, ok := visible(raw)
	if !ok {
		return dst, Malformed
	}
	if n.placeholders.has(text) {
		return dst, Missing
	}
	text = bytes.TrimPrefix(text, []byte("@"))
	if len(text) == 0 {
		return dst, Malformed
	}
	out, ok := n.appendDomain(dst, text)
	if !ok {
		return dst, Malformed
	}
	return out, Valid
}

// AppendProfileID appends the normal form of a profile id to dst: ASCII white
// space around it is dropped, and a UUID in its text form of 36 characters is
// lower-cased. All else is kept byte for byte, so the status is [Missing], with
// dst as it was, or [Valid]. The free space of dst must not overlap raw.
func (n *Normalizer) AppendProfileID(dst, raw []byte) ([]byte, Status) {
	id := trimASCII(raw)
	if n.placeholders.has(id) {
		return dst, Missing
	}
	if out, ok := n.appendUUID(dst, id); ok {
		return out, Valid
	}
	return append(dst, id...), Valid
}

// IsPlaceholder reports whether a profile id stands for nobody.
func (n *Normalizer) IsPlaceholder(id []byte) bool { return n.placeholders.has(trimASCII(id)) }

// appendUUID appends id in lower case if it is a UUID in the text form of RFC 9562.
// Which of its digits are letters cannot be foreseen, so that none is decided about.
func (n *Normalizer) appendUUID(dst, id []byte) ([]byte, bool) {
	const size, dashes = 36, 4
	if len(id) != size || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' || bytes.Count(id, []byte("-")) != dashes {
		return dst, false
	}
	return n.uuids.appendLower(dst, id)
}

func isUUIDChar(c byte) bool {
	return c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
