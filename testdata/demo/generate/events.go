package main

import (
	"bytes"
	"encoding/json"
	"time"
)

// event is a line of a log of what people said since the snapshots.
type event struct {
	At      *time.Time `json:"at"`
	Profile string     `json:"profile_id,omitempty"`
	Address string     `json:"address,omitempty"`
	Channel string     `json:"channel"`
	Scope   string     `json:"scope"`
	Said    string     `json:"said"`
	List    string     `json:"list,omitempty"`
}

// clicks are links to unsubscribe, replies to texts, and what people saved in a
// preference centre. Some think again an hour later.
func clicks(d *dice, people []*person) (log []event) {
	add := func(e event, at time.Time) {
		e.At = &at
		log = append(log, e)
	}
	for _, i := range d.shuffle(len(people))[:150] {
		p, at := people[i], d.between("2026-11-22", "2026-11-24").Add(20*time.Hour)
		e := event{Address: capitals(p.email), Channel: "email", Scope: "channel", Said: "unsubscribe"}
		switch n := d.below(10); {
		case n < 2: // a click in a message that names the address alone
		case n < 4:
			e.Scope = "identity"
		case n < 6 && p.phone != "":
			e = event{Address: p.phone, Channel: "sms", Scope: "channel", Said: "STOP"}
		case n < 7:
			e = event{Profile: p.key(), Channel: "email", Scope: "subscription", Said: "n", List: "newsletter"}
		case n < 8:
			e = event{Profile: p.key(), Channel: "email", Scope: "all", Said: "n"}
		default:
			e = event{Profile: p.key(), Address: p.email, Channel: d.among("email", "sms", "push"), Scope: "channel", Said: "y"}
			if e.Channel != "email" {
				e.Address = ""
			}
		}
		add(e, at)
		if d.oneIn(8) && e.Said != "y" {
			e.Said = "y"
			add(e, at.Add(time.Hour))
		}
	}
	for range 6 { // by a mailbox provider, who does not say when
		p := people[d.below(len(people))]
		log = append(log, event{Address: p.email, Channel: "email", Scope: "channel", Said: "complaint"})
	}
	return log
}

// lines writes a log as JSON lines, the later half to a second file.
func lines(f folder, log []event) error {
	for k, part := range [][]event{log[:len(log)/2], log[len(log)/2:]} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		for i := range part {
			if err := e.Encode(&part[i]); err != nil {
				return err
			}
		}
		if err := f.write([]string{"events/a.ndjson", "events/b.ndjson"}[k], b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
