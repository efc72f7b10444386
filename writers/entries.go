package writers

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/parquet-go/parquet-go"
)

// entries reads one column of a record as Parquet entries. A column comes flat,
// with Parquet levels (see the readers' Leaf), or, in a ledger, as a list of
// text. Its values are bytes as they stand in a file.
type entries struct {
	values  arrow.Array // entries, or words where codes says which
	nulls   bool
	levels  []uint16 // of each entry, or nil
	offsets []int32  // of each row in the entries, or nil
	simple  bool     // offsets without levels: a required list of required values

	width int     // of fixed, 0 for text
	fixed []byte  // values of the same width
	ends  []int32 // of text: where each begins, and the last ends
	text  []byte
	bits  []byte // of booleans
	first int    // bit of the first
	codes []int32
	words arrow.ArrayData // of codes
}

func newEntries(a arrow.Array, leaf *leafColumn) (*entries, error) {
	e := &entries{}
	if list, ok := a.(*array.List); ok {
		e.offsets = list.Offsets()[list.Offset():][:list.Len()+1]
		a = list.ListValues()
		e.simple = a.DataType().ID() == arrow.STRING || a.DataType().ID() == arrow.DICTIONARY
	}
	if c, ok := a.(*array.Struct); ok {
		e.levels = c.Field(0).(*array.Uint16).Uint16Values()
		a = c.Field(1)
	}
	e.values, e.nulls = a, a.NullN() > 0
	if d, ok := a.(*array.Dictionary); ok {
		e.codes, e.words = d.Indices().(*array.Int32).Int32Values(), d.Data().Dictionary()
		a = d.Dictionary()
	}
	if err := e.bind(a, leaf.kind); err != nil {
		return nil, err
	}
	if e.width != leaf.width {
		return nil, fmt.Errorf("cannot write values of %d bytes as values of %d", e.width, leaf.width)
	}
	return e, nil
}

// kinds are the Parquet types of the Arrow types that columns come in.
var kinds = map[arrow.Type]parquet.Kind{
	arrow.BOOL: parquet.Boolean, arrow.INT32: parquet.Int32, arrow.INT64: parquet.Int64, arrow.TIMESTAMP: parquet.Int64,
	arrow.FLOAT32: parquet.Float, arrow.FLOAT64: parquet.Double, arrow.BINARY: parquet.ByteArray, arrow.STRING: parquet.ByteArray,
	arrow.FIXED_SIZE_BINARY: parquet.FixedLenByteArray,
}

// bind finds the values in the memory of an array.
func (e *entries) bind(a arrow.Array, kind parquet.Kind) error {
	id := a.DataType().ID()
	want, ok := kinds[id]
	if id == arrow.FIXED_SIZE_BINARY && kind == parquet.Int96 {
		want = parquet.Int96
	}
	if !ok || want != kind {
		return fmt.Errorf("cannot write %s as %s", a.DataType(), kind)
	}
	data := a.Data()
	buffer := func(i int) []byte {
		if b := data.Buffers()[i]; b != nil {
			return b.Bytes()
		}
		return nil
	}
	switch kind {
	case parquet.Boolean:
		e.bits, e.first = buffer(1), data.Offset()
	case parquet.ByteArray:
		if data.Len() > 0 {
			e.ends = arrow.Int32Traits.CastFromBytes(buffer(1))[data.Offset():][:data.Len()+1]
		}
		e.text = buffer(2)
	default:
		e.width = a.DataType().(arrow.FixedWidthDataType).BitWidth() / 8
		e.fixed = buffer(1)[data.Offset()*e.width:]
	}
	return nil
}

// valid reports whether entry i has a value.
func (e *entries) valid(i int) bool { return !e.nulls || e.values.IsValid(i) }

// value is the value of entry i, booleans apart.
func (e *entries) value(i int) []byte {
	if e.codes != nil {
		i = int(e.codes[i])
	}
	return e.word(i)
}

func (e *entries) word(i int) []byte {
	if e.width > 0 {
		return e.fixed[i*e.width : (i+1)*e.width]
	}
	return e.text[e.ends[i]:e.ends[i+1]]
}

// boolean is the value of entry i of a column of booleans.
func (e *entries) boolean(i int) bool {
	if e.codes != nil {
		i = int(e.codes[i])
	}
	return bitutil.BitIsSet(e.bits, e.first+i)
}
