package pipeline

import (
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// since is a log of events.
func since(events ...testEvent) []testLog {
	return []testLog{{name: "events", snapshotAt: consent.NoTime, events: events}}
}

// by is an event on the channel email by a profile and an address, either of
// which may be null.
func by(profile, address, scope, choice string, time int64) testEvent {
	return testEvent{profile: profile, address: address, channel: "email", scope: scope, choice: choice, list: "news", time: time}
}

// planTwo plans two profiles at one address.
func planTwo(w *world) {
	w.lists[0].rows = append(w.lists[0].rows, listRow{profile: "p2", address: "a@example.com", campaign: null})
	w.inputs[0].rows = append(w.inputs[0].rows, consentRow{id: "p2", email: "y", time: 10, emailTime: consent.NoTime})
}

// TestEvents: whom an event names, and what it means for a row of profile p1 at
// a@example.com.
func TestEvents(t *testing.T) {
	const a, b = "a@example.com", "b@example.com"
	alone := []profileRow{{id: "p1", country: null, email: a}}
	tests := []struct {
		name     string
		profiles []profileRow
		records  []consentRow // of p1
		others   []consentRow // of p2
		change   func(w *world)
		events   []testEvent
		want     string
	}{
		{name: "by profile", events: []testEvent{by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "by address", events: []testEvent{by(null, " A@example.com", "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "another profile", events: []testEvent{by("p2", null, "channel", "n", 20)}, want: "kept[]"},
		{name: "another address", events: []testEvent{by(null, b, "channel", "n", 20)}, want: "kept[]"},
		{name: "another profile at the address", events: []testEvent{by("p2", a, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "by an address of the profile that is not planned", profiles: append([]profileRow{{id: "p1", country: null, email: b}}, alone...), events: []testEvent{by(null, b, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "by that address and another profile", profiles: append([]profileRow{{id: "p1", country: null, email: b}}, alone...), events: []testEvent{by("p2", b, "channel", "n", 20)}, want: "kept[]"},
		{name: "for that address only", profiles: append([]profileRow{{id: "p1", country: null, email: b}}, alone...), events: []testEvent{by(null, b, "identity", "n", 20)}, want: "kept[]"},
		{name: "and in again by that address", profiles: append([]profileRow{{id: "p1", country: null, email: b}}, alone...), events: []testEvent{by(null, b, "channel", "n", 20), by(null, b, "channel", "y", 25)}, want: "kept[]"},
		{name: "of everything", events: []testEvent{by("p1", null, "all", "n", 20)}, want: "dropped[opt_out_all]"},
		{name: "of everything without a channel", events: []testEvent{{profile: "p1", address: null, channel: null, scope: "ALL", choice: "N", list: null, time: 20}}, want: "dropped[opt_out_all]"},
		{name: "of everything on a channel of white space", events: []testEvent{{profile: "p1", address: null, channel: " ", scope: "all", choice: "n", list: null, time: 20}}, want: "kept[]"},
		{name: "for the address only", events: []testEvent{by("p1", a, "identity", "n", 20)}, want: "dropped[opt_out_identity]"},
		{name: "for an address that is not given", events: []testEvent{by("p1", null, "identity", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "of the subscription", events: []testEvent{by("p1", null, "subscription", "n", 20)}, want: "dropped[opt_out_subscription]"},
		{name: "of a subscription on a list that is not bound", change: func(w *world) { w.lists[0].bound = false }, events: []testEvent{by("p1", null, "subscription", "n", 20)}, want: "kept[]"},
		{name: "of another channel", events: []testEvent{{profile: "p1", address: null, channel: "direct_mail", scope: "channel", choice: "n", list: null, time: 20}}, want: "kept[]"},
		{name: "before a later yes of the snapshot", events: []testEvent{by("p1", null, "channel", "n", 9)}, want: "kept[]"},
		{name: "at its time", events: []testEvent{by("p1", null, "channel", "n", 10)}, want: "dropped[opt_out_channel]"},
		{name: "without a time", events: []testEvent{by("p1", null, "channel", "n", consent.NoTime)}, want: "dropped[opt_out_channel]"},
		{name: "with a time that is none", events: []testEvent{by("p1", null, "channel", "n", wrongUnit)}, want: "dropped[opt_out_channel]"},
		{name: "of the future", events: []testEvent{by("p1", null, "channel", "n", asOf+1)}, want: "dropped[opt_out_channel]"},
		{name: "out and in again", events: []testEvent{by("p1", null, "channel", "y", 25), by("p1", null, "channel", "n", 20)}, want: "kept[]"},
		{name: "in again at the same time", events: []testEvent{by("p1", null, "channel", "y", 20), by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in again in the future", events: []testEvent{by("p1", null, "channel", "y", asOf+1), by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in again at no time", events: []testEvent{by("p1", null, "channel", "y", consent.NoTime), by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "out by the address and in by the profile", events: []testEvent{by("p1", null, "channel", "y", 25), by(null, a, "channel", "n", 20)}, want: "kept[]"},
		{name: "out by the address and in by another profile at it", events: []testEvent{by("p2", a, "channel", "y", 25), by(null, a, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "out by the profile and in by the address it alone has", events: []testEvent{by(null, a, "channel", "y", 25), by("p1", null, "channel", "n", 20)}, want: "kept[]"},
		{name: "out by the profile and in by an address it shares", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), events: []testEvent{by(null, a, "channel", "y", 25), by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "out by the profile and in by an address that is not known as its own", profiles: []profileRow{{id: "p1", country: null, email: b}}, events: []testEvent{by(null, a, "channel", "y", 25), by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "of another profile that has the address", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), events: []testEvent{by("p2", null, "channel", "n", 20)}, want: "dropped[opt_out_shared]"},
		{name: "of that profile by another of its addresses", profiles: append([]profileRow{{id: "p2", country: null, email: a}, {id: "p2", country: null, email: b}}, alone...), events: []testEvent{by(null, b, "channel", "n", 20)}, want: "dropped[opt_out_shared]"},
		{name: "of another profile before its later yes", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), others: []consentRow{{id: "p2", email: "y", emailTime: 10, time: 10}}, events: []testEvent{by("p2", null, "channel", "n", 9)}, want: "kept[]"},
		{name: "of another profile behind its yes", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), others: []consentRow{{id: "p2", email: "y", emailTime: 10, time: 10}}, events: []testEvent{by("p2", null, "channel", "n", 11)}, want: "dropped[opt_out_shared]"},
		{name: "opt-outs that do not follow the address", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), change: func(w *world) { w.share = false }, events: []testEvent{by("p2", null, "channel", "n", 20)}, want: "kept[]"},
		{name: "in after a no", records: []consentRow{{email: "n", time: 10}}, events: []testEvent{by("p1", null, "channel", "y", 20)}, want: "kept[]"},
		{name: "in before a no", records: []consentRow{{email: "n", time: 21}}, events: []testEvent{by("p1", null, "channel", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in after a no of unknown time", records: []consentRow{{email: "n", time: consent.NoTime}}, events: []testEvent{by("p1", null, "channel", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in where nobody answered", records: []consentRow{{email: null}}, events: []testEvent{by("p1", null, "channel", "y", 20)}, want: "kept[]"},
		{name: "in by an address that others have, after a no", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), records: []consentRow{{email: "n", time: 10}}, change: func(w *world) { w.latest = true }, events: []testEvent{by(null, a, "channel", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "and after an answer that is none", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), records: []consentRow{{email: "ja", time: 10}}, change: func(w *world) { w.latest = true }, events: []testEvent{by(null, a, "channel", "y", 20)}, want: "dropped[consent_invalid]"},
		{name: "and where nobody answered", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), records: []consentRow{{email: null}}, change: func(w *world) { w.rules = map[string]testRule{"": {mode: consent.OptIn}} }, events: []testEvent{by(null, a, "channel", "y", 20)}, want: "dropped[consent_missing]"},
		{name: "in by the address it alone has, where nobody answered", profiles: alone, records: []consentRow{{email: null}}, change: func(w *world) { w.rules = map[string]testRule{"": {mode: consent.OptIn}} }, events: []testEvent{by(null, a, "channel", "y", 20)}, want: "kept[]"},
		{name: "in for everything does not lift a finer no", records: []consentRow{{email: "n", time: 10}}, events: []testEvent{by("p1", null, "all", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in on the channel does not lift a coarser no", records: []consentRow{{any: "n", email: "y", time: 10}}, events: []testEvent{by("p1", null, "channel", "y", 20)}, want: "dropped[opt_out_all]"},
		{name: "in for the address after a no for it", records: []consentRow{{email: "y", time: 10, identities: []identityRow{at(a, "n")}}}, events: []testEvent{by("p1", a, "identity", "y", 20)}, want: "kept[]"},
		{name: "and by that address alone, which others have", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), records: []consentRow{{email: "y", time: 10, identities: []identityRow{at(a, "n")}}}, events: []testEvent{by(null, a, "identity", "y", 20)}, want: "kept[]"},
		{name: "and on the channel, by it alone", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), records: []consentRow{{email: "y", time: 10, identities: []identityRow{at(a, "n")}}}, events: []testEvent{by(null, a, "channel", "y", 20)}, want: "dropped[opt_out_identity]"},
		{name: "in by the address before a yes for it, which has not expired", records: []consentRow{{email: "y", time: 10, identities: []identityRow{at(a, "y")}}}, change: func(w *world) {
			w.rules = map[string]testRule{"": {mode: consent.OptIn, validFor: sendAt - 8}}
		}, events: []testEvent{by(null, a, "identity", "y", 2)}, want: "kept[]"},
		{name: "in for an address that is not given", records: []consentRow{{email: "n", time: 10}}, events: []testEvent{by("p1", null, "identity", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "a default of yes does not answer", records: []consentRow{{email: "dy", time: 25}}, events: []testEvent{by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "a default of yes for the address does not answer", change: func(w *world) {
			w.latest = true
			w.inputs = append(w.inputs, testInput{name: "by address", by: byEmail, rows: []consentRow{{id: a, email: "dy", time: 25, emailTime: consent.NoTime}}})
		}, events: []testEvent{by("p1", null, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "a yes for the address does", change: func(w *world) {
			w.latest = true
			w.inputs = append(w.inputs, testInput{name: "by address", by: byEmail, rows: []consentRow{{id: a, email: "y", time: 25, emailTime: consent.NoTime}}})
		}, events: []testEvent{by("p1", null, "channel", "n", 20)}, want: "kept[]"},
		{name: "out and in again by an address it shares", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), events: []testEvent{by(null, a, "channel", "n", 20), by(null, a, "channel", "y", 25)}, want: "kept[]"},
		{name: "in with an address that is none", records: []consentRow{{email: "n", time: 10}}, events: []testEvent{by("p1", "bad", "channel", "y", 20)}, want: "dropped[opt_out_channel]"},
		{name: "out with an address that is none", events: []testEvent{by("p1", "bad", "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "in by one of two who have the address after a no for it", profiles: append([]profileRow{{id: "p2", country: null, email: a}}, alone...), change: func(w *world) {
			w.lists[0].noProfile = true
			w.inputs = append(w.inputs, testInput{name: "no", by: byEmail, rows: []consentRow{{id: a, email: "n", time: 10, emailTime: consent.NoTime}}})
		}, events: []testEvent{by("p1", a, "channel", "y", 25), by("p2", null, "channel", "y", 25)}, want: "dropped[opt_out_channel]"},
		{name: "by the first of two who are planned at the address", change: planTwo, events: []testEvent{by("p1", a, "channel", "n", 20)}, want: "dropped[opt_out_channel] dropped[opt_out_channel opt_out_shared]"},
		{name: "by the second of them", change: planTwo, events: []testEvent{by("p2", a, "channel", "n", 20)}, want: "dropped[opt_out_channel] dropped[opt_out_channel]"},
		{name: "by the second of them, for the address only", change: planTwo, events: []testEvent{by("p2", a, "identity", "n", 20)}, want: "dropped[opt_out_identity] dropped[opt_out_identity]"},
		{name: "in by the profile at the address after a no for it", change: func(w *world) {
			w.inputs = append(w.inputs, testInput{name: "no", by: byEmail, rows: []consentRow{{id: a, email: "n", time: 10, emailTime: consent.NoTime}}})
		}, events: []testEvent{by("p1", a, "channel", "y", 20)}, want: "kept[]"},
		{name: "before an event that says nothing", events: []testEvent{by("p1", a, "channel", "n", 20), by(null, null, "channel", "perhaps", 20)}, want: "dropped[opt_out_channel]"},
		{name: "a row of nobody known", change: func(w *world) { w.lists[0].noProfile, w.profiles = true, nil }, events: []testEvent{by("p1", a, "channel", "y", 20)}, want: "kept[]"},
		{name: "out on a row of nobody known", change: func(w *world) { w.lists[0].noProfile, w.profiles = true, nil }, events: []testEvent{by("p1", a, "channel", "n", 20)}, want: "dropped[opt_out_channel]"},
		{name: "a transactional message", change: func(w *world) { w.lists[0].transactional = true }, events: []testEvent{by("p1", null, "all", "n", 20)}, want: "kept[]"},
	}
	for _, tt := range tests {
		records := tt.records
		if records == nil {
			records = []consentRow{{email: "y", time: 10}}
		}
		w := onePerson(testRule{mode: consent.OptIn}, records...)
		if w.profiles = tt.profiles; w.profiles == nil {
			w.profiles = alone
		}
		w.inputs[0].rows = append(w.inputs[0].rows, tt.others...)
		w.share, w.lists[0].bound, w.logs = true, true, since(tt.events...)
		if tt.change != nil {
			tt.change(w)
		}
		if w.lists[0].noProfile {
			w.inputs = append(w.inputs, testInput{name: "by address", by: byEmail})
		}
		if got := strings.Join(outcomes(t, w.plan(whole, 1, memory.DefaultAllocator)), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		compare(t, w, cutting{part: 1, batch: 1, partitions: 2}, 2)
	}
}

// TestEventEvidence: the ledger names the log, the field and the time of the
// event that decided.
func TestEventEvidence(t *testing.T) {
	const src = "path of events"
	for _, tt := range []struct {
		name   string
		record consentRow
		event  testEvent
		want   evidence
	}{
		{"channel", consentRow{email: "y", time: 10}, by("p1", null, "channel", "n", 20), evidence{src, "marketing.email.val", "n", 20}},
		{"everything", consentRow{email: "y", time: 10}, by("p1", null, "all", "n", 20), evidence{src, "marketing.any.val", "n", 20}},
		{"address", consentRow{email: "y", time: 10}, by(null, "a@example.com", "identity", "n", 20), evidence{src, "idSpecific.email.marketing.email.val", "n", 20}},
		{"no time", consentRow{email: "y", time: 10}, by("p1", null, "channel", "n", consent.NoTime), evidence{src, "marketing.email.val", "n", consent.NoTime}},
		{"a no of the snapshot before", consentRow{email: "n", time: 10}, by("p1", null, "channel", "n", 20), evidence{src, "marketing.email.val", "n", 20}},
		{"a no of the snapshot at the time", consentRow{email: "n", time: 20}, by("p1", null, "channel", "n", 20), evidence{"consents", "marketing.email.val", "n", 20}},
		{"an opt-in that has expired", consentRow{email: "n", time: 10}, by("p1", null, "channel", "y", 20), evidence{src, "marketing.email.val", "y", 20}},
	} {
		w := onePerson(testRule{mode: consent.OptIn, validFor: 100}, tt.record)
		w.logs = since(tt.event)
		if got := evidences(t, w.plan(whole, 1, memory.DefaultAllocator)); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestEventEffects: what an opt-out changed is counted where no snapshot has it,
// and the oldest that is new is told, once a row however many fields it changes.
func TestEventEffects(t *testing.T) {
	row := listRow{profile: "p1", address: "a@example.com", campaign: null}
	for _, tt := range []struct {
		name   string
		seen   int
		email  string
		events []testEvent
		want   EventEffect
	}{
		{"new", 0, "y", []testEvent{by("p1", null, "channel", "n", 20), by("p1", null, "all", "n", 15)}, EventEffect{2, epoch + 15}},
		{"the first of two requests", 0, "y", []testEvent{by("p1", null, "channel", "n", 20), by("p1", null, "channel", "n", 15)}, EventEffect{2, epoch + 15}},
		{"the first seen before", 1, "y", []testEvent{by("p1", null, "channel", "n", 15), by("p1", null, "channel", "n", 20)}, EventEffect{2, epoch + 20}},
		{"all seen before", 2, "y", []testEvent{by("p1", null, "channel", "n", 15), by("p1", null, "channel", "n", 20)}, EventEffect{2, consent.NoTime}},
		{"in the snapshot", 0, "n", []testEvent{by("p1", null, "channel", "n", 20)}, EventEffect{0, consent.NoTime}},
		{"answered", 0, "y", []testEvent{by("p1", null, "channel", "n", 20), by("p1", null, "channel", "y", 25)}, EventEffect{0, consent.NoTime}},
		{"answered, where the snapshot's answer is none", 0, "ja", []testEvent{by("p1", null, "channel", "n", 20), by("p1", null, "channel", "y", 25)}, EventEffect{0, consent.NoTime}},
		{"where the snapshot's answer is none", 0, "ja", []testEvent{by("p1", null, "channel", "n", 20)}, EventEffect{2, epoch + 20}},
		{"nobody planned", 0, "y", []testEvent{by("p2", null, "channel", "n", 20)}, EventEffect{0, consent.NoTime}},
	} {
		w := onePerson(testRule{mode: consent.OptIn}, consentRow{email: tt.email, time: 10})
		w.lists[0].rows = []listRow{row, row}
		w.logs = since(tt.events...)
		w.logs[0].seen = tt.seen
		got, err := run(w.plan(whole, 1, memory.DefaultAllocator), whole, unitRows)
		if err != nil {
			t.Fatal(err)
		}
		if e := got[0].events[0].Lists[0]; e != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, e, tt.want)
		}
	}
}

// TestPlansThatHearNothing: a plan whose events nobody could be found by is
// refused.
func TestPlansThatHearNothing(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(w *world, p *Plan)
		want   string
	}{
		{"no choice", func(_ *world, p *Plan) { p.Events[0].Choice, p.Events[0].ChoiceAll = NoColumn, consent.DN }, "neither opt-outs nor opt-ins"},
		{"no key", func(_ *world, p *Plan) { p.Events[0].Profile, p.Events[0].Address = NoColumn, NoColumn }, "no key by which events events"},
		{"no address on the list", func(_ *world, p *Plan) {
			p.Events[0].Profile, p.Profiles.Addresses = NoColumn, nil
			p.Lists[0].Address, p.Lists[0].Kind = NoColumn, 0
		}, "no key by which events events"},
		{"no profile on the list", func(_ *world, p *Plan) {
			p.Events[0].Address, p.Lists[0].Profile, p.Profiles.Addresses = NoColumn, NoColumn, nil
		}, "no key by which events events"},
		{"more logs than can be told apart", func(_ *world, p *Plan) { p.Events = make([]EventLog, maxInputs+1) }, "more than 256 event logs"},
	} {
		w := onePerson(testRule{}, consentRow{email: "y"})
		w.logs = since()
		p := w.plan(whole, 1, memory.DefaultAllocator)
		tt.change(w, p)
		if err := p.check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q in it", tt.name, err, tt.want)
		}
	}
	w := onePerson(testRule{}, consentRow{email: "y"})
	w.logs = since()
	p := w.plan(whole, 1, memory.DefaultAllocator)
	p.Events[0].Profile, p.Lists[0].Profile = NoColumn, NoColumn
	if err := p.check(); err != nil {
		t.Errorf("a log and a list of addresses: got %v", err)
	}
}

// TestDeviceEvents: an opt-out for one device holds for its token, for a row that
// names no device because its message would reach them all, and for no other.
func TestDeviceEvents(t *testing.T) {
	devices := [][]testDevice{{{token: "token-1"}, {token: "token-2"}}}
	event := func(profile, token, scope, choice string, time int64) testEvent {
		return testEvent{profile: profile, address: token, channel: "push", scope: scope, choice: choice, list: null, time: time}
	}
	const own, whole = "dropped[opt_out_identity]", "dropped[opt_out_channel]"
	for _, tt := range []struct {
		name   string
		events []testEvent
		want   string // for token-1, token-2 and no token
	}{
		{"a token", []testEvent{event(null, "token-1", "identity", "n", 20)}, own + " kept[] " + own},
		{"a token and a profile", []testEvent{event("p1", "token-1", "identity", "n", 20)}, own + " kept[] " + own},
		{"a token that the profiles do not have", []testEvent{event("p1", "token-9", "identity", "n", 20)}, "kept[] kept[] " + own},
		{"in again", []testEvent{event(null, "token-1", "identity", "n", 20), event(null, "token-1", "identity", "y", 25)}, "kept[] kept[] kept[]"},
		{"in again by another", []testEvent{event(null, "token-1", "identity", "n", 20), event(null, "token-2", "identity", "y", 25)}, own + " kept[] " + own},
		{"the channel by a token", []testEvent{event(null, "token-1", "channel", "n", 20)}, whole + " " + whole + " " + whole},
		{"the channel by a token and another profile", []testEvent{event("p2", "token-1", "channel", "n", 20)}, whole + " kept[] " + whole},
		{"and in again by the token", []testEvent{event("p2", "token-1", "channel", "n", 20), event(null, "token-1", "channel", "y", 25)}, "kept[] kept[] kept[]"},
		{"and in again by the person", []testEvent{event("p2", "token-1", "channel", "n", 20), event("p1", null, "channel", "y", 25)}, "kept[] kept[] kept[]"},
		{"and in again by the other", []testEvent{event("p2", "token-1", "channel", "n", 20), event("p2", null, "channel", "y", 25)}, whole + " kept[] " + whole},
		{"the person's own at a token, and in again", []testEvent{event("p1", "token-1", "channel", "n", 20), event("p1", null, "channel", "y", 25)}, "kept[] kept[] kept[]"},
		{"somebody else's", []testEvent{event(null, "token-9", "identity", "n", 20)}, "kept[] kept[] kept[]"},
	} {
		for _, c := range pushCuttings {
			var got []string
			for _, token := range []string{"token-1", "token-2", null} {
				mem := checked(t)
				p := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: token, campaign: null}}, token != null, DeviceFilter{}, []string{"p1"}, devices)
				w := world{logs: since(tt.events...)}
				log := w.logs[0].plan(c, mem)
				log.Channels = map[string]EventChannel{"push": {Kind: identity.Token, Field: fieldEmail}}
				p.Events = []EventLog{log}
				got = append(got, outcomesOf(t, p, c)...)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, s, tt.want)
			}
		}
	}
}

// TestDeviceEventsBesideOthers: what a profile says at its device is heard by another
// that has it, also where rows of the first alone name the device.
func TestDeviceEventsBesideOthers(t *testing.T) {
	ids, devices := []string{"p1", "p2"}, [][]testDevice{{{token: "token-1"}}, {{token: "token-1"}}}
	said := testEvent{profile: "p1", address: "token-1", channel: "push", scope: "channel", choice: "n", list: null, time: 20}
	for _, c := range pushCuttings {
		mem := checked(t)
		p := pushPlan(c, 2, mem, []listRow{{profile: "p2", address: null, campaign: null}}, false, DeviceFilter{}, ids, devices)
		other := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: "token-1", campaign: null}}, true, DeviceFilter{}, ids, devices)
		p.Lists = append(p.Lists, other.Lists[0])
		w := world{logs: since(said)}
		log := w.logs[0].plan(c, mem)
		log.Channels = map[string]EventChannel{"push": {Kind: identity.Token, Field: fieldEmail}}
		p.Events = []EventLog{log}
		if got := outcomesOf(t, p, c); !slices.Equal(got, []string{"dropped[opt_out_channel opt_out_shared]"}) {
			t.Errorf("%+v: got %s, want the row of the other profile dropped", c, got)
		}
	}
}
