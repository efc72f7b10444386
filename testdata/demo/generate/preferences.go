package main

import "time"

// preferenceRow is a customer of the preference centre: a flat table with other
// words for the same answers.
type preferenceRow struct {
	CustomerID   [16]byte   `parquet:"customer_id,uuid"`
	WantsEmail   *bool      `parquet:"wants_email,optional"`
	WantsEmailAt *time.Time `parquet:"wants_email_at,optional,timestamp(millisecond)"`
	WantsSMS     *bool      `parquet:"wants_sms,optional"`
	WantsSMSAt   *time.Time `parquet:"wants_sms_at,optional,timestamp(millisecond)"`
	Post         string     `parquet:"post,optional,dict"` // oui or non
	ExportedAt   time.Time  `parquet:"exported_at,timestamp(millisecond)"`
}

// preferences are the answers of a fifth of the people.
func preferences(d *dice, people []*person) (rows []preferenceRow) {
	exported := day("2026-11-24").Add(95 * time.Minute)
	for _, i := range d.shuffle(len(people)) {
		p := people[i]
		if p.stance != nil || !d.oneIn(5) {
			continue
		}
		r := preferenceRow{CustomerID: p.id, ExportedAt: exported}
		r.WantsEmail, r.WantsEmailAt = tick(d, 85)
		r.WantsSMS, r.WantsSMSAt = tick(d, 75)
		r.Post = d.weigh([]share{{"oui", 5}, {"non", 1}, {"", 4}})
		rows = append(rows, r)
	}
	return rows
}

// tick draws a tick in a box, nil where the box was not shown; yes is its share
// in a hundred.
func tick(d *dice, yes int) (*bool, *time.Time) {
	if d.oneIn(4) {
		return nil, nil
	}
	ticked, at := d.below(100) < yes, d.between("2025-02-01", "2026-11-23")
	return &ticked, &at
}
