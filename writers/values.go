package writers

import (
	"encoding/binary"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"

	"optout/pipeline"
)

// leafInfo is what shredding needs to know of a leaf of the file.
type leafInfo struct {
	kind   parquet.Kind
	maxDef int
	shift  int // levels added because the top-level column was made optional
}

func leafInfos(s *parquet.Schema) (infos []leafInfo) {
	for _, f := range s.Fields() {
		shift := 0
		if c, ok := f.(*column); ok && c.optional {
			shift = 1
		}
		infos = appendLeaves(infos, f, 0, shift)
	}
	return infos
}

func appendLeaves(infos []leafInfo, n parquet.Node, def, shift int) []leafInfo {
	if !n.Required() {
		def++
	}
	if n.Leaf() {
		return append(infos, leafInfo{kind: n.Type().Kind(), maxDef: def, shift: shift})
	}
	for _, f := range n.Fields() {
		infos = appendLeaves(infos, f, def, shift)
	}
	return infos
}

// leafValues turns one column of a record into the library's values. A column
// comes flat, with Parquet levels (see the readers' Leaf), or, in a ledger, as
// a list of text.
type leafValues struct {
	leaf    leafInfo
	column  int
	valid   func(i int) bool
	value   func(i int) parquet.Value
	levels  []uint16
	offsets []int32
	simple  bool // offsets without levels: a required list of required values
}

func newLeafValues(a arrow.Array, leaf leafInfo, number int) (*leafValues, error) {
	v := &leafValues{leaf: leaf, column: number}
	switch c := a.(type) {
	case *array.List:
		v.offsets = c.Offsets()[c.Offset():][:c.Len()+1]
		a = c.ListValues()
		v.simple = a.DataType().ID() == arrow.STRING
	}
	if c, ok := a.(*array.Struct); ok {
		v.levels = c.Field(0).(*array.Uint16).Uint16Values()
		a = c.Field(1)
	}
	v.valid = a.IsValid
	if a.NullN() == 0 {
		v.valid = func(int) bool { return true }
	}
	var err error
	v.value, err = valueOf(a, leaf.kind)
	return v, err
}

// valueOf returns the value of entry i; it refers to the array's memory.
func valueOf(a arrow.Array, kind parquet.Kind) (func(i int) parquet.Value, error) {
	var value func(i int) parquet.Value
	want := kind
	switch a := a.(type) {
	case *array.Boolean:
		want = parquet.Boolean
		value = func(i int) parquet.Value { return parquet.BooleanValue(a.Value(i)) }
	case *array.Int32:
		want = parquet.Int32
		value = func(i int) parquet.Value { return parquet.Int32Value(a.Value(i)) }
	case *array.Int64:
		want = parquet.Int64
		value = func(i int) parquet.Value { return parquet.Int64Value(a.Value(i)) }
	case *array.Timestamp:
		want = parquet.Int64
		value = func(i int) parquet.Value { return parquet.Int64Value(int64(a.Value(i))) }
	case *array.Float32:
		want = parquet.Float
		value = func(i int) parquet.Value { return parquet.FloatValue(a.Value(i)) }
	case *array.Float64:
		want = parquet.Double
		value = func(i int) parquet.Value { return parquet.DoubleValue(a.Value(i)) }
	case *array.Binary:
		want = parquet.ByteArray
		value = func(i int) parquet.Value { return parquet.ByteArrayValue(a.Value(i)) }
	case *array.String:
		want = parquet.ByteArray
		offsets, bytes := a.ValueOffsets(), a.ValueBytes()
		value = func(i int) parquet.Value {
			return parquet.ByteArrayValue(bytes[offsets[i]-offsets[0] : offsets[i+1]-offsets[0]])
		}
	case *array.FixedSizeBinary:
		if kind == parquet.Int96 {
			value = func(i int) parquet.Value { return parquet.Int96Value(int96(a.Value(i))) }
			break
		}
		want = parquet.FixedLenByteArray
		value = func(i int) parquet.Value { return parquet.FixedLenByteArrayValue(a.Value(i)) }
	default:
		return nil, fmt.Errorf("cannot write %s", a.DataType())
	}
	if want != kind {
		return nil, fmt.Errorf("cannot write %s as %s", a.DataType(), kind)
	}
	return value, nil
}

func int96(b []byte) deprecated.Int96 {
	return deprecated.Int96{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])}
}

// appendRows appends the entries of the given rows.
func (v *leafValues) appendRows(dst []parquet.Value, rows []int32) []parquet.Value {
	for _, row := range rows {
		i := int(row)
		switch {
		case v.simple:
			dst = v.appendList(dst, int(v.offsets[i]), int(v.offsets[i+1]))
		case v.offsets != nil:
			for k := int(v.offsets[i]); k < int(v.offsets[i+1]); k++ {
				dst = v.appendEntry(dst, k)
			}
		case v.levels != nil:
			dst = v.appendEntry(dst, i)
		case v.valid(i):
			dst = append(dst, v.value(i).Level(0, v.leaf.maxDef, v.column))
		default:
			dst = append(dst, parquet.Value{}.Level(0, 0, v.column))
		}
	}
	return dst
}

// appendEntry appends an entry with its levels, moved down by one where the
// column was made optional.
func (v *leafValues) appendEntry(dst []parquet.Value, i int) []parquet.Value {
	level := v.levels[i]
	if level == pipeline.NullRow {
		return append(dst, parquet.Value{}.Level(0, 0, v.column))
	}
	rep, def := int(level>>8), int(level&0xFF)+v.leaf.shift
	if def < v.leaf.maxDef {
		return append(dst, parquet.Value{}.Level(rep, def, v.column))
	}
	return append(dst, v.value(i).Level(rep, def, v.column))
}

// appendList appends a list of required values; an empty one has one entry.
func (v *leafValues) appendList(dst []parquet.Value, start, end int) []parquet.Value {
	if start == end {
		return append(dst, parquet.Value{}.Level(0, 0, v.column))
	}
	for i := start; i < end; i++ {
		dst = append(dst, v.value(i).Level(min(i-start, 1), v.leaf.maxDef, v.column))
	}
	return dst
}
