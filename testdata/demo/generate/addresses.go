package main

import (
	"strings"
	"unicode"
)

// byAddress draws consents that hold for one address of a person. Exports spell
// namespaces and addresses each in its way.
func byAddress(d *dice, p *person) map[string]map[string]ofAddress {
	all := map[string]map[string]ofAddress{}
	email := map[string]ofAddress{capitals(p.email): addressAnswer(d, func(t *timed) *addressChannels { return &addressChannels{Email: t} })}
	if d.oneIn(3) { // one they had before, which no list has
		email["former."+p.email] = ofAddress{Marketing: &addressChannels{Email: &timed{Val: "n"}}}
	}
	all[d.among("Email", "EMAIL", "email")] = email
	if p.phone != "" && d.oneIn(3) {
		all[d.among("Phone", "PHONE")] = map[string]ofAddress{
			"00" + p.phone[1:]: addressAnswer(d, func(t *timed) *addressChannels { return &addressChannels{SMS: t} }),
		}
	}
	if p.token != "" && d.oneIn(3) {
		all["ECID"] = map[string]ofAddress{
			p.token: addressAnswer(d, func(t *timed) *addressChannels { return &addressChannels{Push: t} }),
		}
	}
	return all
}

func addressAnswer(d *dice, of func(*timed) *addressChannels) (a ofAddress) {
	if d.oneIn(4) {
		a.Personalize = &content{&value{d.among("n", "n", "y")}}
	}
	if val := d.weigh([]share{{"n", 35}, {"y", 45}, {"p", 5}, {"", 15}}); val != "" {
		a.Marketing = of(&timed{val, answered(d)})
	}
	return a
}

// capitals writes an address as people type it.
func capitals(address string) string {
	start := true
	return strings.Map(func(r rune) rune {
		if start {
			r = unicode.ToUpper(r)
		}
		start = r == '.' || r == '@'
		return r
	}, address)
}
