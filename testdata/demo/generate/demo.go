package main

import (
	"errors"

	"github.com/parquet-go/parquet-go"
)

// exported is when the systems of the demo wrote their snapshots.
const exported = "2026-11-24T01:30:00Z"

// writeDemo writes the inputs of the demo job. Every input is drawn by itself,
// so that a change of one leaves the others as they are.
func writeDemo(f folder) error {
	people := settle(newDice(1))
	stamp := parquet.KeyValueMetadata("exported_at", exported)
	for _, write := range []func() error{
		func() error { return parts(f, "profiles/date=2026-11-24", profiles(newDice(2), people)) },
		func() error { return parts(f, "consents", records(newDice(3), people), stamp) },
		func() error { return parquetFile(f, "preference_centre.parquet", preferences(newDice(4), people)) },
		func() error {
			rows := promotions(newDice(5), people, 1800)
			return parquetFile(f, "lists/black_friday.parquet", rows, parquet.MaxRowsPerRowGroup(500))
		},
		func() error {
			rows := members(newDice(6), people, 400)
			return parts(f, "lists/black_friday_members", rows)
		},
		func() error { return parquetFile(f, "lists/flash_sale.parquet", texts(newDice(7), people, 1200)) },
		func() error {
			return parquetFile(f, "lists/order_updates.parquet", updates(newDice(8), people, 700), parquet.Compression(&parquet.Snappy))
		},
		func() error {
			return parquetFile(f, "lists/winter_catalogue.parquet", catalogues(newDice(9), people, 1000))
		},
		func() error { return parquetFile(f, "lists/back_in_stock.parquet", wishes(newDice(10), people, 240)) },
		func() error { return csvFile(f, "lists/suppressed.csv", suppressed(newDice(11), people)) },
		func() error {
			registry, customers := doNotCall(newDice(12), people)
			return errors.Join(csvFile(f, "lists/us_dnc.csv", registry), csvFile(f, "lists/us_customers.csv", customers))
		},
		func() error { return lines(f, clicks(newDice(13), people)) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// records are the consents of most people, second thoughts of some, and records
// of people whom no list plans.
func records(d *dice, people []*person) (rows []consentRow) {
	for _, i := range d.shuffle(len(people)) {
		if p := people[i]; p.stance != nil || !d.oneIn(16) {
			rows = append(rows, answers(d, p))
		}
	}
	for _, p := range people {
		if p.stance == nil && d.oneIn(70) {
			rows = append(rows, answers(d, p))
		}
	}
	for range 60 {
		rows = append(rows, answers(d, &person{id: d.uuid(), email: "gone@example.org"}))
	}
	return rows
}
