package writers

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/parquet-go/parquet-go/format"
)

// longestBound is the longest value that statistics hold, in bytes. A column
// with a longer one at an end has no bounds rather than rounded ones.
const longestBound = 256

// bounds are the least and the greatest value of a column chunk, plain-encoded.
type bounds struct {
	order    order
	any      bool
	min, max []byte
	low      int64 // of integers
	high     int64
}

// add takes a plain-encoded value, without the length of a byte array.
func (b *bounds) add(value []byte) {
	switch b.order {
	case orderInt32:
		b.addInt(int64(int32(binary.LittleEndian.Uint32(value))))
	case orderInt64:
		b.addInt(int64(binary.LittleEndian.Uint64(value)))
	case orderBytes:
		switch {
		case !b.any:
			b.min, b.max = append(b.min[:0], value...), append(b.max[:0], value...)
			b.any = true
		case bytes.Compare(value, b.min) < 0:
			b.min = append(b.min[:0], value...)
		case bytes.Compare(value, b.max) > 0:
			b.max = append(b.max[:0], value...)
		}
	}
}

func (b *bounds) addInt(v int64) {
	if !b.any {
		b.low, b.high, b.any = v, v, true
	}
	b.low, b.high = min(b.low, v), max(b.high, v)
}

// statistics are the bounds and the number of nulls, as the footer has them.
func (b *bounds) statistics(nulls int64) format.Statistics {
	s := format.Statistics{NullCount: nulls}
	if !b.any {
		return s
	}
	switch b.order {
	case orderInt32:
		s.MinValue = binary.LittleEndian.AppendUint32(nil, uint32(b.low))
		s.MaxValue = binary.LittleEndian.AppendUint32(nil, uint32(b.high))
	case orderInt64:
		s.MinValue = binary.LittleEndian.AppendUint64(nil, uint64(b.low))
		s.MaxValue = binary.LittleEndian.AppendUint64(nil, uint64(b.high))
	case orderBytes:
		if len(b.min) <= longestBound && len(b.max) <= longestBound {
			s.MinValue, s.MaxValue = slices.Clone(b.min), slices.Clone(b.max)
		}
	}
	return s
}
