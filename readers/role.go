package readers

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A Role is what a column is needed for. It decides which Parquet types will do
// and as which Arrow type the values arrive.
type Role uint8

const (
	// Stored takes every type and keeps the stored values: Boolean, Int32,
	// Int64, Float32, Float64, Binary (plain or dictionary), FixedSizeBinary (12
	// bytes for INT96).
	Stored Role = iota
	// Text is String, plain or dictionary-encoded.
	Text
	// Key identifies a person or an address: String (plain or dictionary),
	// Int32, Int64, Uint32, Uint64, or FixedSizeBinary of 16 bytes for a UUID.
	Key
	// Choice is a consent value: String (plain or dictionary), Boolean, Int32
	// or Int64, to be read by the job's mapping of values.
	Choice
	// Time is a Timestamp (milliseconds, microseconds or nanoseconds; a time
	// without zone counts as UTC; INT96 arrives as microseconds) or a Date32.
	Time
	// Flag is Boolean.
	Flag
)

var roleNames = [...]string{
	"a stored value", "text", "text, an integer or a UUID", "text, a boolean or an integer",
	"a timestamp or a date", "a boolean",
}

func (r Role) String() string { return roleNames[r] }

// typeFor returns the Arrow type in which leaf serves the role, or an error if
// its type cannot. Nothing is converted but INT96.
func typeFor(leaf *parquet.Column, role Role) (arrow.DataType, error) {
	stored, err := storedType(leaf)
	if err != nil || role == Stored {
		return stored, err
	}
	typ := meaningType(leaf.Type(), stored)
	if typ == nil || !serves(typ, role) {
		return nil, fmt.Errorf("%w: %s is %s, not %s", ErrColumnType, joinPath(leaf.Path()), leaf.Type(), role)
	}
	return typ, nil
}

func serves(typ arrow.DataType, role Role) bool {
	switch typ.ID() {
	case arrow.STRING:
		return role == Text || role == Key || role == Choice
	case arrow.INT32, arrow.INT64, arrow.UINT32, arrow.UINT64:
		return role == Key || role == Choice
	case arrow.FIXED_SIZE_BINARY:
		return role == Key && typ.(*arrow.FixedSizeBinaryType).ByteWidth == 16
	case arrow.BOOL:
		return role == Flag || role == Choice
	case arrow.TIMESTAMP, arrow.DATE32:
		return role == Time
	}
	return false
}

// storedType is the Arrow type that has the layout of the leaf's stored values.
func storedType(leaf *parquet.Column) (arrow.DataType, error) {
	switch kindOf(leaf.Type()) {
	case parquet.Boolean:
		return arrow.FixedWidthTypes.Boolean, nil
	case parquet.Int32:
		return arrow.PrimitiveTypes.Int32, nil
	case parquet.Int64:
		return arrow.PrimitiveTypes.Int64, nil
	case parquet.Int96:
		return &arrow.FixedSizeBinaryType{ByteWidth: 12}, nil
	case parquet.Float:
		return arrow.PrimitiveTypes.Float32, nil
	case parquet.Double:
		return arrow.PrimitiveTypes.Float64, nil
	case parquet.ByteArray:
		return arrow.BinaryTypes.Binary, nil
	case parquet.FixedLenByteArray:
		if n := leaf.Type().Length(); n > 0 {
			return &arrow.FixedSizeBinaryType{ByteWidth: n}, nil
		}
	}
	return nil, fmt.Errorf("column %s has the unknown Parquet type %s", joinPath(leaf.Path()), leaf.Type())
}

// kindOf is how values are stored. The library knows no kind of a
// column that is always null; writers choose INT32.
func kindOf(t parquet.Type) parquet.Kind {
	if kind := t.Kind(); kind >= 0 {
		return kind
	}
	return parquet.Int32
}

// meaningType is the Arrow type of the same layout that also says what the
// values mean, or nil where they mean something no rule may read as a plain
// number or text, such as a decimal or a time of day.
func meaningType(of parquet.Type, stored arrow.DataType) arrow.DataType {
	kind := kindOf(of)
	switch t := logicalType(of).(type) {
	case nil:
		switch kind {
		case parquet.Int96:
			return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
		case parquet.ByteArray:
			return arrow.BinaryTypes.String // text of a writer that does not say so
		case parquet.Float, parquet.Double:
			return nil // 1.5551234E10 is nobody's number
		}
		return stored
	case *format.StringType, *format.EnumType, *format.JsonType:
		if kind == parquet.ByteArray {
			return arrow.BinaryTypes.String
		}
	case *format.UUIDType:
		return stored
	case *format.DateType:
		return arrow.FixedWidthTypes.Date32
	case *format.TimestampType:
		if kind == parquet.Int64 {
			return &arrow.TimestampType{Unit: timeUnit(t), TimeZone: "UTC"}
		}
	case *format.IntType:
		switch {
		case kind == parquet.Int32 && !t.IsSigned:
			return arrow.PrimitiveTypes.Uint32
		case kind == parquet.Int64 && !t.IsSigned:
			return arrow.PrimitiveTypes.Uint64
		}
		return stored
	}
	return nil
}

func timeUnit(t *format.TimestampType) arrow.TimeUnit {
	switch t.Unit.Value.(type) {
	case *format.MilliSeconds:
		return arrow.Millisecond
	case *format.NanoSeconds:
		return arrow.Nanosecond
	}
	return arrow.Microsecond
}

// logicalType returns the value of a logical type, nil for none. The library
// derives it from the converted type of older files.
func logicalType(of parquet.Type) any {
	if t := of.LogicalType(); t != nil {
		return t.Value
	}
	return nil
}
