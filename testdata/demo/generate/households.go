package main

// stance is what somebody said of marketing on any channel, and of every
// channel, where it is not drawn.
type stance struct{ any, channel string }

// households are pairs of people with one address between them. The first of
// them matters to the second, and where both refuse, each to the other.
var households = [][2]stance{
	{{"y", "y"}, {"y", "y"}},
	{{"n", "y"}, {"y", "y"}},
	{{"y", "n"}, {"y", "y"}},
	{{"", "dn"}, {"y", "y"}},
	{{"dn", ""}, {"y", "y"}},
	{{"dn", "y"}, {"y", "y"}}, // a default that gives way to their own yes denies nobody
	{{"y", "n"}, {"y", "n"}},
}

// moveIn makes two of 35 people live together: by turns they share an email
// address or a telephone, which the profile of the second spells in its own way.
func moveIn(people []*person) {
	for n := range len(people) / 35 {
		first, second := people[35*n], people[35*n+1]
		pair := &households[n/2%len(households)]
		first.stance, second.stance = &pair[0], &pair[1]
		first.erased, second.erased = false, false
		second.country, second.city = first.country, first.city
		second.spells = true
		if n%2 == 0 {
			second.last, second.email = first.last, first.email
		} else {
			second.phone = first.phone
		}
	}
}
