package main

import (
	"fmt"
	"time"
)

// wishRow is a row of an email list without profile ids: addresses that were
// left on the page of an article that was sold out.
type wishRow struct {
	Email        string    `parquet:"email,optional"`
	SKU          string    `parquet:"sku,dict"`
	AskedAt      time.Time `parquet:"asked_at,timestamp(millisecond)"`
	Alternatives []string  `parquet:"alternatives,list"`
}

// wishes are those of people whom the profiles know by their address, and of a
// few guests.
func wishes(d *dice, people []*person, n int) (rows []wishRow) {
	for i, p := range plan(d, people, n, byEmail) {
		if i%15 == 14 {
			p.address = fmt.Sprintf("guest.%d@example.net", i)
		}
		if i%30 == 14 {
			p.address = fmt.Sprintf("guest.%d@%s", i, throwaway)
		}
		r := wishRow{Email: p.address, SKU: "SOFA-12", AskedAt: d.between("2026-10-20", "2026-11-23")}
		for _, sku := range []string{"SOFA-09", "SOFA-14"} {
			if d.oneIn(2) {
				r.Alternatives = append(r.Alternatives, sku)
			}
		}
		rows = append(rows, r)
	}
	return rows
}
