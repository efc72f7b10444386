package jobs

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"
)

// TestExplainAgreesWithTheDemo judges every row of the demo again, a seventh of
// them at a time, and wants what was published, with its evidence: that few rows
// are looked at must not show.
func TestExplainAgreesWithTheDemo(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join("..", "testdata", "demo", "job.yaml")
	job, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	job.Output.Ledger = "all" // so that kept rows have their evidence too
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	done, err := Run(ctx, job, Options{Now: at, Out: t.TempDir(), Threads: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := openPastRun(done.Path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	const parts = 7
	var asked [parts]Explanation
	n := 0
	for _, l := range r.summary.Lists {
		err := r.eachRow(ctx, l.Name, func(p pastRow) error {
			e := &asked[n%parts]
			e.Rows = append(e.Rows, RowExplained{List: l.Name, Row: p.row, Published: published(p.ledger), inLedger: p.ledger != nil})
			n++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if int64(n) != r.summary.Total.Planned {
		t.Fatalf("%d rows, want %d", n, r.summary.Total.Planned)
	}
	for part := range asked {
		e := &asked[part]
		if err := r.judgeAgain(ctx, &Question{JobFile: file, Threads: 2}, e); err != nil || !e.Judged {
			t.Fatalf("not judged: %v, %s", err, e.NotJudged)
		}
		for _, x := range e.Rows {
			if x.Judged == nil || len(x.Differences) > 0 {
				t.Errorf("%s, row %d: %q", x.List, x.Row, x.Differences)
			}
			if duplicate := len(x.Published.Reasons) > 0 && x.Published.Reasons[len(x.Published.Reasons)-1] == "duplicate"; duplicate != (x.Judged.DuplicateOf != nil) {
				t.Errorf("%s, row %d: a duplicate: %v, of %v", x.List, x.Row, duplicate, x.Judged.DuplicateOf)
			}
		}
	}
}
