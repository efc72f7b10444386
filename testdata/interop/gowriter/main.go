// Gowriter writes the interop files that come from parquet-go. It shreds the
// rows itself, so that null and empty stay apart and every inner group can
// have the name an older writer would give it.
//
//	go run testdata/interop/gowriter/main.go OUTDIR
//
// OUTDIR holds consents_rows.json, which write.py leaves there.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gowriter OUTDIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gowriter:", err)
		os.Exit(1)
	}
}

type row = map[string]any

func run(out string) error {
	text, err := os.ReadFile(filepath.Join(out, "consents_rows.json"))
	if err != nil {
		return fmt.Errorf("read rows: %w: run write.py, which makes them", err)
	}
	var people []row
	if err := json.Unmarshal(text, &people); err != nil {
		return fmt.Errorf("decode rows: %w", err)
	}
	bloom := parquet.BloomFilters(parquet.SplitBlockFilter(10, "profile_id"))
	zstd, snappy := parquet.Compression(&parquet.Zstd), parquet.Compression(&parquet.Snappy)
	v1, tens := parquet.DataPageVersion(1), parquet.MaxRowsPerRowGroup(10)
	for _, f := range []struct {
		name    string
		columns parquet.Group
		rows    []row
		options []parquet.WriterOption
	}{
		{"consents_parquetgo", consents(), people, []parquet.WriterOption{zstd, bloom}},
		{"list_parquetgo", everyType(), planned(24, typed), []parquet.WriterOption{snappy, tens}},
		{"list_parquetgo_legacy", legacyShapes(), planned(24, shaped), []parquet.WriterOption{zstd, v1}},
		{"list_parquetgo_bare", bareBytes(), planned(24, bare), nil},
		{"required_parquetgo", required(), planned(100, solid), []parquet.WriterOption{snappy}},
		{"required_parquetgo_v1", required(), planned(100, solid), []parquet.WriterOption{zstd, v1, parquet.MaxRowsPerRowGroup(40)}},
		{"empty_parquetgo", required(), nil, []parquet.WriterOption{zstd}},
	} {
		if err := write(filepath.Join(out, f.name+".parquet"), f.columns, f.rows, f.options); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

func write(path string, columns parquet.Group, rows []row, options []parquet.WriterOption) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	schema := parquet.NewSchema("interop", columns)
	writer := parquet.NewWriter(file, append(options, schema)...)
	for _, r := range rows {
		if _, err := writer.WriteRows([]parquet.Row{shred(schema, r)}); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return file.Close()
}

// shred turns a row into values with levels, column by column.
func shred(schema *parquet.Schema, r row) parquet.Row {
	columns := make(parquet.Row, 0, 64)
	next := 0
	for _, field := range schema.Fields() {
		next = walk(&columns, field, r[field.Name()], next, 0, 0, 0)
	}
	slices.SortStableFunc(columns, func(a, b parquet.Value) int { return a.Column() - b.Column() })
	return columns
}

// walk stores v under node, whose first leaf is column first, and returns the
// column after its last leaf. Depth is the number of repeated nodes above.
func walk(out *parquet.Row, node parquet.Node, v any, first, rep, depth, def int) int {
	if node.Optional() {
		if v == nil {
			return nulls(out, node, first, rep, def)
		}
		def++
	}
	if !node.Repeated() {
		return content(out, node, v, first, rep, depth, def)
	}
	items, _ := v.([]any)
	if len(items) == 0 {
		return nulls(out, node, first, rep, def)
	}
	next := first
	for _, item := range items {
		next = content(out, node, item, first, rep, depth+1, def+1)
		rep = depth + 1
	}
	return next
}

func content(out *parquet.Row, node parquet.Node, v any, first, rep, depth, def int) int {
	if node.Leaf() {
		*out = append(*out, leaf(node, v).Level(rep, def, first))
		return first + 1
	}
	fields, next := node.Fields(), first
	members := wrap(fields[0], v)
	for _, field := range fields {
		next = walk(out, field, members[field.Name()], next, rep, depth, def)
	}
	return next
}

// nulls marks every leaf below node as absent from level def on.
func nulls(out *parquet.Row, node parquet.Node, first, rep, def int) int {
	if node.Leaf() {
		*out = append(*out, parquet.NullValue().Level(rep, def, first))
		return first + 1
	}
	for _, field := range node.Fields() {
		first = nulls(out, field, first, rep, def)
	}
	return first
}

// wrap adds the groups that a list or map has in the file but not in the row.
func wrap(inner parquet.Field, v any) row {
	switch v := v.(type) {
	case []any: // three levels where the repeated group holds one field, else two
		if fields := inner.Fields(); len(fields) == 1 {
			items := make([]any, len(v))
			for i := range v {
				items[i] = row{fields[0].Name(): v[i]}
			}
			return row{inner.Name(): items}
		}
		return row{inner.Name(): v}
	case row:
		if !inner.Repeated() {
			return v
		}
		var pairs []any
		for _, key := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, row{"key": key, "value": v[key]})
		}
		return row{inner.Name(): pairs}
	}
	return nil
}

func leaf(node parquet.Node, v any) parquet.Value {
	if text, ok := v.(string); ok && node.Type().Kind() == parquet.Int64 {
		when, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			panic("parse time of the rows: " + err.Error())
		}
		return parquet.Int64Value(when.UnixMicro())
	}
	if value, ok := v.(parquet.Value); ok {
		return value
	}
	return parquet.ValueOf(v)
}

func text() parquet.Node                         { return parquet.Optional(parquet.String()) }
func opt(node parquet.Node) parquet.Node         { return parquet.Optional(node) }
func list(of parquet.Node) parquet.Node          { return opt(parquet.List(of)) }
func mapOf(value parquet.Node) parquet.Node      { return opt(parquet.Map(parquet.String(), value)) }
func stamp() parquet.Node                        { return opt(parquet.Timestamp(parquet.Microsecond)) }
func group(fields parquet.Group) parquet.Node    { return opt(fields) }
func val() parquet.Node                          { return group(parquet.Group{"val": text()}) }
func content1(name string) parquet.Node          { return group(parquet.Group{name: val()}) }
func choice() parquet.Group                      { return parquet.Group{"val": text(), "time": stamp(), "reason": text()} }
func with(g parquet.Group, n string, v parquet.Node) parquet.Group {
	g[n] = v
	return g
}
