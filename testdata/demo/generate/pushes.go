package main

import "time"

// updateRow is a row of a push list about orders.
type updateRow struct {
	OrderID     int64     `parquet:"order_id"`
	ProfileID   [16]byte  `parquet:"profile_id,optional,uuid"`
	DeviceToken string    `parquet:"device_token,optional"`
	Status      string    `parquet:"status,enum"`
	Parcels     []parcel  `parquet:"parcels,optional,list"`
	ShippedAt   time.Time `parquet:"shipped_at,timestamp(nanosecond)"`
	Arrives     int32     `parquet:"arrives,date"`
}

type parcel struct {
	Carrier string            `parquet:"carrier,dict"`
	Weight  int32             `parquet:"weight,decimal(3:7)"` // kilograms
	Notes   map[string]string `parquet:"notes,optional"`
}

// updates plans messages about orders; somebody with two orders gets two.
func updates(d *dice, people []*person, n int) (rows []updateRow) {
	for i, p := range plan(d, people, n, byDevice) {
		r := updateRow{
			OrderID: int64(700_000 + i), DeviceToken: p.address, Status: d.among("SHIPPED", "DELAYED"),
			ShippedAt: d.between("2026-11-22", "2026-11-24"), Arrives: days(day("2026-11-25")) + int32(d.below(4)),
		}
		switch p.profile {
		case p.key():
			r.ProfileID = p.id
		case "", "N/A", "0", "unknown", "00000000-0000-0000-0000-000000000000": // a UUID is one, or null
		default:
			r.ProfileID = d.uuid()
		}
		for range 1 + d.below(2) {
			r.Parcels = append(r.Parcels, parcel{d.among("Northern Post", "Quick Parcel"), int32(200 + d.below(9000)), nil})
		}
		if d.oneIn(3) {
			r.Parcels[0].Notes = map[string]string{"door": d.among("left", "right")}
		}
		rows = append(rows, r)
		if d.oneIn(25) {
			r.OrderID += 50_000
			rows = append(rows, r)
		}
	}
	return rows
}
