package jobs

import (
	"testing"

	"optout/pipeline"
	"optout/writers"
)

// TestContradictions holds rows of a ledger against their place and against
// themselves.
func TestContradictions(t *testing.T) {
	text := func(words ...string) (all [][]byte) {
		for _, w := range words {
			all = append(all, []byte(w))
		}
		return all
	}
	row := func(change func(r *pipeline.LedgerRow)) *pipeline.LedgerRow {
		r := &pipeline.LedgerRow{
			RunID: []byte("r"), List: []byte("vip"), Channel: []byte("email"), Row: 4, Decision: []byte("dropped"),
			Reason: []byte("opt_out_all"), Reasons: text("opt_out_all", "opt_out_channel"),
		}
		change(r)
		return r
	}
	const place = "is for a row of the send list that comes twice, out of order or not at all"
	const order = "has reasons that are not in the order of severity"
	const decision = "has a decision that is not that of its reason"
	const primary = "has another primary reason than the first of its reasons"
	for _, tt := range []struct {
		name   string
		change func(r *pipeline.LedgerRow)
		want   string
	}{
		{"as it should be", func(*pipeline.LedgerRow) {}, ""},
		{"kept", func(r *pipeline.LedgerRow) { r.Decision, r.Reason, r.Reasons = []byte("kept"), nil, nil }, ""},
		{"the last row", func(r *pipeline.LedgerRow) { r.Row = 9 }, ""},
		{"another run", func(r *pipeline.LedgerRow) { r.RunID = []byte("s") }, "is of another run, list or channel"},
		{"another list", func(r *pipeline.LedgerRow) { r.List = nil }, "is of another run, list or channel"},
		{"another channel", func(r *pipeline.LedgerRow) { r.Channel = []byte("sms") }, "is of another run, list or channel"},
		{"the row before", func(r *pipeline.LedgerRow) { r.Row = 3 }, place},
		{"a row behind the end", func(r *pipeline.LedgerRow) { r.Row = 10 }, place},
		{"kept with a reason", func(r *pipeline.LedgerRow) { r.Decision = []byte("kept") }, decision},
		{"kept with listed reasons", func(r *pipeline.LedgerRow) { r.Decision, r.Reason = []byte("kept"), nil }, decision},
		{"dropped without reason", func(r *pipeline.LedgerRow) { r.Reason, r.Reasons = nil, nil }, decision},
		{"quarantined for an opt-out", func(r *pipeline.LedgerRow) { r.Decision = []byte("quarantined") }, decision},
		{"an unknown reason", func(r *pipeline.LedgerRow) { r.Reason = []byte("bored") }, decision},
		{"no listed reason", func(r *pipeline.LedgerRow) { r.Reasons = nil }, primary},
		{"another first reason", func(r *pipeline.LedgerRow) { r.Reasons = text("opt_out_channel", "opt_out_all") }, primary},
		{"out of order", func(r *pipeline.LedgerRow) { r.Reasons = text("opt_out_all", "duplicate", "opt_out_channel") }, order},
		{"a reason twice", func(r *pipeline.LedgerRow) { r.Reasons = text("opt_out_all", "opt_out_all") }, order},
		{"an unknown listed reason", func(r *pipeline.LedgerRow) { r.Reasons = text("opt_out_all", "bored") }, order},
	} {
		l := newTally(&writers.ListSummary{Name: "vip", Channel: "email", Counts: writers.Counts{Planned: 10}}, "r")
		l.next = 4
		if got := l.contradiction(row(tt.change)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestTallyFollowsTheRows: a row that comes again is noticed though each is right
// by itself.
func TestTallyFollowsTheRows(t *testing.T) {
	l := newTally(&writers.ListSummary{Counts: writers.Counts{Planned: 10}}, "")
	for at, row := range []int64{0, 3, 3, 2, 9} {
		l.add(int64(at), &pipeline.LedgerRow{Row: row, Decision: []byte("kept")})
	}
	if l.kept != 5 || l.wrong != 2 || l.first != 2 {
		t.Errorf("got %d kept and %d wrong, the first at %d; want 5 and 2, the first at 2", l.kept, l.wrong, l.first)
	}
}
