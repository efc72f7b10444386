package oracle

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// formats are the ends of file names that say what a file is.
var formats = []string{".parquet", ".csv", ".ndjson", ".csv.gz", ".ndjson.zst"}

// ends are all that an input can have.
var ends = append([]string{".tsv", ".tsv.gz"}, formats...)

func isCSV(path string) bool {
	name := filepath.Base(path)
	return strings.Contains(name, ".csv") || strings.Contains(name, ".tsv")
}

func isNDJSON(path string) bool { return strings.Contains(filepath.Base(path), ".ndjson") }

// end is how the names of the table's files end.
func (t Table) end() string {
	if t.text == "" {
		return ".parquet"
	}
	return t.text
}

// asText writes a table in a format of text, if it can be: maps and lists cannot be
// read from it, and structs from NDJSON only. It returns the path of the table.
func (t *Table) asText(format string) string {
	nested := []string{"MAP(", "[]"}
	if isCSV(format) {
		nested = append(nested, "STRUCT(")
	}
	for _, c := range t.columns {
		if c.name != "extra" && slices.ContainsFunc(nested, func(kind string) bool { return strings.Contains(c.kind, kind) }) {
			return t.path
		}
	}
	t.text = format
	t.path = strings.TrimSuffix(t.path, ".parquet")
	if !strings.HasSuffix(t.path, "/") {
		t.path += t.end()
	}
	for i := range t.columns {
		if isCSV(format) {
			t.columns[i].kind = "VARCHAR"
		} else {
			t.columns[i].kind = timeKind.ReplaceAllString(t.columns[i].kind, "VARCHAR")
		}
	}
	return t.path
}

// timeKind is the type of times, which JSON does not have.
var timeKind = regexp.MustCompile(`\bTIMESTAMP(TZ)?\b`)
