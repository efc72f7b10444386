package main

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// throwaway is a domain of addresses that nobody reads.
const throwaway = "throwaway.example"

// suppressed is an upload file of Journey Optimizer: people who asked on the
// telephone or by letter, and a domain.
func suppressed(d *dice, people []*person) (rows [][]string) {
	rows = [][]string{{"TYPE", "VALUE", "COMMENT"}, {"DOMAIN", throwaway, "addresses that nobody reads"}}
	for _, i := range d.shuffle(len(people))[:40] {
		rows = append(rows, []string{"EMAIL", capitals(people[i].email), d.among("", "asked by letter", "said so, on the phone", "“never again”")})
	}
	return rows
}

// doNotCall is a registry of people in America who want no marketing, and those
// of them who have bought something since.
func doNotCall(d *dice, people []*person) (registry, customers [][]string) {
	registry, customers = [][]string{{"phone"}}, [][]string{{"phone", "bought"}}
	for _, i := range d.shuffle(len(people)) {
		p := people[i]
		digits, american := strings.CutPrefix(p.phone, "+1")
		if !american || !d.oneIn(5) {
			continue
		}
		registry = append(registry, []string{digits}) // ten, as such registries have them
		if d.oneIn(4) {
			customers = append(customers, []string{p.phone, "2026-10-31"})
		}
	}
	return registry, customers
}

// csvFile writes rows to one file, as spreadsheets do.
func csvFile(f folder, name string, rows [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.write(name, b.Bytes())
}
