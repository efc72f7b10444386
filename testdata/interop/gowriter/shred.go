package main

import (
	"maps"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"
)

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
