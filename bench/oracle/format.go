package oracle

import (
	"path/filepath"
	"slices"
	"strings"
)

// formats are the ends of file names that say what a file is.
var formats = []string{".parquet", ".csv", ".ndjson", ".csv.gz", ".ndjson.zst"}

func isCSV(path string) bool { return strings.Contains(filepath.Base(path), ".csv") }

func isNDJSON(path string) bool { return strings.Contains(filepath.Base(path), ".ndjson") }

// end is how the names of the table's files end.
func (t Table) end() string {
	if t.text {
		return ".csv"
	}
	return ".parquet"
}

// asText makes a table CSV, if it can be: maps and structs cannot be read from it.
// It returns the path of the table.
func (t *Table) asText() string {
	if slices.ContainsFunc(t.columns, func(c column) bool { return strings.ContainsAny(c.kind, "()[") && c.name != "extra" }) {
		return t.path
	}
	t.text = true
	t.path = strings.TrimSuffix(t.path, ".parquet")
	if !strings.HasSuffix(t.path, "/") {
		t.path += t.end()
	}
	for i := range t.columns {
		t.columns[i].kind = "VARCHAR"
	}
	return t.path
}
