package oracle

import (
	"fmt"
	"strings"
)

// placeholders stand for nobody, in every column of ids and addresses.
var placeholders = []any{nil, "", "0", "null", "N/A", "none", "unknown", "NULL", "00000000-0000-0000-0000-000000000000"}

// ownPlaceholders draws what a job may say of who is nobody: some of the usual words,
// and ids and addresses of some people, in any case and spelling.
func (d dice) ownPlaceholders(p people) []string {
	words := some(d, 50, "0", "Null", "n/a", "none", "UNKNOWN", "00000000-0000-0000-0000-000000000000")
	for _, who := range some(d, 12, p.persons...) {
		of := one(d, who.devices...)
		word := one(d, fmt.Sprint(who.id), d.spellEmail(who.email), d.spellPhone(one(d, append(regions, p.region, p.region)...), who.phone), of.token, of.id)
		words = append(words, one(d, word, word, strings.Map(upperASCII, word), " "+word))
	}
	return words
}

// upperASCII is the upper case of a letter in ASCII.
func upperASCII(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

// regions are those that a job and single inputs may have.
var regions = []string{"US", "us", "MX", "FR"}

// malformed addresses by kind; a token cannot be.
var malformed = map[string][]string{
	"email": {"nobody", "a@b@mail.example", "x@localhost", "@mail.example", "a b@mail.example", "x@mail..example"},
	"phone": {"abc", "3.3612345678E10", "33612345678.0", "+33", "12"},
}

// spell writes an address in one of the ways that reach the same person.
func (p people) spell(kind, address string) string { return p.spellIn(p.region, kind, address) }

// spellIn spells an address for an input whose phone numbers are of a region.
func (d dice) spellIn(region, kind, address string) string {
	switch kind {
	case "email":
		return d.spellEmail(address)
	case "phone":
		return d.spellPhone(region, address)
	case "token":
		if d.chance(10) {
			return " " + address
		}
	}
	return address
}

func (d dice) spellEmail(address string) string {
	if d.chance(50) {
		return address
	}
	if d.chance(50) {
		address = strings.Replace(address, "@xn--bcher-kva.", "@bücher.", 1)
	}
	switch d.IntN(5) {
	case 0:
		return strings.ToUpper(address)
	case 1:
		return "  " + address + "\t"
	case 2:
		return strings.Replace(address, "@", "\u200b@", 1)
	case 3:
		return strings.ReplaceAll(address, "é", "e\u0301") // decomposed
	default:
		return "\ufeff" + address
	}
}

func (d dice) spellPhone(region, number string) string {
	if d.chance(40) {
		return d.national(region, number)
	}
	switch d.IntN(4) {
	case 0:
		return "00" + number[1:]
	case 1:
		return number[:3] + " " + number[3:6] + "-" + number[6:]
	case 2:
		if national, ok := strings.CutPrefix(number, "+52"); ok {
			return "+521" + national
		}
	}
	return number
}

// national is a number as it is written at home, if that is the region of the input.
func (d dice) national(region, number string) string {
	if region == "" && d.chance(20) { // where nothing says whose number it is
		region = one(d, regions...)
	}
	region = strings.ToUpper(region)
	code := map[string]string{"FR": "+33", "MX": "+52", "US": "+1"}[region]
	home, ok := strings.CutPrefix(number, code)
	switch {
	case !ok || code == "":
		return number
	case region == "FR":
		return one(d, "0"+home, "+33 (0)"+home)
	case region == "US":
		return one(d, home, "1-"+home, "("+home[:3]+") "+home[3:])
	}
	return home
}
