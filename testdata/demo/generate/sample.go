package main

import "time"

// writeSample writes the inputs of the sample: a few people, each of whom
// shows one thing.
func writeSample(f folder) error {
	var profiles []profileRow
	var consents []consentRow
	for _, p := range everybody() {
		profiles = append(profiles, p.profileRow())
		if p.consents != nil {
			consents = append(consents, consentRow{p.id, p.consents})
		}
	}
	for _, write := range []func() error{
		func() error { return parquetFile(f, "profiles/date=2026-11-24/part-00000.parquet", profiles) },
		func() error { return parquetFile(f, "consents/date=2026-11-24/part-00000.parquet", consents) },
		func() error { return parquetFile(f, "lists/newsletter.parquet", newsletter(everybody())) },
		func() error { return parquetFile(f, "lists/text_offer.parquet", textOffer()) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// newsletter plans everybody, one of them at no address, one twice, and
// somebody whom the profiles do not know.
func newsletter(people []somebody) (rows []promotionRow) {
	row := func(id, email, first, city string) {
		ordered := day("2026-10-31").Add(9 * time.Hour)
		rows = append(rows, promotionRow{
			ProfileID: id, Email: email, FirstName: first, LastCity: city, CampaignID: "weekly-48",
			SendAt: day("2026-11-25").Add(6 * time.Hour), Offers: []offer{{"LAMP-01", 4990, 1}, {"MUG-33", 1200, 2}},
			Labels: map[string]string{"segment": "reader"}, LifetimeValue: 12_345, CustomerSince: days(day("2021-03-08")), LastOrderAt: &ordered,
		})
	}
	for _, p := range people {
		email := p.email
		if p.first == "Leo" {
			email = "leo.lambert.example.net"
		}
		row(p.id, email, p.first, p.city)
	}
	ada := people[0]
	row(ada.id, " "+capitals(ada.email), ada.first, ada.city)
	row("p-99", "guest@example.net", "Mia", "Lyon")
	return rows
}

// textOffer plans a few of them, with numbers as tills write them.
func textOffer() (rows []textRow) {
	for _, r := range []textRow{
		{Customer: "p-01", Mobile: "06 39 98 00 01"}, {Customer: "p-02", Mobile: "+44 7700 900002"},
		{Customer: "p-03", Mobile: "0033639980003"}, {Customer: "p-07", Mobile: "+447700900007"},
		{Customer: "p-09", Mobile: "+1 (202) 555-0109"}, {Customer: "p-12", Mobile: "+12025550112"},
	} {
		send := day("2026-11-25").Add(17 * time.Hour)
		r.CampaignID, r.SendAt, r.Score = "texts-48", &send, 0.5
		r.Coupons = map[string]coupon{"shop": {euros(5), days(send) + 14}}
		rows = append(rows, r)
	}
	return rows
}
