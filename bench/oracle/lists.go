package oracle

import (
	"fmt"
	"slices"
	"time"
)

// channelKind is what a channel's messages are sent to; "" for nothing.
var channelKind = map[string]string{
	"email": "email", "commercial_email": "email", "sms": "phone", "whatsapp": "phone",
	"call": "phone", "fax": "phone", "push": "token", "direct_mail": "", custom: "",
}

// channelField is the field of a channel below marketing.
var channelField = map[string]string{
	"email": "email", "commercial_email": "commercialEmail", "sms": "sms", "whatsapp": "whatsApp",
	"call": "call", "fax": "fax", "push": "push", "direct_mail": "postalMail", custom: "in_app",
}

// custom is a channel that the consent schema lacks.
const custom = "in_app"

// newSendList draws what the job says of a list.
func newSendList(d dice, number int) SendList {
	l := SendList{
		Name:     fmt.Sprintf("list-%d", number),
		Path:     fmt.Sprintf("lists/%d.parquet", number),
		Channel:  one(d, "email", "email", "email", "sms", "sms", "push", "push", "whatsapp", "call", "commercial_email", "direct_mail", custom),
		Category: one(d, "", "marketing", "marketing", "transactional"),
		Requires: some(d, 20, "share", "collect"),
		Profile:  "profile_id",
		SendAt:   one(d, "", "send_at", "send_at", sending.Format(time.RFC3339)),
	}
	if channelKind[l.Channel] != "" {
		l.Address = "address"
	}
	if d.chance(15) {
		l.Requires = append(l.Requires, "adID")
	}
	if d.chance(30) {
		l.Path = fmt.Sprintf("lists/%d/", number)
	}
	if slices.Contains(bindable, channelField[l.Channel]) && d.chance(40) {
		l.Subscription = one(d, "newsletter", "offers")
	}
	if d.chance(60) {
		l.Campaign = "campaign"
	}
	if d.chance(50) {
		l.Personalization = &Personalization{Columns: append(some(d, 50, "last_city", "points"), "first_name")}
		if d.chance(50) {
			l.Personalization.Fallback = map[string]any{"first_name": "there"}
			if slices.Contains(l.Personalization.Columns, "points") {
				l.Personalization.Fallback["points"] = "7"
			}
		}
	}
	return l
}

// newList draws the rows of a list. Rows of earlier lists come back, so that a
// campaign meets the same recipient in two lists.
func (p people) newList(l SendList, a answerer, earlier []row) Table {
	kind := channelKind[l.Channel]
	t := Table{
		path:  l.Path,
		parts: p.between(1, 3),
		columns: []column{
			{"first_name", "VARCHAR"},
			{"campaign", "VARCHAR"},
			{"profile_id", p.kind},
			{"send_at", one(p.dice, "TIMESTAMPTZ", "TIMESTAMP")},
			{"points", "INTEGER"},
			{"address", "VARCHAR"},
			{"last_city", "VARCHAR"},
			{"extra", "STRUCT(score DOUBLE, tags VARCHAR[], seen MAP(VARCHAR, TIMESTAMPTZ))"},
		},
	}
	for number := range p.between(20, 120) {
		who := one(p.dice, p.persons...)
		r := row{
			"profile_id": who.id,
			"address":    p.spell(kind, p.address(who, kind)),
			"campaign":   one[any](p.dice, "spring", "spring", "autumn", nil, "2", "None"),
			"send_at":    one[any](p.dice, stamp(sending), stamp(sending), nil, stamp(sending.Add(-time.Microsecond)), stamp(sending.AddDate(0, 0, 40))),
			"first_name": one[any](p.dice, "Ada", "Bruno", nil, ""),
			"points":     one[any](p.dice, number, nil),
			"last_city":  fmt.Sprintf("city %d", number),
			"extra":      one[any](p.dice, nil, row{"score": 1.5, "tags": []any{"a", nil}, "seen": row{"x": a.at()}}),
		}
		switch {
		case p.chance(8):
			r["profile_id"] = one(p.dice, p.strange...)
		case p.chance(3) && p.kind == "VARCHAR":
			r["profile_id"] = one(p.dice, placeholders...)
		case p.chance(3):
			r["profile_id"] = nil
		}
		switch {
		case p.chance(12):
			r["address"] = p.spell(kind, p.address(one(p.dice, p.persons...), kind))
		case p.chance(3):
			r["address"] = one(p.dice, placeholders...)
		case p.chance(3) && malformed[kind] != nil:
			r["address"] = one(p.dice, malformed[kind]...)
		}
		if len(earlier) > 0 && p.chance(20) {
			for _, column := range []string{"profile_id", "address", "campaign"} {
				r[column] = one(p.dice, earlier...)[column]
			}
		}
		t.rows = append(t.rows, r)
	}
	return t
}
