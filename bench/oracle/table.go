package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A row is one row of an input, by column.
type row = map[string]any

// A Table is a random input: rows, and the type that each column has in Parquet,
// in DuckDB's words.
type Table struct {
	path      string // a folder where it ends in a slash
	columns   []column
	rows      []row
	parts     int
	text      string // the format, where it is not Parquet: the end of the names of files
	delimiter string // of CSV, as the job says it
}

type column struct{ name, kind string }

// write writes the table as Parquet below dir, each part a run of its rows. The
// rows as JSON stay beside it: a failing case is read, not guessed.
func (t Table) write(d *database, dir string) error {
	path := filepath.Join(dir, t.path)
	if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, t.path+"x")), 0o755); err != nil {
		return err
	}
	if !strings.HasSuffix(t.path, "/") {
		return t.writePart(d, path, t.rows)
	}
	for part := range t.parts {
		rows := t.rows[len(t.rows)*part/t.parts : len(t.rows)*(part+1)/t.parts]
		if err := t.writePart(d, filepath.Join(path, fmt.Sprintf("part-%d%s", part, t.end())), rows); err != nil {
			return err
		}
	}
	return nil
}

func (t Table) writePart(d *database, path string, rows []row) error {
	var lines bytes.Buffer
	lines.WriteString("\n") // DuckDB refuses an empty file
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, r := range rows {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	text := path + ".rows"
	if err := os.WriteFile(text, lines.Bytes(), 0o644); err != nil {
		return err
	}
	names, kinds := make([]string, len(t.columns)), make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = `"` + c.name + `"`
		kinds[i] = fmt.Sprintf(`"%s": '%s'`, c.name, c.kind)
	}
	format := "parquet"
	switch {
	case isCSV(path):
		format = "csv, HEADER, DELIM " + delimiterOf(path, t.delimiter)
	case isNDJSON(path):
		format = "json"
	}
	return d.exec(fmt.Sprintf(
		"COPY (SELECT %s FROM read_json('%s', format = 'newline_delimited', columns = {%s})) TO '%s' (FORMAT %s)",
		strings.Join(names, ", "), text, strings.Join(kinds, ", "), path, format))
}

// setKind gives the columns of ids their type.
func (t *Table) setKind(kind string) {
	for i, c := range t.columns {
		if strings.Contains(c.kind, "%s") {
			t.columns[i].kind = fmt.Sprintf(c.kind, kind)
		}
	}
}
