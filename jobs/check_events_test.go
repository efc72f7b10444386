package jobs

import (
	"strings"
	"testing"
)

// TestEventMistakes has every mistake that event logs can have, with its place.
func TestEventMistakes(t *testing.T) {
	const end = "  path: out\n"
	log := func(keys string) string { return end + "events:\n  - {" + keys + "}\n" }
	for _, c := range []struct{ new, want string }{
		// What needs no more.
		{end + "events: []\n", ""},
		{log("name: a, path: a, columns: {address: a}, channel: email, choice: n"), ""},
		{log("name: a, path: a, columns: {profile: p}, scope: all, choice: n"), ""},
		{log("name: a, path: a, columns: {time: t, profile: p, address: a, channel: c, scope: s, choice: d, subscription: l}, values: {STOP: n, yes: y}"), ""},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: {within: 2d}"), ""},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: [{within: 10 business days, holidays: [2026-12-25], channels: [email], because: law}]"), ""},

		{log("path: a, columns: {profile: p}, channel: email, choice: n"), "16:5 events[0].name: missing: a name of lower-case letters, digits and hyphens"},
		{log("name: vip, path: a, columns: {profile: p}, channel: email, choice: n"), `16:12 events[0].name: another input of the job is called "vip"`},
		{log("name: a, columns: {profile: p}, channel: email, choice: n"), "16:5 events[0].path: missing: a file, directory or glob pattern"},
		{log("name: a, path: a, channel: email, choice: n"), "16:5 events[0].columns: missing: profile, address or both, the columns that say who"},
		{log("name: a, path: a, columns: {profile: p, channel: c}, channel: email, choice: n"), "16:68 events[0].channel: stands for all events, and columns.channel says so of each: leave one of them out"},
		{log("name: a, path: a, columns: {profile: p, scope: c}, channel: email, scope: all, choice: n"), "16:80 events[0].scope: stands for all events, and columns.scope says so of each: leave one of them out"},
		{log("name: a, path: a, columns: {profile: p, choice: c}, channel: email, choice: n"), "16:82 events[0].choice: stands for all events, and columns.choice says so of each: leave one of them out"},
		{log("name: a, path: a, columns: {time: t, profile: p}, channel: email"), "16:5 events[0].choice: missing: columns.choice, or n where all events are opt-outs"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, values: {a: n}"), "16:82 events[0].values: are those of columns.choice, which is missing"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: y"), "16:33 events[0].columns.time: missing: an opt-in without a time lifts nothing"},
		{log("name: a, path: a, columns: {profile: p}, choice: n"), "16:5 events[0].channel: missing: columns.channel, or the channel of all events"},
		{log("name: a, path: a, columns: {address: p}, scope: all, choice: n"), "16:5 events[0].channel: missing: it says what the addresses are"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, region: USA"), `16:82 events[0].region: "USA" is no country code of two letters`},
		{log("name: a, path: a, columns: {profile: p}, channel: mail, choice: n"), `16:56 events[0].channel: "mail" is none of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, and no list is on it; did you mean email?`},
		{log("name: a, path: a, columns: {profile: p}, channel: email, scope: subscription, choice: n"), "16:33 events[0].columns.subscription: missing: events of scope subscription name one"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, scope: identity, choice: n"), "16:33 events[0].columns.address: missing: events of scope identity are about one address"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: {because: law}"), "16:88 events[0].honor_within[0].within: missing: how long a request may wait, as in 2d or 10 business days"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: {within: 10 days}"), `16:97 events[0].honor_within[0].within: "10 days" is no time to wait; write it as in 48h, 2d or 10 business days`},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: {within: 2d, holidays: [2026-12-25]}"), "16:111 events[0].honor_within[0].holidays: are for business days; a span of time runs through them"},
		{log("name: a, path: a, columns: {profile: p}, channel: email, choice: n, honor_within: {within: 2d, channels: [sms]}"), `16:112 events[0].honor_within[0].channels[0]: no send list is on channel "sms"`},
	} {
		var want []string
		if c.want != "" {
			want = strings.Split(c.want, "\n")
		}
		checkMistakes(t, with(t, end, c.new), want...)
	}
	// A list that the log can name nobody of.
	_, err := load(strings.Replace(with(t, end, log("name: a, path: a, columns: {profile: p}, channel: email, choice: n")), "    profile: profile_id\n", "", 1))
	if want := "events[0].columns: name nobody of send list vip: map the column of profile ids or of addresses that its rows have, too"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
