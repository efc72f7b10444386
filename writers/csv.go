package writers

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"

	"optout/pipeline"
)

// CSVFile is an audience being written as CSV (RFC 4180: commas, CRLF, a header,
// UTF-8). It is a pipeline.Output like ParquetFile, of the same rows in the same
// order. Null is an empty field, empty text a pair of quotes. No cell can start a
// formula of a spreadsheet.
type CSVFile struct {
	*outputFile
	rows    int64
	leaves  []leafColumn
	columns []cellWriter
}

// CreateCSV creates a file for rows of a schema, which must not exist. Columns of
// structs, lists and maps are an error.
func CreateCSV(path string, schema *parquet.Schema, o FileOptions) (*CSVFile, error) {
	columns, err := cellWriters(schema)
	if err != nil {
		return nil, err
	}
	file, err := createFile(path, o.Mode)
	if err != nil {
		return nil, err
	}
	f := &CSVFile{outputFile: file, leaves: leafColumns(schema), columns: columns}
	var header []byte
	for i, c := range schema.Fields() {
		if i > 0 {
			header = append(header, ',')
		}
		header = appendText(header, []byte(c.Name()))
	}
	if _, err := f.buffer.Write(append(header, "\r\n"...)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// CheckCSV reports why rows of a schema cannot be written as CSV, nil if they can.
func CheckCSV(schema *parquet.Schema) error {
	_, err := cellWriters(schema)
	return err
}

// Commit finishes the file and syncs it to disk.
func (f *CSVFile) Commit() (FileInfo, error) { return f.commit(f.rows, nil) }

// Group starts a run of rows.
func (f *CSVFile) Group() pipeline.Group { return &csvGroup{file: f} }

// csvGroup is lines on their way into a file.
type csvGroup struct {
	file  *CSVFile
	lines []byte
	rows  int64
}

// Write makes lines of the rows.
func (g *csvGroup) Write(record arrow.Record, rows []int32) error {
	f := g.file
	if int(record.NumCols()) != len(f.columns) {
		return fmt.Errorf("write %s: a record of %d columns for a file of %d", f.path, record.NumCols(), len(f.columns))
	}
	columns := make([]*entries, len(f.columns))
	for i := range columns {
		var err error
		if columns[i], err = newEntries(record.Column(i), &f.leaves[i]); err != nil {
			return fmt.Errorf("write %s: column %s: %w", f.path, record.ColumnName(i), err)
		}
	}
	n := len(rows)
	if rows == nil {
		n = int(record.NumRows())
	}
	for k := range n {
		row := k
		if rows != nil {
			row = int(rows[k])
		}
		if err := g.line(columns, row); err != nil {
			return fmt.Errorf("write %s: %w", f.path, err)
		}
	}
	return nil
}

func (g *csvGroup) line(columns []*entries, row int) error {
	start := len(g.lines)
	for i, e := range columns {
		if i > 0 {
			g.lines = append(g.lines, ',')
		}
		if !e.valid(row) {
			continue
		}
		var err error
		if g.lines, err = g.file.columns[i](g.lines, e, row); err != nil {
			return fmt.Errorf("column %s: %w", g.file.leaves[i].path[0], err)
		}
	}
	if len(g.lines) == start { // a line without anything is no record
		g.lines = append(g.lines, `""`...)
	}
	g.lines = append(g.lines, "\r\n"...)
	g.rows++
	return nil
}

// Commit appends the lines to the file.
func (g *csvGroup) Commit() error {
	if _, err := g.file.buffer.Write(g.lines); err != nil {
		return fmt.Errorf("write %s: %w", g.file.path, err)
	}
	g.file.rows += g.rows
	return g.Close()
}

// Close abandons the lines, unless Commit was called.
func (g *csvGroup) Close() error {
	g.lines, g.rows = nil, 0
	return nil
}

// appendText appends a cell of text. One that a spreadsheet would take for a
// formula gets an apostrophe, which makes it text there; a number, as phone
// numbers are, is no formula:
// https://owasp.org/www-community/attacks/CSV_Injection.
func appendText(dst, text []byte) []byte {
	guard := startsFormula(text)
	if len(text) > 0 && !guard && !bytes.ContainsAny(text, ",\"\r\n") && text[0] != ' ' && text[len(text)-1] != ' ' {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	if guard {
		dst = append(dst, '\'')
	}
	dst = append(dst, bytes.ReplaceAll(text, []byte{'"'}, []byte(`""`))...)
	return append(dst, '"')
}

func startsFormula(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	switch text[0] {
	case '=', '@', '\t', '\r', '\n':
		return true
	case '+', '-':
		return !isNumber(text[1:])
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} { // as keyboards of East Asia write them
		if bytes.HasPrefix(text, []byte(wide)) {
			return true
		}
	}
	return false
}

// isNumber reports whether text is digits, with one point between them or none.
func isNumber(text []byte) bool {
	whole, part, found := bytes.Cut(text, []byte{'.'})
	return isDigits(whole) && (!found || isDigits(part))
}

func isDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}
