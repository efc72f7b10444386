package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// A person is a profile of a random job. Several share an address.
type person struct {
	id           any
	email, phone string // normal forms
	devices      []device
}

// people are the population of a random job: some dozens, so that lists,
// records and addresses meet often.
type people struct {
	dice
	kind    string // of ids: a DuckDB type
	region  string // where the job's numbers without a country are at home; "" for nowhere
	persons []person
	strange []any // ids of nobody
}

func newPeople(d dice) people {
	p := people{dice: d, kind: one(d, "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "UUID"), region: one(d, append(regions, "", "FR")...)}
	style := d.IntN(3)
	number := d.between(12, 45)
	addresses := d.between(number/2, number)
	devices := d.newDevices(addresses)
	for i := range number + 5 {
		who := person{
			id:    p.id(i, style),
			email: p.email(d.IntN(addresses)),
			phone: p.phone(d.IntN(addresses)),
		}
		for range one(d, 1, 1, 1, 2, 3) {
			who.devices = append(who.devices, one(d, devices...))
		}
		if i >= number {
			p.strange = append(p.strange, who.id)
		} else {
			p.persons = append(p.persons, who)
		}
	}
	return p
}

// id makes ids that a careless comparison would mistake for each other: equal
// but for case, for leading zeros, for the last digit.
func (p people) id(i, style int) any {
	uuid := fmt.Sprintf("%08x-abcd-4ef0-8abc-%012x", i/2, i/2*7)
	switch {
	case p.kind == "BIGINT":
		return i + 1
	case p.kind == "UUID":
		return fmt.Sprintf("%08x-abcd-4ef0-8abc-%012x", i+1, i*7)
	case style == 0 && i%2 == 0:
		return uuid
	case style == 0:
		return strings.ToUpper(uuid)
	case style == 1 && i%2 == 0:
		return strconv.Itoa(i/2 + 1)
	case style == 1:
		return fmt.Sprintf("0%d", i/2+1)
	default:
		return fmt.Sprintf("Client:%d/é", i)
	}
}

func (people) email(i int) string {
	name := one3(i, "ana%d", "josé%d", "o'hara+%d")
	domains := []string{"mail.example", "xn--bcher-kva.example", "post.example.org", "gmail.com"}
	return fmt.Sprintf(name+"@%s", i, domains[i/3%len(domains)])
}

func (people) phone(i int) string {
	return fmt.Sprintf(one3(i, "+336123456%02d", "+5255123456%02d", "+1212555%04d"), i)
}

func one3(i int, a, b, c string) string { return []string{a, b, c}[i%3] }

// stranger is nobody of the job, whom whoever makes a list tests it with.
func (p people) stranger() person {
	number := p.between(90, 92)
	return person{
		id:    one[any](p.dice, "Stranger", "ABCDEF00-ABCD-4EF0-8ABC-0000000000FF"),
		email: p.email(number), phone: p.phone(number), devices: []device{{token: "Tok-90=="}},
	}
}

// address is one of a person's, for a channel's kind.
func (p people) address(who person, kind string) string {
	switch kind {
	case "email":
		return who.email
	case "phone":
		return who.phone
	case "token":
		return one(p.dice, who.devices...).token
	}
	return ""
}
