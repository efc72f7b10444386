package main

import (
	"fmt"
	"time"
)

// catalogueRow is a row of a list for direct mail, handed to a printer.
type catalogueRow struct {
	ProfileID string      `parquet:"profile_id,optional"`
	Postal    postal      `parquet:"postal"`
	Household []housemate `parquet:"household,optional,list"`
	Postage   int32       `parquet:"postage,decimal(2:5)"`
	PrintOn   int32       `parquet:"print_on,date"`
}

type postal struct {
	Name    string   `parquet:"name"`
	Lines   []string `parquet:"lines,list"`
	City    string   `parquet:"city,optional,dict"`
	Country string   `parquet:"country,optional,dict"`
}

type housemate struct {
	FirstName string    `parquet:"first_name"`
	Since     time.Time `parquet:"since,timestamp(millisecond)"`
}

func catalogues(d *dice, people []*person, n int) (rows []catalogueRow) {
	for _, p := range plan(d, people, n, byPost) {
		r := catalogueRow{
			ProfileID: p.profile, Postage: int32(119 + d.below(3)*50), PrintOn: days(day("2026-11-30")),
			Postal: postal{
				Name: p.first + " " + p.last, City: p.city, Country: p.country,
				Lines: []string{fmt.Sprintf("%d %s Street", 1+d.below(99), d.among("Invented", "Imagined", "Made-up"))},
			},
		}
		if d.oneIn(4) {
			r.Postal.Lines = append(r.Postal.Lines, "second floor")
			r.Household = append(r.Household, housemate{d.among(firstNames...), p.since})
		}
		rows = append(rows, r)
	}
	return rows
}
