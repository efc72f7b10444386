package jobs

import (
	"context"
	"path"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
	"optout/readers"
	"optout/writers"
)

// checkSummary holds summary.json against the manifest and every file that tells
// the same.
func (v *verifier) checkSummary(ctx context.Context) error {
	const name = "summary.json"
	_, summary, err := writers.ReadRun(v.dir)
	if err != nil {
		if v.has(name) {
			v.find(name, "cannot be read: %v", err)
		}
		return nil
	}
	v.summary = summary
	if summary.RunID != v.RunID || summary.Job != v.Job || summary.Date != v.Date {
		v.find(name, "is of run %s of job %s for %s, the manifest of another", summary.RunID, summary.Job, summary.Date)
	}
	var total writers.Counts
	for i := range summary.Lists {
		l := &summary.Lists[i]
		v.Lists++
		total.Planned += l.Planned
		total.Kept += l.Kept
		total.Dropped += l.Dropped
		total.Quarantined += l.Quarantined
		v.checkBalance(l)
		if err := v.checkLedger(ctx, l); err != nil {
			return err
		}
		if err := v.checkQuarantine(ctx, l); err != nil {
			return err
		}
	}
	if total != summary.Total {
		v.find(name, "the total is not the sum of the lists")
	}
	return v.checkTable(ctx)
}

// checkBalance holds the counts of a list against each other, and against the
// rows of its files.
func (v *verifier) checkBalance(l *writers.ListSummary) {
	const name = "summary.json"
	if l.Planned != l.Kept+l.Dropped+l.Quarantined {
		v.find(name, "list %s does not balance: %d planned, %d kept, %d dropped and %d quarantined", l.Name, l.Planned, l.Kept, l.Dropped, l.Quarantined)
	}
	by := map[string]int64{}
	for _, r := range l.Reasons {
		by[r.Decision] += r.Rows
	}
	if by["dropped"] != l.Dropped || by["quarantined"] != l.Quarantined {
		v.find(name, "list %s does not balance: its reasons do not add up to the rows dropped and quarantined", l.Name)
	}
	i := slices.IndexFunc(v.manifest.Inputs, func(in writers.Input) bool { return in.Kind == kindList && in.Name == l.Name })
	switch {
	case i < 0:
		v.find("manifest.json", "has no send list %s", l.Name)
	case v.manifest.Inputs[i].Rows != l.Planned:
		v.find(name, "list %s: %d rows planned, the send list has %d", l.Name, l.Planned, v.manifest.Inputs[i].Rows)
	}
	refused := l.Dropped + l.Quarantined
	for k, want := range [][]int64{{l.Kept}, {refused, l.Planned}, {l.Quarantined}} { // a ledger may have all rows
		file := listFile(k, l.Name)
		i := slices.IndexFunc(v.manifest.Outputs, func(o writers.Output) bool { return o.Path == file })
		switch {
		case i < 0:
			v.find("manifest.json", "has no %s", file)
		case v.manifest.Outputs[i].Rows == nil || !slices.Contains(want, *v.manifest.Outputs[i].Rows):
			v.find(file, "does not balance: the manifest does not give it the %d rows of the summary", want[0])
		}
	}
}

// listFile is the file of a list in a folder of writers.ListFolders.
func listFile(folder int, list string) string {
	return path.Join(writers.ListFolders[folder], list, "part-00000.parquet")
}

// checkTable holds summary.parquet against summary.json, row by row.
func (v *verifier) checkTable(ctx context.Context) error {
	const name = "summary.parquet"
	var rows [][]string
	for _, l := range v.summary.Lists {
		row := func(decision, reason string, n int64) {
			rows = append(rows, []string{
				v.summary.RunID, v.summary.Job, v.summary.Date, l.Name, l.Channel, l.Category, decision, reason,
				strconv.FormatInt(n, 10), strconv.FormatInt(l.Planned, 10),
			})
		}
		row("kept", "", l.Kept)
		for _, r := range l.Reasons {
			if r.Rows > 0 {
				row(r.Decision, r.Reason, r.Rows)
			}
		}
	}
	next, same := 0, true
	read, err := v.readTexts(ctx, name, []string{"run_id", "job", "logical_date", "list", "channel", "category", "decision", "reason", "rows", "planned"},
		func(_ int64, cells [][]byte) {
			same = same && next < len(rows) && slices.EqualFunc(cells, rows[next], func(cell []byte, want string) bool { return string(cell) == want })
			next++
		})
	if err != nil || !read {
		return err
	}
	if !same || next != len(rows) {
		v.find(name, "does not say what summary.json says")
	}
	return nil
}

// readTexts reads columns of a Parquet file of the run. It reports whether the
// file could be read; where it could not, that is a finding.
func (v *verifier) readTexts(ctx context.Context, name string, columns []string, each func(row int64, cells [][]byte)) (bool, error) {
	if !v.has(name) {
		return false, nil
	}
	table, err := openTexts(ctx, v.pathOf(name), columns, v.mem)
	if err == nil {
		err = pipeline.ReadTexts(ctx, table, func(row int64, cells [][]byte) error {
			each(row, cells)
			return nil
		})
	}
	if err != nil {
		return false, v.unreadable(name, err)
	}
	return true, nil
}

// openTexts opens a Parquet file for columns of texts and integers.
func openTexts(ctx context.Context, path string, names []string, mem memory.Allocator) (pipeline.Table, error) {
	in, err := readers.Open(ctx, []string{path}, readers.Options{}, mem)
	if err != nil {
		return pipeline.Table{}, err
	}
	c := &columns{in: &input{Input: in}}
	for _, name := range names {
		if _, err := c.add(readers.Key, name); err != nil {
			return pipeline.Table{}, err
		}
	}
	return c.table(), nil
}
