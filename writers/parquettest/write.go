package parquettest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// Options say how a file is written.
type Options struct {
	GroupRows int               // rows of a row group; 0 for one group
	Metadata  map[string]string // of the footer
}

// Write writes a table of text as a Parquet file, in place of one that is there.
func Write(path, table string, o Options) (err error) {
	t, err := parseTable(table)
	if err != nil {
		return fmt.Errorf("read table for %s: %w", path, err)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	options := []parquet.WriterOption{t.schema}
	for key, value := range o.Metadata {
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	w := parquet.NewWriter(f, options...)
	for i, row := range t.rows {
		if o.GroupRows > 0 && i > 0 && i%o.GroupRows == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return w.Close()
}

// table is a table of text, read.
type table struct {
	schema *parquet.Schema
	rows   []any // pointers to structs
}

func parseTable(text string) (*table, error) {
	var t *table
	var names []string
	var typ reflect.Type
	for number, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells, err := split(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number+1, err)
		}
		if t == nil {
			columns, err := parseColumns(cells)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", number+1, err)
			}
			for _, cell := range cells {
				name, _, _ := strings.Cut(cell, ":")
				names = append(names, name)
			}
			typ = structOf(columns)
			t = &table{schema: parquet.SchemaOf(reflect.New(typ).Interface())}
			continue
		}
		row, err := parseRow(names, cells, typ)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number+1, err)
		}
		t.rows = append(t.rows, row)
	}
	if t == nil {
		return nil, errors.New("no line of columns")
	}
	return t, nil
}

// split parts a line into cells. Quotes stay, for parseRow to see.
func split(line string) (cells []string, err error) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimLeft(line, " \t") {
		cell := line
		if line[0] == '"' {
			if cell, err = strconv.QuotedPrefix(line); err != nil {
				return nil, fmt.Errorf("cell %d: a quote does not end", len(cells)+1)
			}
		} else if i := strings.IndexAny(line, " \t"); i >= 0 {
			cell = line[:i]
		}
		cells, line = append(cells, cell), line[len(cell):]
	}
	return cells, nil
}

// parseRow makes a row by way of JSON, which knows how to fill any type.
func parseRow(names, cells []string, typ reflect.Type) (any, error) {
	if len(cells) != len(names) {
		return nil, fmt.Errorf("%d cells for %d columns", len(cells), len(names))
	}
	tree := map[string]any{}
	for i, name := range names {
		if cells[i] == "-" {
			continue
		}
		steps := strings.Split(name, ".")
		at := tree
		for _, step := range steps[:len(steps)-1] {
			if at[step] == nil {
				at[step] = map[string]any{}
			}
			at = at[step].(map[string]any)
		}
		value, err := parseCell(cells[i], leafType(typ, steps))
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", name, err)
		}
		at[steps[len(steps)-1]] = value
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	row := reflect.New(typ).Interface()
	return row, json.Unmarshal(text, row)
}

// leafType is the type of the field at the end of steps.
func leafType(typ reflect.Type, steps []string) reflect.Type {
	for _, step := range steps {
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		for i := range typ.NumField() {
			if f := typ.Field(i); f.Tag.Get("json") == step {
				typ = f.Type
				break
			}
		}
	}
	if typ.Kind() == reflect.Pointer {
		return typ.Elem()
	}
	return typ
}

// parseCell makes a cell the JSON of its type.
func parseCell(cell string, typ reflect.Type) (json.RawMessage, error) {
	if cell[0] == '"' {
		text, err := strconv.Unquote(cell)
		if err != nil {
			return nil, err
		}
		cell = text
	}
	switch {
	case typ.Kind() == reflect.String:
		return json.Marshal(cell)
	case typ == reflect.TypeFor[day]():
		at, err := time.Parse(time.DateOnly, cell)
		return json.RawMessage(strconv.FormatInt(at.Unix()/86400, 10)), err
	case typ == reflect.TypeFor[time.Time]():
		if len(cell) == len(time.DateOnly) {
			cell += "T00:00:00Z"
		}
		return json.Marshal(cell)
	}
	if !json.Valid([]byte(cell)) {
		return nil, fmt.Errorf("%q is no JSON", cell)
	}
	return json.RawMessage(cell), nil
}
