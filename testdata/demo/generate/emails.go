package main

import "time"

// promotionRow is a row of an email list with personal content.
type promotionRow struct {
	ProfileID     string            `parquet:"profile_id,optional"`
	Email         string            `parquet:"email,optional"`
	FirstName     string            `parquet:"first_name,optional"`
	LastCity      string            `parquet:"last_city,optional,dict"`
	CampaignID    string            `parquet:"campaign_id,optional,dict"`
	SendAt        time.Time         `parquet:"send_at,timestamp(millisecond)"`
	Offers        []offer           `parquet:"offers,optional,list"`
	Labels        map[string]string `parquet:"labels,optional"`
	LifetimeValue int64             `parquet:"lifetime_value,decimal(2:18)"`
	CustomerSince int32             `parquet:"customer_since,date"`
	LastOrderAt   *time.Time        `parquet:"last_order_at,optional,timestamp(microsecond:local)"`
}

type offer struct {
	SKU   string `parquet:"sku,dict"`
	Price int32  `parquet:"price,decimal(2:9)"`
	Rank  int32  `parquet:"rank"`
}

func promotions(d *dice, people []*person, n int) (rows []promotionRow) {
	send := day("2026-11-27").Add(7 * time.Hour)
	for i, p := range plan(d, people, n, byEmail) {
		r := promotionRow{
			ProfileID: p.profile, Email: p.address, FirstName: p.first, LastCity: p.city, CampaignID: "bf26",
			SendAt: send.Add(time.Duration(i/200) * 10 * time.Minute), LifetimeValue: int64(d.below(900_000)), CustomerSince: days(p.since),
			Labels: map[string]string{"segment": d.among("gold", "silver", "new"), "variant": d.among("a", "b")},
		}
		for rank := range d.below(4) {
			r.Offers = append(r.Offers, offer{d.among("LAMP-01", "DESK-07", "SOFA-12", "MUG-33"), int32(990 + d.below(20_000)), int32(rank + 1)})
		}
		if !d.oneIn(4) {
			at := d.between("2025-01-01", "2026-11-20")
			r.LastOrderAt = &at
		}
		rows = append(rows, r)
	}
	return rows
}

func days(at time.Time) int32 { return int32(at.Unix() / 86400) }

// memberRow is a row of another email list, whose keys are nested.
type memberRow struct {
	Member     member    `parquet:"member"`
	Contact    *contact  `parquet:"contact,optional"`
	CampaignID string    `parquet:"campaign_id,optional,dict"`
	SendAt     time.Time `parquet:"send_at,timestamp(millisecond)"`
	Points     int64     `parquet:"points"`
	Perks      []string  `parquet:"perks,list"`
}

type member struct {
	ID   string `parquet:"id,optional"`
	Tier string `parquet:"tier,enum"`
}

type contact struct {
	Email    string `parquet:"email,optional"`
	Language string `parquet:"language,optional,dict"`
}

// members plans some of the same people for the same campaign, and others for a
// campaign that no other list has.
func members(d *dice, people []*person, n int) (rows []memberRow) {
	for _, p := range plan(d, people, n, byEmail) {
		r := memberRow{
			Member: member{p.profile, d.among("GOLD", "PLATINUM")}, Contact: &contact{p.address, d.among("fr", "en", "de")},
			CampaignID: d.among("bf26", "members26", "members26"), SendAt: day("2026-11-26").Add(17 * time.Hour), Points: int64(d.below(50_000)),
		}
		for _, perk := range []string{"early access", "free delivery", "gift"} {
			if d.oneIn(2) {
				r.Perks = append(r.Perks, perk)
			}
		}
		rows = append(rows, r)
	}
	return rows
}
