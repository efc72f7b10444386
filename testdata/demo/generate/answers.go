package main

import (
	"strings"
	"time"
)

// How often an answer comes. "" is no answer, "yes" an error of some form.
var (
	anyShares      = []share{{"", 840}, {"y", 110}, {"n", 25}, {"dn", 14}, {"p", 5}, {"u", 5}, {"yes", 1}}
	emailShares    = []share{{"y", 570}, {"Y", 30}, {"dy", 90}, {"n", 70}, {"N", 6}, {"dn", 20}, {"p", 30}, {"u", 25}, {"LI", 15}, {"CT", 10}, {"", 127}, {"yes", 7}}
	smsShares      = []share{{"y", 520}, {"Y", 15}, {"n", 90}, {"dn", 15}, {"p", 40}, {"u", 30}, {"LI", 60}, {"CT", 20}, {"CP", 5}, {"", 200}, {"yes", 5}}
	pushShares     = []share{{"y", 480}, {"n", 110}, {"dn", 30}, {"p", 40}, {"u", 20}, {"", 318}, {"yes", 2}}
	postShares     = []share{{"y", 180}, {"n", 60}, {"dn", 10}, {"u", 10}, {"", 740}}
	shareShares    = []share{{"y", 800}, {"n", 80}, {"u", 20}, {"", 100}}
	personalShares = []share{{"y", 640}, {"n", 90}, {"dn", 20}, {"", 250}}
	reasons        = []share{{"", 6}, {"too many messages", 2}, {"not relevant", 1}, {"never signed up", 1}}
)

// answered draws when somebody answered; few answers are old enough to expire,
// and fewer have no time.
func answered(d *dice) *time.Time {
	at := d.between("2025-01-05", "2026-11-20")
	switch n := d.below(100); {
	case n < 8:
		at = d.between("2022-03-01", "2024-09-30")
	case n < 12:
		return nil
	}
	return &at
}

// ask draws an answer, nil for none at all.
func ask(d *dice, shares []share) *answer {
	val := d.weigh(shares)
	if val == "" && d.oneIn(2) {
		return nil
	}
	a := &answer{Val: val}
	if val != "" {
		a.Time = answered(d)
	}
	if strings.EqualFold(val, "n") {
		a.Reason = d.weigh(reasons)
	}
	return a
}

func askPurpose(d *dice, shares []share) *value {
	if val := d.weigh(shares); val != "" {
		return &value{val}
	}
	return nil
}

// answers draws the record of a person.
func answers(d *dice, p *person) consentRow {
	if p.stance != nil {
		return p.stated()
	}
	c := &consents{Marketing: &marketing{
		Preferred: d.weigh([]share{{"", 7}, {"email", 2}, {"sms", 1}}),
		Any:       ask(d, anyShares), SMS: ask(d, smsShares), Push: ask(d, pushShares), PostalMail: ask(d, postShares),
	}}
	c.Share = askPurpose(d, shareShares)
	if val := askPurpose(d, personalShares); val != nil {
		c.Personalize = &content{val}
	}
	if a := ask(d, emailShares); a != nil {
		c.Marketing.Email = &channelAnswer{a.Val, a.Time, a.Reason, nil}
		if d.oneIn(5) {
			c.Marketing.Email.Subscriptions = subscribed(d, p)
		}
	}
	if d.oneIn(9) {
		c.IDSpecific = byAddress(d, p)
	}
	if !d.oneIn(20) {
		c.Metadata = &metadata{answered(d)}
	}
	return consentRow{p.key(), c}
}

// stated is the record of somebody whose answers are not drawn.
func (p *person) stated() consentRow {
	m := &marketing{}
	if p.stance.any != "" {
		m.Any = said(p.stance.any, "2026-06-01")
	}
	if p.stance.channel != "" {
		a := said(p.stance.channel, "2026-06-01")
		m.Email, m.SMS, m.Push, m.PostalMail = mail(a), a, a, a
	}
	return consentRow{p.key(), &consents{Share: &value{"y"}, Personalize: &content{&value{"y"}}, Marketing: m}}
}

// subscribed draws the newsletters that a person took or left.
func subscribed(d *dice, p *person) map[string]subscription {
	since := answered(d)
	list := map[string]subscription{
		"newsletter": {
			Val: d.weigh([]share{{"y", 60}, {"n", 35}, {"", 5}}), Type: "list", Topics: []string{"offers", "stories"},
			Subscribers: map[string]subscriber{p.email: {since, d.among("web", "shop", "app")}},
		},
	}
	if d.oneIn(2) {
		list["events"] = subscription{Val: d.among("y", "n"), Type: "list"}
	}
	return list
}
