package main

import (
	"fmt"
	"strings"
)

// planned is a row of a send list before it has the columns of its list.
type planned struct {
	*person
	profile, address string // as the list spells them
}

// channel is what lists of different channels have in common.
type channel struct {
	of        func(p *person) string // address; "" for none
	spell     func(d *dice, address string) string
	malformed []string // what lists hold that is no address
	repeats   bool     // some recipients stand twice
}

var (
	byEmail = channel{
		of:        func(p *person) string { return p.email },
		spell:     spellEmail,
		malformed: []string{"camille.example.com", "jules@", "@example.org", "ava@grant@example.net", "nora@localhost"},
		repeats:   true,
	}
	byPhone = channel{
		of:        func(p *person) string { return p.phone },
		spell:     spellPhone,
		malformed: []string{"6.3998001E8", "12", "call the shop", "+33 6 39"},
		repeats:   true,
	}
	byDevice = channel{
		of:        func(p *person) string { return p.token },
		spell:     func(_ *dice, token string) string { return token },
		malformed: []string{"fcm:one fcm:two"},
	}
	byPost = channel{of: func(*person) string { return "" }}
)

// plan draws n rows of the people who have an address, and spoils a few.
func plan(d *dice, people []*person, n int, c channel) (rows []planned) {
	for _, i := range d.shuffle(len(people)) {
		p := people[i]
		if len(rows) == n {
			break
		}
		if c.spell != nil && c.of(p) == "" {
			continue
		}
		r := planned{p, p.key(), c.of(p)}
		if c.spell != nil {
			r.address = c.spell(d, r.address)
		}
		spoil(d, &r, c)
		rows = append(rows, r)
		if c.repeats && d.oneIn(45) {
			again := rows[d.below(len(rows))]
			again.address = c.spell(d, c.of(again.person))
			rows = append(rows, again)
		}
	}
	return rows
}

// spoil makes of a few rows what send lists are full of: nobody, somebody who
// is in no snapshot, no address, what is no address.
func spoil(d *dice, r *planned, c channel) {
	switch n := d.below(1000); {
	case n < 8:
		r.profile = d.among("", "N/A", "0", "unknown", "00000000-0000-0000-0000-000000000000")
	case n < 36:
		r.profile = text(d.uuid())
	case n < 46 && c.malformed != nil:
		r.address = d.among(c.malformed...)
	case n < 56 && c.malformed != nil:
		r.address = d.among("", "", " ", "n/a")
	}
}

func spellEmail(d *dice, address string) string {
	switch d.below(12) {
	case 0:
		return capitals(address)
	case 1:
		return strings.ToUpper(address)
	case 2:
		return " " + address + " "
	}
	return address
}

// spellPhone writes a number as a shop's till has it.
func spellPhone(d *dice, number string) string {
	switch d.below(6) {
	case 0, 1:
		return dialled(number)
	case 2:
		return "00" + number[1:]
	case 3:
		return number[:3] + " " + number[3:6] + "-" + number[6:]
	}
	return number
}

// dialled is a number as it is dialled in France.
func dialled(number string) string {
	if n, french := strings.CutPrefix(number, "+33"); french {
		return fmt.Sprintf("0%s %s %s %s %s", n[:1], n[1:3], n[3:5], n[5:7], n[7:])
	}
	return "00" + number[1:]
}
