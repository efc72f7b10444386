package main

import "time"

// somebody is a person of the sample.
type somebody struct {
	id, first, last, country, city, email, phone string
	erased                                       bool
	consents                                     *consents // nil for no record
}

func (p *somebody) profileRow() profileRow {
	as := person{first: p.first, last: p.last, email: p.email, phone: p.phone, country: p.country, city: p.city,
		since: day("2021-03-08"), erased: p.erased}
	r := as.profile()
	r.ProfileID = p.id
	return r
}

// everybody is who stands in the sample, with what they answered.
func everybody() []somebody {
	yes, no := said("y", "2026-02-01"), said("n", "2026-09-14")
	return []somebody{
		{id: "p-01", first: "Ada", last: "Abel", country: "FR", city: "Lyon", email: "ada.abel@example.com", phone: "+33639980001",
			consents: &consents{Personalize: &content{&value{"y"}}, Marketing: &marketing{Email: mail(yes), SMS: yes}}},
		// Generic content only; texts on a legal basis that the job accepts.
		{id: "p-02", first: "Ben", last: "Barnes", country: "GB", city: "Leeds", email: "ben.barnes@example.com", phone: "+447700900002",
			consents: &consents{Personalize: &content{&value{"n"}}, Marketing: &marketing{Email: mail(yes), SMS: said("LI", "2026-02-01")}}},
		{id: "p-03", first: "Clara", last: "Caron", country: "FR", city: "Paris", email: "clara.caron@example.org", phone: "+33639980003",
			consents: &consents{Marketing: &marketing{Email: mail(no), SMS: no}}},
		// No marketing at all: the yes to email does not lift it.
		{id: "p-04", first: "Dan", last: "Dale", country: "US", city: "Denver", email: "dan.dale@example.net",
			consents: &consents{Marketing: &marketing{Any: no, Email: mail(yes)}}},
		// Email, but not at this address.
		{id: "p-05", first: "Emma", last: "Ebert", country: "DE", city: "Berlin", email: "emma.ebert@example.com",
			consents: &consents{Marketing: &marketing{Email: mail(yes)}, IDSpecific: map[string]map[string]ofAddress{
				"EMAIL": {"Emma.Ebert@Example.com": {Marketing: &addressChannels{Email: &timed{no.Val, no.Time}}}},
			}}},
		// Signed up, and has not confirmed yet.
		{id: "p-06", first: "Finn", last: "Fabre", country: "FR", city: "Nantes", email: "finn.fabre@example.org",
			consents: &consents{Marketing: &marketing{Email: mail(said("p", "2026-11-23"))}}},
		// Two who were never asked, in countries of different law.
		{id: "p-07", first: "Grace", last: "Grant", country: "GB", city: "Bristol", email: "grace.grant@example.com", phone: "+447700900007"},
		{id: "p-08", first: "Hugo", last: "Haas", country: "DE", city: "Leipzig", email: "hugo.haas@example.net"},
		// Said yes long ago.
		{id: "p-09", first: "Isla", last: "Irwin", country: "US", city: "Boston", email: "isla.irwin@example.org", phone: "+12025550109",
			consents: &consents{Marketing: &marketing{Email: mail(said("y", "2022-05-04")), SMS: no}}},
		// Email, but not this newsletter.
		{id: "p-10", first: "Jules", last: "Jolly", country: "FR", city: "Lille", email: "jules.jolly@example.com",
			consents: &consents{Marketing: &marketing{Email: leaving(yes, "weekly")}}},
		{id: "p-11", first: "Kim", last: "Keller", country: "DE", city: "Hamburg", email: "kim.keller@example.com", erased: true,
			consents: &consents{Marketing: &marketing{Email: mail(yes)}}},
		{id: "p-12", first: "Leo", last: "Lambert", country: "US", city: "Atlanta", email: "leo.lambert@example.net", phone: "+12025550112",
			consents: &consents{Marketing: &marketing{Email: mail(yes), SMS: yes}}},
		// Said yes, but has one address with Dan, who said no: an opt-out follows
		// the address.
		{id: "p-13", first: "Mona", last: "Dale", country: "US", city: "Denver", email: "Dan.Dale@Example.net",
			consents: &consents{Marketing: &marketing{Email: mail(yes)}}},
	}
}

func said(val, on string) *answer {
	at := day(on).Add(10 * time.Hour)
	return &answer{Val: val, Time: &at}
}

func mail(a *answer) *channelAnswer { return &channelAnswer{Val: a.Val, Time: a.Time} }

// leaving is an answer for email of somebody who left one newsletter.
func leaving(a *answer, newsletter string) *channelAnswer {
	c := mail(a)
	c.Subscriptions = map[string]subscription{newsletter: {Val: "n", Type: "list"}}
	return c
}
