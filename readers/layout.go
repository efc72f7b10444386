package readers

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// annotated is a column with the annotations of its schema element.
type annotated struct {
	*parquet.Column
	fields []parquet.Field
	typ    parquet.Type
}

func (a *annotated) Fields() []parquet.Field { return a.fields }
func (a *annotated) Type() parquet.Type      { return a.typ }

// annotate walks columns and schema elements side by side; both stand in
// depth-first order.
func annotate(col *parquet.Column, elements []format.SchemaElement, next *int) *annotated {
	element := &elements[*next]
	*next++
	a := &annotated{Column: col, typ: annotatedType{col.Type(), element}}
	for _, child := range col.Columns() {
		a.fields = append(a.fields, annotate(child, elements, next))
	}
	return a
}

// annotatedType says what the file says of a type.
type annotatedType struct {
	parquet.Type
	element *format.SchemaElement
}

func (t annotatedType) LogicalType() *format.LogicalType {
	if t.element.LogicalType.Value != nil {
		return &t.element.LogicalType
	}
	return t.Type.LogicalType()
}

// ConvertedType is only what the file says: the library would add one that
// takes a local time for one in UTC.
func (t annotatedType) ConvertedType() *deprecated.ConvertedType {
	if t.element.ConvertedType.Valid {
		return &t.element.ConvertedType.V
	}
	return nil
}

// Find returns the number of a leaf among the columns of a table made by Rows of
// the same input.
func (t *Table) Find(l Leaf) int {
	return slices.IndexFunc(t.columns, func(b binding) bool { return b.number == l.binding.number })
}

// Columns lists the leaves of a table made by Rows: the top-level column each
// belongs to.
func (t *Table) Columns() []string {
	names := make([]string, len(t.columns))
	for i, b := range t.columns {
		names[i] = b.top
	}
	return names
}

// Value makes an array with one value, that which text says in the type of
// column number i of a table made by Rows. Only a column that is not nested and
// holds text, an integer, a boolean or a floating-point number has such values.
func (t *Table) Value(i int, text string) (arrow.Array, error) {
	b := t.columns[i]
	meaning := meaningType(b.stored, b.typ)
	if b.shape != flat || meaning == nil && b.typ.ID() != arrow.FLOAT32 && b.typ.ID() != arrow.FLOAT64 {
		return nil, fmt.Errorf("column %s is %s and can only be made null", b.name, b.stored)
	}
	build := array.NewBuilder(t.mem, b.typ)
	defer build.Release()
	var err error
	switch build := build.(type) {
	case *array.BinaryBuilder:
		build.AppendString(text)
	case *array.BooleanBuilder:
		err = appendParsed(build.Append, text, strconv.ParseBool)
	case *array.Int32Builder:
		err = appendParsed(func(v int64) { build.Append(int32(v)) }, text, parseInt(b.stored, 32))
	case *array.Int64Builder:
		err = appendParsed(build.Append, text, parseInt(b.stored, 64))
	case *array.Float32Builder:
		err = appendParsed(func(v float64) { build.Append(float32(v)) }, text, parseFloat(32))
	case *array.Float64Builder:
		err = appendParsed(build.Append, text, parseFloat(64))
	default:
		err = fmt.Errorf("it can only be made null")
	}
	if err == nil && (meaning != nil && (meaning.ID() == arrow.TIMESTAMP || meaning.ID() == arrow.DATE32)) {
		err = fmt.Errorf("it can only be made null")
	}
	if err != nil {
		return nil, fmt.Errorf("column %s is %s: %w", b.name, b.stored, err)
	}
	return build.NewArray(), nil
}

func appendParsed[T any](add func(T), text string, parse func(string) (T, error)) error {
	v, err := parse(text)
	if err != nil {
		return fmt.Errorf("%q is no such value", text)
	}
	add(v)
	return nil
}

// parseInt parses an integer of the column's own range.
func parseInt(of parquet.Type, bits int) func(string) (int64, error) {
	t, ok := logicalType(of).(*format.IntType)
	if ok {
		bits = int(t.BitWidth)
	}
	return func(s string) (int64, error) {
		if ok && !t.IsSigned {
			v, err := strconv.ParseUint(s, 10, bits)
			return int64(v), err
		}
		return strconv.ParseInt(s, 10, bits)
	}
}

func parseFloat(bits int) func(string) (float64, error) {
	return func(s string) (float64, error) { return strconv.ParseFloat(s, bits) }
}
