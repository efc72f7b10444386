package writers

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// cellWriter appends the cell of CSV that says what entry i of a column does,
// which is not null.
type cellWriter func(dst []byte, e *entries, i int) ([]byte, error)

// cellWriters are those of the columns of a schema.
func cellWriters(s *parquet.Schema) (all []cellWriter, err error) {
	for _, f := range s.Fields() {
		if !f.Leaf() || f.Repeated() {
			return nil, fmt.Errorf("column %q is nested, which CSV cannot have", f.Name())
		}
		w := cellOf(f.Type())
		if w == nil {
			return nil, fmt.Errorf("column %q is %s, which CSV has no words for", f.Name(), f.Type())
		}
		all = append(all, w)
	}
	return all, nil
}

// cellOf says how values of a type are written, nil where there is no way that a
// reader would know.
func cellOf(t parquet.Type) cellWriter {
	var logical any
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case *format.DecimalType:
		return decimalCell(t.Kind(), int(l.Scale))
	case *format.UUIDType:
		return fixedCell(appendUUID)
	case *format.DateType:
		return integerCell(t.Kind(), func(dst []byte, days int64) []byte {
			return time.Unix(0, 0).UTC().AddDate(0, 0, int(days)).AppendFormat(dst, time.DateOnly)
		})
	case *format.TimestampType:
		return timestampCell(l)
	case *format.IntType:
		if !l.IsSigned {
			return unsignedCell(t.Kind())
		}
	case nil, *format.StringType, *format.EnumType, *format.JsonType:
	default:
		return nil
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(dst []byte, e *entries, i int) ([]byte, error) { return strconv.AppendBool(dst, e.boolean(i)), nil }
	case parquet.Float:
		return fixedCell(func(dst, v []byte) []byte {
			return strconv.AppendFloat(dst, float64(math.Float32frombits(binary.LittleEndian.Uint32(v))), 'g', -1, 32)
		})
	case parquet.Double:
		return fixedCell(func(dst, v []byte) []byte {
			return strconv.AppendFloat(dst, math.Float64frombits(binary.LittleEndian.Uint64(v)), 'g', -1, 64)
		})
	case parquet.ByteArray:
		return textCell
	case parquet.Int96, parquet.FixedLenByteArray:
		return nil
	}
	return integerCell(t.Kind(), func(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) })
}

var errNoText = errors.New("bytes that are not UTF-8 cannot stand in CSV")

func textCell(dst []byte, e *entries, i int) ([]byte, error) {
	text := e.value(i)
	if !utf8.Valid(text) || slices.Contains(text, 0) {
		return nil, errNoText
	}
	return appendText(dst, text), nil
}

func fixedCell(add func(dst, value []byte) []byte) cellWriter {
	return func(dst []byte, e *entries, i int) ([]byte, error) { return add(dst, e.value(i)), nil }
}

// integerCell writes integers of 32 or 64 bits; a column that is always null has
// no kind.
func integerCell(kind parquet.Kind, add func(dst []byte, v int64) []byte) cellWriter {
	return fixedCell(func(dst, value []byte) []byte { return add(dst, integer(kind, value)) })
}

func integer(kind parquet.Kind, value []byte) int64 {
	if kind == parquet.Int64 {
		return int64(binary.LittleEndian.Uint64(value))
	}
	return int64(int32(binary.LittleEndian.Uint32(value)))
}

func unsignedCell(kind parquet.Kind) cellWriter {
	return fixedCell(func(dst, value []byte) []byte {
		if kind == parquet.Int64 {
			return strconv.AppendUint(dst, binary.LittleEndian.Uint64(value), 10)
		}
		return strconv.AppendUint(dst, uint64(binary.LittleEndian.Uint32(value)), 10)
	})
}

// timestampCell writes RFC 3339; a local time has no zone.
func timestampCell(t *format.TimestampType) cellWriter {
	layout, at := "2006-01-02T15:04:05.000000", time.UnixMicro
	switch t.Unit.Value.(type) {
	case *format.MilliSeconds:
		layout, at = "2006-01-02T15:04:05.000", time.UnixMilli
	case *format.NanoSeconds:
		layout, at = "2006-01-02T15:04:05.000000000", func(v int64) time.Time { return time.Unix(0, v) }
	}
	if t.IsAdjustedToUTC {
		layout += "Z"
	}
	return integerCell(parquet.Int64, func(dst []byte, v int64) []byte { return at(v).UTC().AppendFormat(dst, layout) })
}

// decimalCell writes a number with as many digits behind the point as its type
// has.
func decimalCell(kind parquet.Kind, scale int) cellWriter {
	return fixedCell(func(dst, value []byte) []byte {
		n := new(big.Int)
		switch kind {
		case parquet.Int32, parquet.Int64:
			n.SetInt64(integer(kind, value))
		default: // two's complement, the greatest byte first
			n.SetBytes(value)
			if len(value) > 0 && value[0] >= 0x80 {
				n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(value))))
			}
		}
		if n.Sign() < 0 {
			dst = append(dst, '-')
			n.Neg(n)
		}
		digits := n.String()
		if missing := scale + 1 - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		dst = append(dst, digits[:len(digits)-scale]...)
		if scale > 0 {
			dst = append(append(dst, '.'), digits[len(digits)-scale:]...)
		}
		return dst
	})
}

func appendUUID(dst, v []byte) []byte {
	for i, part := range [][]byte{v[:4], v[4:6], v[6:8], v[8:10], v[10:16]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}
