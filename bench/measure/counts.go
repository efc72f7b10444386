package measure

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// counts are the rows of a run by list, decision and reason.
type counts map[count]int64

type count struct{ list, decision, reason string }

// readCounts reads the summary that a side wrote, wherever below out it is. A
// side that writes none, such as a scan, has no counts.
func readCounts(out string) (counts, error) {
	var path string
	err := filepath.WalkDir(out, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "summary.parquet" {
			path = p
		}
		return err
	})
	if err != nil || path == "" {
		return nil, err
	}
	type row struct {
		List     string  `parquet:"list,optional"`
		Decision string  `parquet:"decision,optional"`
		Reason   *string `parquet:"reason,optional"`
		Rows     int64   `parquet:"rows,optional"`
	}
	rows, err := parquet.ReadFile[row](path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	c := counts{}
	for _, r := range rows {
		key := count{list: r.List, decision: r.Decision}
		if r.Reason != nil {
			key.reason = *r.Reason
		}
		c[key] += r.Rows
	}
	return c, nil
}

// agree compares the counts of two sides that cleaned the same lists.
func (c counts) agree(other counts, sides []Side) error {
	if c == nil || other == nil || snapshotName(sides[0].Snapshot) != snapshotName(sides[1].Snapshot) || sides[0].planned() != sides[1].planned() {
		return nil
	}
	for _, pair := range []struct{ a, b counts }{{c, other}, {other, c}} {
		for key, rows := range pair.a {
			if pair.b[key] != rows {
				return fmt.Errorf("%s and %s disagree: list %s, %s %s: %d and %d rows",
					sides[0].Runner, sides[1].Runner, key.list, key.decision, key.reason, c[key], other[key])
			}
		}
	}
	return nil
}
