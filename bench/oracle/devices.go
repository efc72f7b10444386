package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// A device gets push messages. Several people share one.
type device struct {
	token, id     string // id is its ECID
	app, platform string
}

// newDevices makes devices whose tokens a careless comparison would mistake for each
// other, and some of which have an id together.
func (d dice) newDevices(number int) (devices []device) {
	for i := range number {
		devices = append(devices, device{
			token:    fmt.Sprintf(one3(i, "tok-%04d", "TOK-%04d", "tok-%04d=="), i/3),
			id:       fmt.Sprintf(one3(i, "ecid-%d", "ECID-%d", "ecid-%d"), i/4),
			app:      one(d, "shop", "shop", "Shop", "news"),
			platform: one(d, "fcm", "fcm", "apns"),
		})
	}
	return devices
}

// A deviceShape says where profiles have their devices, and which fields each has
// beside its token.
type deviceShape struct {
	column            string // dotted where it lies in a struct
	prefix            string // of every field name
	denied            []string
	app, platform, id bool
}

func newDeviceShape(d dice, lists []SendList) deviceShape {
	asked := func(what func(SendList) bool) bool { return slices.ContainsFunc(lists, what) || d.chance(70) }
	return deviceShape{
		column:   one(d, "pushNotificationDetails", "pushNotificationDetails", "push.details"),
		prefix:   one(d, "", "", "xdm:"),
		denied:   some(d, 60, "denylisted", "blocklisted", "blacklisted"),
		app:      asked(func(l SendList) bool { return l.App != "" }),
		platform: asked(func(l SendList) bool { return l.Platforms != nil }),
		id:       d.chance(75),
	}
}

// tableColumn is the column of devices, a list of structs.
func (s deviceShape) tableColumn() column {
	g := group{{s.prefix + "token", "VARCHAR"}}
	for _, name := range s.denied {
		g.add(s.prefix+name, "BOOLEAN")
	}
	if s.app {
		g.add(s.prefix+"appID", "VARCHAR")
	}
	if s.platform {
		g.add(s.prefix+"platform", "VARCHAR")
	}
	if s.id {
		g.add(s.prefix+"identity", group{{s.prefix + "id", "VARCHAR"}}.String())
	}
	kind := g.String() + "[]"
	if outer, inner, nested := strings.Cut(s.column, "."); nested {
		return column{outer, group{{inner, kind}}.String()}
	}
	return column{s.column, kind}
}

// put adds to a record of a profile its devices: most of the person's, now and then
// another's.
func (s deviceShape) put(r row, p people, who person) {
	var list any
	entries := []any{}
	for _, of := range append(some(p.dice, 85, who.devices...), some(p.dice, 10, one(p.dice, p.persons...).devices...)...) {
		entries = append(entries, s.entry(p.dice, of))
	}
	if len(entries) > 0 || p.chance(50) {
		list = entries
	}
	if outer, inner, nested := strings.Cut(s.column, "."); nested {
		r[outer] = row{inner: list}
		return
	}
	r[s.column] = list
}

// entry is a device as a record has it, now and then without a token or changed.
func (s deviceShape) entry(d dice, of device) row {
	e := row{
		"token": of.token, "appID": of.app, "platform": of.platform, "identity": row{s.prefix + "id": of.id},
		"denylisted": d.flag(), "blocklisted": d.flag(), "blacklisted": d.flag(),
	}
	switch d.IntN(20) {
	case 0:
		e["token"] = one(d, placeholders...)
	case 1:
		e["appID"] = one[any](d, nil, "shop", "news")
	case 2:
		e["platform"] = one[any](d, nil, "fcm", "apns", "APNS")
	case 3:
		e["identity"] = one[any](d, nil, row{}, row{s.prefix + "id": one(d, placeholders...)})
	case 4:
		e["token"] = " " + of.token
	}
	prefixed := row{}
	for name, v := range e {
		prefixed[s.prefix+name] = v
	}
	return prefixed
}

// flag is what a record says of whether a device is denied.
func (d dice) flag() any { return one[any](d, nil, false, false, d.chance(15)) }

// drawPush draws which devices the push lists of a job are for, whose profiles have
// some.
func (j *Job) drawPush(d dice) {
	for i := range j.SendLists {
		l := &j.SendLists[i]
		if channelKind[l.Channel] != "token" {
			continue
		}
		if d.chance(40) {
			l.App = one(d, "shop", "shop", "news")
		}
		if d.chance(40) {
			l.Platforms = one(d, []string{"fcm"}, []string{"FCM"}, []string{"apns", "fcm"})
		}
		if d.chance(35) {
			l.Address = ""
		}
	}
}
