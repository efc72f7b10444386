package main

import (
	"fmt"
	"strings"
	"time"
)

// person is somebody invented.
type person struct {
	id          [16]byte
	first, last string
	email       string
	phone       string // in E.164; "" for none
	token       string // of a device; "" for none
	country     string // "" where it is not known
	city        string
	since       time.Time
	erased      bool

	stance *stance // of people of a household; nil for answers that are drawn
	spells bool    // whether their profile spells their addresses as people do
}

func (p *person) key() string { return text(p.id) }

var firstNames = []string{
	"Camille", "Louis", "Jade", "Hugo", "Manon", "Arthur", "Lina", "Jules", "Zoe", "Adam",
	"Olivia", "Noah", "Amelia", "George", "Isla", "Leo", "Ava", "Oscar", "Grace", "Harry",
	"Emma", "Liam", "Sophia", "Ethan", "Mia", "Lucas", "Ella", "Mason", "Nora", "Henry",
	"Lena", "Paul", "Mila", "Finn", "Clara", "Jonas", "Greta", "Emil", "Giulia", "Marco",
}

var lastNames = []string{
	"Abel", "Barnes", "Caron", "Dale", "Ebert", "Fabre", "Grant", "Haas", "Irwin", "Jolly",
	"Keller", "Lambert", "Mercer", "Nolan", "Orsini", "Perrin", "Quinn", "Roux", "Stone", "Tessier",
	"Unger", "Vidal", "Walsh", "Young", "Ziegler", "Archer", "Blanc", "Cole", "Dumas", "Ellis",
	"Fontaine", "Gill", "Hubert", "Ives", "Jung", "Knight", "Leroy", "Mayer", "Noel", "Owen",
	"Prevost", "Reed", "Simon", "Thorne", "Vogel", "Weber", "Arnaud", "Brandt", "Collet", "Drake",
	"Ernst", "Frost", "Gautier", "Hale", "Imbert", "Jacob", "Klein", "Lowe", "Marchand", "Nash",
}

var cities = map[string][]string{
	"FR": {"Paris", "Lyon", "Nantes", "Lille"}, "GB": {"London", "Leeds", "Bristol", "Cardiff"},
	"US": {"Denver", "Atlanta", "Boston", "Portland"}, "DE": {"Berlin", "Hamburg", "Leipzig"}, "IT": {"Milan", "Turin"}, "": {""},
}

var countries = []share{{"FR", 40}, {"GB", 24}, {"US", 20}, {"DE", 10}, {"IT", 4}, {"", 2}}

// settle makes the people of the demo. No two have the same name, so that
// addresses differ unless they are shared on purpose.
func settle(d *dice) []*person {
	var people []*person
	phones := map[string]int{}
	for _, n := range d.shuffle(len(firstNames) * len(lastNames)) {
		p := &person{id: d.uuid(), first: firstNames[n%len(firstNames)], last: lastNames[n/len(firstNames)]}
		p.country = d.weigh(countries)
		p.city = d.among(cities[p.country]...)
		p.email = strings.ToLower(p.first+"."+p.last) + d.among("@example.com", "@example.org", "@example.net")
		if !d.oneIn(12) {
			p.phone = number(p.country, phones[p.country])
			phones[p.country]++
		}
		if d.oneIn(2) {
			token := d.uuid()
			p.token = fmt.Sprintf("fcm:%x", token[:12])
		}
		p.since = d.between("2016-01-01", "2026-11-01").Truncate(24 * time.Hour)
		p.erased = d.oneIn(80)
		people = append(people, p)
	}
	moveIn(people)
	return people
}

// number is the n-th mobile number of a country, from the ranges that ARCEP,
// Ofcom and the administration of the North American plan keep for fiction.
// Elsewhere people of the demo have none.
func number(country string, n int) string {
	switch {
	case country == "FR" && n < 10_000:
		return fmt.Sprintf("+3363998%04d", n)
	case country == "GB" && n < 1000:
		return fmt.Sprintf("+447700900%03d", n)
	case country == "US" && n < 700:
		return fmt.Sprintf("+1%d0255501%02d", 2+n/100, n%100)
	}
	return ""
}
