package main

import (
	"strings"
	"time"
)

// textRow is a row of an SMS list.
type textRow struct {
	Customer   string            `parquet:"customer,optional"`
	Mobile     string            `parquet:"mobile,optional"`
	CampaignID string            `parquet:"campaign_id,optional,dict"`
	SendAt     *time.Time        `parquet:"send_at,optional,timestamp(microsecond)"`
	Coupons    map[string]coupon `parquet:"coupons,optional"`
	Score      float64           `parquet:"score"`
}

type coupon struct {
	Value   [9]byte `parquet:"value,decimal(2:20)"`
	Expires int32   `parquet:"expires,date"`
}

// texts plans messages by a till that writes ids in capitals.
func texts(d *dice, people []*person, n int) (rows []textRow) {
	for i, p := range plan(d, people, n, byPhone) {
		send := day("2026-11-27").Add(time.Duration(10*3600+i) * time.Second)
		r := textRow{
			Customer: strings.ToUpper(p.profile), Mobile: p.address, CampaignID: "flash26", SendAt: &send,
			Score: float64(d.below(1000)) / 1000,
		}
		for _, name := range []string{"shop", "web"} {
			if d.oneIn(2) {
				if r.Coupons == nil {
					r.Coupons = map[string]coupon{}
				}
				r.Coupons[name] = coupon{euros(d.below(50)), days(send) + 14}
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// euros is an amount in cents, in the big-endian bytes of a decimal.
func euros(n int) (cents [9]byte) {
	n *= 100
	cents[7], cents[8] = byte(n>>8), byte(n)
	return cents
}
