package pipeline

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"

	"optout/pipeline/consent"
)

// texts reads a column of ids, addresses or names as bytes, whatever Arrow type
// carries them: text plain or dictionary-encoded, integers as decimals, UUIDs
// as their canonical text, booleans as true and false. It refers to the record
// it was made from.
type texts struct {
	array   arrow.Array
	words   *array.String // plain text, or the words of a dictionary
	offsets []int32
	bytes   []byte
	base    int32  // Arrow's bytes of a slice begin at its first value, its offsets do not
	valid   []byte // bits of the rows that are not null, from bit number first on; nil where none is
	first   int
	codes   []int32
	fixed   []byte // of UUIDs, sixteen bytes each
	flag    func(i int) bool
	number  func(i int) int64
	natural func(i int) uint64
	scratch []byte
}

func newTexts(a arrow.Array) (*texts, error) {
	t := &texts{array: a, first: a.Data().Offset()}
	if a.NullN() > 0 { // readers count what they mark
		t.valid = a.NullBitmapBytes()
	}
	switch a := a.(type) {
	case *array.String:
		t.setWords(a)
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		codes, isInt32 := a.Indices().(*array.Int32)
		if !ok || !isInt32 {
			return nil, fmt.Errorf("a dictionary of %s", a.Dictionary().DataType())
		}
		t.setWords(words)
		t.codes = codes.Int32Values()
	case *array.FixedSizeBinary:
		if width := a.DataType().(*arrow.FixedSizeBinaryType).ByteWidth; width != uuidBytes {
			return nil, fmt.Errorf("binary values of %d bytes, which are no UUIDs", width)
		}
		t.fixed = a.Data().Buffers()[1].Bytes()[uuidBytes*a.Data().Offset():]
	case *array.Int32:
		t.number = func(i int) int64 { return int64(a.Value(i)) }
	case *array.Int64:
		t.number = a.Value
	case *array.Uint32:
		t.natural = func(i int) uint64 { return uint64(a.Value(i)) }
	case *array.Uint64:
		t.natural = a.Value
	case *array.Boolean:
		t.flag = a.Value
	default:
		return nil, fmt.Errorf("a column of %s cannot be read as text", a.DataType())
	}
	return t, nil
}

// setWords takes apart an array of text. One without values may lack offsets.
func (t *texts) setWords(a *array.String) {
	if t.words = a; a.Len() > 0 {
		t.offsets, t.bytes = a.ValueOffsets(), a.ValueBytes()
		t.base = t.offsets[0]
	}
	if t.bytes == nil {
		t.bytes = []byte{} // of empty texts alone, which are not null
	}
}

// word returns word number i of a dictionary, nil for null: there may be a null
// among the words, too, and any bytes behind it.
func (t *texts) word(i int) []byte {
	if t.words.IsNull(i) {
		return nil
	}
	return t.bytes[t.offsets[i]-t.base : t.offsets[i+1]-t.base]
}

// isUUID reports whether the column holds binary UUIDs.
func (t *texts) isUUID() bool { return t.fixed != nil }

// uuid returns the sixteen bytes of row i.
func (t *texts) uuid(i int) []byte { return t.fixed[uuidBytes*i:][:uuidBytes] }

func (t *texts) isNull(i int) bool { return t.valid != nil && !bitutil.BitIsSet(t.valid, t.first+i) }

// at returns the text of row i, nil for null. It is valid until the next call.
func (t *texts) at(i int) []byte {
	if t.isNull(i) {
		return nil
	}
	if t.codes == nil && t.words != nil {
		return t.bytes[t.offsets[i]-t.base : t.offsets[i+1]-t.base]
	}
	return t.atOther(i)
}

// atOther is at for what is not plain text, and not null.
func (t *texts) atOther(i int) []byte {
	switch {
	case t.codes != nil:
		return t.word(int(t.codes[i]))
	case t.fixed != nil:
		k := (&hasher{}).uuid(t.uuid(i))
		t.scratch = appendUUID(t.scratch[:0], k.a, k.b)
	case t.flag != nil:
		t.scratch = strconv.AppendBool(t.scratch[:0], t.flag(i))
	case t.number != nil:
		t.scratch = strconv.AppendInt(t.scratch[:0], t.number(i), 10)
	default:
		t.scratch = strconv.AppendUint(t.scratch[:0], t.natural(i), 10)
	}
	return t.scratch
}

// newTimes returns a function that gives the time of row i in microseconds
// since 1970 UTC, consent.NoTime for null. A nil column has no times.
func newTimes(a arrow.Array) (func(i int) int64, error) {
	switch a := a.(type) {
	case nil:
		return func(int) int64 { return consent.NoTime }, nil
	case *array.Timestamp:
		unit := a.DataType().(*arrow.TimestampType).Unit
		values := a.TimestampValues()
		return func(i int) int64 {
			if a.IsNull(i) {
				return consent.NoTime
			}
			return micros(int64(values[i]), unit)
		}, nil
	case *array.Date32:
		return func(i int) int64 {
			if a.IsNull(i) {
				return consent.NoTime
			}
			return scale(int64(a.Value(i)), int64(24*time.Hour/time.Microsecond))
		}, nil
	}
	return nil, fmt.Errorf("a column of %s cannot be read as times", a.DataType())
}

// micros converts a timestamp. One that does not fit is unknown: no rule may
// take it for a date.
func micros(v int64, unit arrow.TimeUnit) int64 {
	switch unit {
	case arrow.Second:
		return scale(v, 1e6)
	case arrow.Millisecond:
		return scale(v, 1e3)
	case arrow.Nanosecond:
		if v < 0 && v%1000 != 0 {
			return v/1000 - 1
		}
		return v / 1000
	}
	return v
}

// scale multiplies, or returns consent.NoTime where the product overflows.
func scale(v, by int64) int64 {
	if v > math.MaxInt64/by || v < math.MinInt64/by {
		return consent.NoTime
	}
	return v * by
}
