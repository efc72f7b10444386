package main

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// good is a file in which nothing is wrong but what change makes so.
func good(change func(*format.FileMetaData)) []byte {
	f := file{typ: format.Int64, rows: 8, pages: [][]byte{page(8, format.Plain, make([]byte, 64))}, change: change}
	return f.bytes()
}

func footers() map[string][]byte {
	chunk := func(change func(*format.ColumnMetaData)) []byte {
		return good(func(m *format.FileMetaData) { change(&m.RowGroups[0].Columns[0].MetaData) })
	}
	return map[string][]byte{
		// The library reserves what the count says.
		"footer_list_of_two_billion": finish([]byte("PAR1"), []byte{0x15, 0x02, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07}),
		// Each byte is a struct in a struct: enough of them take all stack.
		"footer_too_deep":         finish([]byte("PAR1"), bytes.Repeat([]byte{0x1C}, 200)),
		"footer_with_a_signature": signed(),
		"footer_too_short":        finish([]byte("PAR1"), []byte{0x15, 0x02}),
		// A list of a million elements of one byte each.
		"footer_of_empty_elements": finish([]byte("PAR1"), append([]byte{0x15, 0x02, 0x19, 0xFC, 0xF4, 0x03}, make([]byte, 500)...)),
		"schema_too_deep": good(func(m *format.FileMetaData) {
			nest := format.SchemaElement{Name: "n", NumChildren: thrift.New[int32](1), RepetitionType: thrift.New(format.Optional)}
			root, leaf := m.Schema[0], m.Schema[1]
			m.Schema = append([]format.SchemaElement{root}, make([]format.SchemaElement, 300)...)
			for i := range 300 {
				m.Schema[i+1] = nest
			}
			m.Schema = append(m.Schema, leaf)
		}),
		"schema_of_fewer_columns": good(func(m *format.FileMetaData) { m.Schema[0].NumChildren.V = 2 }),
		"schema_of_more_columns":  good(func(m *format.FileMetaData) { m.Schema = append(m.Schema, m.Schema[1]) }),
		"schema_of_no_columns":    good(func(m *format.FileMetaData) { m.Schema = m.Schema[:1]; m.Schema[0].NumChildren.V = 0 }),
		"schema_leaf_is_a_list": good(func(m *format.FileMetaData) {
			m.Schema[1].ConvertedType = thrift.New(deprecated.List)
		}),
		"schema_decimal_of_doubles": good(func(m *format.FileMetaData) {
			m.Schema[1].Type.V = format.Double
			m.Schema[1].ConvertedType = thrift.New(deprecated.Decimal)
			m.Schema[1].Scale, m.Schema[1].Precision = thrift.New[int32](2), thrift.New[int32](9)
		}),
		"schema_of_another_type":   good(func(m *format.FileMetaData) { m.Schema[1].Type.V = format.Double }),
		"schema_of_another_name":   good(func(m *format.FileMetaData) { m.Schema[1].Name = "profile_ix" }),
		"groups_without_columns":   good(func(m *format.FileMetaData) { m.RowGroups = append(m.RowGroups, format.RowGroup{}) }),
		"groups_of_other_rows":     good(func(m *format.FileMetaData) { m.RowGroups[0].NumRows = 9 }),
		"groups_of_fewer_rows":     good(func(m *format.FileMetaData) { m.NumRows = 9 }),
		"groups_of_negative_rows":  good(func(m *format.FileMetaData) { m.RowGroups[0].NumRows = -8 }),
		"groups_share_their_pages": good(func(m *format.FileMetaData) { m.NumRows, m.RowGroups = 16, append(m.RowGroups, m.RowGroups[0]) }),
		"chunk_in_another_file":    good(func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].FilePath = "other.parquet" }),
		"chunk_of_lzo":             chunk(func(c *format.ColumnMetaData) { c.Codec = format.LZO }),
		"chunk_behind_the_end":     chunk(func(c *format.ColumnMetaData) { c.DataPageOffset = 1 << 40 }),
		"chunk_in_the_footer":      chunk(func(c *format.ColumnMetaData) { c.TotalCompressedSize += 20 }),
		"chunk_of_negative_size":   chunk(func(c *format.ColumnMetaData) { c.TotalCompressedSize = -1 }),
		"chunk_of_other_values":    chunk(func(c *format.ColumnMetaData) { c.NumValues = 7 }),
		"chunk_cut_short":          chunk(func(c *format.ColumnMetaData) { c.TotalCompressedSize -= 8 }),
	}
}

// signed has behind its footer what the library takes for a signature.
func signed() []byte {
	f := good(nil)
	footer := binary.LittleEndian.Uint32(f[len(f)-8:])
	pages := len(f) - 8 - int(footer)
	return finish(f[:pages:pages], append(slices.Clone(f[pages:len(f)-8]), make([]byte, 28)...))
}
