package jobs

import (
	"context"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/readers"
	"optout/writers"
)

// openLedger opens a ledger for pipeline.ReadLedger.
func openLedger(ctx context.Context, path string, mem memory.Allocator) (t pipeline.Table, reasons pipeline.MapColumn, err error) {
	in, err := readers.Open(ctx, []string{path}, readers.Options{}, mem)
	if err != nil {
		return t, reasons, err
	}
	c := &columns{in: &input{Input: in}}
	for _, field := range pipeline.LedgerSchema().Fields() {
		switch field.Name {
		case "reasons":
			reasons, err = c.addMap(readers.Text, field.Name, readers.Element)
		case "effective_at":
			_, err = c.add(readers.Time, field.Name)
		case "row":
			_, err = c.add(readers.Key, field.Name)
		default:
			_, err = c.add(readers.Text, field.Name)
		}
		if err != nil {
			return t, reasons, err
		}
	}
	return c.table(), reasons, nil
}

// tally counts what the rows of a ledger or a quarantine say.
type tally struct {
	kept           int64
	rows           [consent.NumReasons]int64 // by primary reason
	listed         [consent.NumReasons]int64 // by any
	wrong          int64                     // rows that contradict themselves
	first          int64                     // of them, by its place in the file
	what           string                    // is wrong with that row
	reasons        map[string]consent.Reason
	next           int64 // the least number that the next row may have
	planned        int64
	run, list, via string
}

func newTally(l *writers.ListSummary, runID string) *tally {
	t := &tally{reasons: map[string]consent.Reason{}, planned: l.Planned, run: runID, list: l.Name, via: l.Channel}
	for r := range consent.NumReasons {
		t.reasons[r.String()] = r
	}
	return t
}

// add counts a row of a ledger.
func (t *tally) add(at int64, r *pipeline.LedgerRow) {
	if what := t.contradiction(r); what != "" {
		if t.wrong == 0 {
			t.first, t.what = at, what
		}
		t.wrong++
	}
	t.next = max(t.next, r.Row+1)
	for _, listed := range r.Reasons {
		if reason, known := t.reasons[string(listed)]; known {
			t.listed[reason]++
		}
	}
	if reason, known := t.reasons[string(r.Reason)]; known {
		t.rows[reason]++
	} else {
		t.kept++
	}
}

// contradiction is what a row says against itself or against its place, "" where
// it says nothing of the kind.
func (t *tally) contradiction(r *pipeline.LedgerRow) string {
	switch {
	case string(r.RunID) != t.run || string(r.List) != t.list || string(r.Channel) != t.via:
		return "is of another run, list or channel"
	case r.Row < t.next || r.Row >= t.planned:
		return "is for a row of the send list that comes twice, out of order or not at all"
	case r.Reason == nil && string(r.Decision) == consent.Kept.String() && len(r.Reasons) == 0:
		return ""
	}
	primary, known := t.reasons[string(r.Reason)]
	if !known || string(r.Decision) != primary.Decision().String() {
		return "has a decision that is not that of its reason"
	}
	if len(r.Reasons) == 0 || string(r.Reasons[0]) != string(r.Reason) {
		return "has another primary reason than the first of its reasons"
	}
	last := primary
	for _, listed := range r.Reasons[1:] {
		next, known := t.reasons[string(listed)]
		if !known || next <= last {
			return "has reasons that are not in the order of severity"
		}
		last = next
	}
	return ""
}

// checkLedger counts a ledger and holds it against the summary.
func (v *verifier) checkLedger(ctx context.Context, l *writers.ListSummary) error {
	name := listFile(1, l.Name)
	if !v.has(name) {
		return nil
	}
	t := newTally(l, v.RunID)
	rows := int64(0)
	table, reasons, err := openLedger(ctx, v.pathOf(name), v.mem)
	if err == nil {
		err = pipeline.ReadLedger(ctx, table, reasons, func(r *pipeline.LedgerRow) error {
			t.add(rows, r)
			rows++
			return nil
		})
	}
	if err != nil {
		return v.unreadable(name, err)
	}
	v.Ledger += rows
	if t.wrong > 0 {
		v.find(name, "row %d %s; so do %d rows in all", t.first, t.what, t.wrong)
	}
	if t.kept != 0 && t.kept != l.Kept {
		v.find(name, "has %d kept rows, the summary %d", t.kept, l.Kept)
	}
	v.checkReasons(name, l, t, func(consent.Reason) bool { return true })
	for _, r := range l.Reasons {
		if reason, known := t.reasons[r.Reason]; known && t.listed[reason] != r.Listed {
			v.find(name, "lists %s for %d rows, the summary says %d", r.Reason, t.listed[reason], r.Listed)
		}
	}
	return nil
}

// checkQuarantine counts a quarantine and holds it against the summary.
func (v *verifier) checkQuarantine(ctx context.Context, l *writers.ListSummary) error {
	name, t := listFile(2, l.Name), newTally(l, v.RunID)
	read, err := v.readTexts(ctx, name, []string{pipeline.ReasonColumn}, func(_ int64, cells [][]byte) {
		if reason, known := t.reasons[string(cells[0])]; known {
			t.rows[reason]++
		}
	})
	if err != nil || !read {
		return err
	}
	v.checkReasons(name, l, t, func(r consent.Reason) bool { return r.Decision() == consent.Quarantined })
	return nil
}

// checkReasons holds the rows of a file, by primary reason, against the summary.
func (v *verifier) checkReasons(name string, l *writers.ListSummary, t *tally, has func(consent.Reason) bool) {
	want := map[string]int64{}
	for _, r := range l.Reasons {
		want[r.Reason] = r.Rows
	}
	for r := range consent.NumReasons {
		if n := want[r.String()]; has(r) && t.rows[r] != n {
			v.find(name, "has %s for %d rows, the summary says %d", r, t.rows[r], n)
		}
	}
}
