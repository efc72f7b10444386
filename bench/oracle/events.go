package oracle

import (
	"cmp"
	"fmt"
	"strings"
)

// Events is a log of opt-outs and opt-ins in the job.
type Events struct {
	Name      string            `json:"name"`
	Path      string            `json:"path"`
	Delimiter string            `json:"delimiter,omitempty"`
	Region    string            `json:"region,omitempty"`
	Columns   map[string]string `json:"columns"`
	Channel   string            `json:"channel,omitempty"`
	Scope     string            `json:"scope,omitempty"`
	Choice    string            `json:"choice,omitempty"`
	Values    map[string]string `json:"values,omitempty"`
}

// newEvents draws the event logs of a job, whose lists are drawn already.
func (p people) newEvents(a answerer, j *Job) (tables []Table) {
	for number := range one(p.dice, 0, 0, 1, 1, 2) {
		e, t := p.newLog(a, j, number)
		j.Events = append(j.Events, e)
		tables = append(tables, t)
	}
	return tables
}

func (p people) newLog(a answerer, j *Job, number int) (Events, Table) {
	e := Events{
		Name: fmt.Sprintf("events-%d", number),
		Path: fmt.Sprintf("events/%d%s", number, one(p.dice, formats...)),
		Columns: map[string]string{
			"time": "ts", "profile": "profile_id", "address": "address",
			"channel": "channel", "scope": "scope", "choice": "choice", "subscription": "list",
		},
	}
	if p.chance(40) {
		e.Region = one(p.dice, regions...)
	}
	if p.chance(25) {
		e.Columns["channel"], e.Channel = "", j.SendLists[0].Channel
	}
	if p.chance(25) {
		e.Columns["scope"], e.Scope = "", one(p.dice, "", "channel", "all")
	}
	switch p.IntN(4) {
	case 0:
		e.Columns["choice"], e.Choice = "", "n"
		if p.chance(30) {
			e.Columns["time"] = ""
		}
	case 1:
		e.Values = map[string]string{"STOP": "n", "START": "y"}
	}
	for key, name := range e.Columns {
		if name == "" {
			delete(e.Columns, key)
		}
	}
	kind, stampKind := p.kind, one(p.dice, "TIMESTAMPTZ", "TIMESTAMP")
	if isCSV(e.Path) || isNDJSON(e.Path) {
		kind, stampKind = "VARCHAR", "VARCHAR"
	}
	t := Table{path: e.Path, columns: []column{
		{"ts", stampKind},
		{"profile_id", kind},
		{"address", "VARCHAR"},
		{"channel", "VARCHAR"},
		{"scope", "VARCHAR"},
		{"choice", "VARCHAR"},
		{"list", "VARCHAR"},
		{"agent", "VARCHAR"},
	}}
	for range p.between(1, 25) {
		t.rows = append(t.rows, p.event(a, j, e))
	}
	return e, t
}

// event draws an event that names somebody, and an address only of the kind that its
// channel has, now and then one that is none.
func (p people) event(a answerer, j *Job, e Events) row {
	who := one(p.dice, p.persons...)
	channel := e.Channel
	if channel == "" {
		channel = one(p.dice, append([]string{"email", "sms", "fax"}, listChannels(j)...)...)
	}
	kind := channelKind[channel]
	r := row{
		"ts":         a.happenedAt(),
		"profile_id": who.id,
		"channel":    channel,
		"scope":      one(p.dice, "channel", "channel", "Channel", "ALL", "identity", "subscription"),
		"choice":     one(p.dice, "n", "N", "n", "y", "Y"),
		"list":       one(p.dice, "newsletter", "offers"),
		"agent":      "a browser, of sorts",
	}
	if kind != "" && p.chance(70) {
		r["address"] = p.spellIn(cmp.Or(e.Region, p.region), kind, p.address(who, kind))
		switch {
		case p.chance(40):
			r["profile_id"] = nil
		case p.chance(15):
			r["profile_id"] = one(p.dice, p.persons...).id
		}
		if malformed[kind] != nil && p.chance(4) {
			r["address"] = one(p.dice, malformed[kind]...)
		}
	}
	if e.Values != nil && p.chance(50) {
		r["choice"] = one(p.dice, "STOP", "STOP", "START")
	}
	if p.chance(25) {
		r["channel"] = spellChannel(p.dice, channel)
	}
	return r
}

func listChannels(j *Job) (names []string) {
	for _, l := range j.SendLists {
		names = append(names, l.Channel, l.Channel)
	}
	return names
}

// spellChannel names a channel as the consent schema does, or in another case.
func spellChannel(d dice, channel string) string {
	if channel == "sms" {
		return one(d, "SMS", "MMS", "rcs")
	}
	return one(d, strings.ToUpper(channel), channelField[channel])
}

// happenedAt is when an event was: never, at a time that answers have too, on the
// day of the run, or after it.
func (a answerer) happenedAt() any {
	switch n := a.IntN(100); {
	case n < 12:
		return nil
	case n < 60:
		return one(a.dice, a.instants...)
	case n < 90:
		return stamp(sending.AddDate(0, 0, -a.IntN(60)))
	}
	return stamp(sending.AddDate(0, 0, a.between(2, 40)))
}
