package readers

import (
	"encoding/binary"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// scatter spreads the values of dense over the entries whose definition level
// is the greatest; all others become null. It releases dense. The bytes of
// text are shared, only their offsets are spread.
func scatter(dense arrow.Array, def []byte, maxDef byte, mem memory.Allocator) arrow.Array {
	defer dense.Release()
	n := len(def)
	valid := newBuffer(mem, int(bitutil.BytesForBits(int64(n))))
	validBits(valid.Bytes(), def, maxDef)
	data, nulls := dense.Data(), n-dense.Len()
	buffers, first := data.Buffers(), data.Offset()
	typ := dense.DataType()
	switch typ.ID() {
	case arrow.STRING, arrow.BINARY:
		from := arrow.Int32Traits.CastFromBytes(buffers[1].Bytes())[first:]
		offsets := newBuffer(mem, 4*(n+1))
		to := arrow.Int32Traits.CastFromBytes(offsets.Bytes())
		k := 0
		for i, d := range def {
			to[i] = from[k]
			if d == maxDef {
				k++
			}
		}
		to[n] = from[k]
		text := buffers[2]
		text.Retain()
		return newNullable(typ, n, valid, nulls, offsets, text)
	case arrow.BOOL:
		out := newBuffer(mem, int(bitutil.BytesForBits(int64(n))))
		clear(out.Bytes())
		k := first
		for i, d := range def {
			if d == maxDef {
				if bitutil.BitIsSet(buffers[1].Bytes(), k) {
					bitutil.SetBit(out.Bytes(), i)
				}
				k++
			}
		}
		return newNullable(typ, n, valid, nulls, out)
	}
	w := width(typ)
	out := newBuffer(mem, n*w)
	spread(out.Bytes(), buffers[1].Bytes()[first*w:][:dense.Len()*w], def, maxDef, w)
	return newNullable(typ, n, valid, nulls, out)
}

// spread fills dst with the values of src at the entries whose level is maxDef, and
// with zeros at the others.
func spread(dst, src, def []byte, maxDef byte, w int) {
	switch w {
	case 4:
		spreadWords(arrow.Uint32Traits.CastFromBytes(dst), arrow.Uint32Traits.CastFromBytes(src), def, maxDef)
	case 8:
		spreadWords(arrow.Uint64Traits.CastFromBytes(dst), arrow.Uint64Traits.CastFromBytes(src), def, maxDef)
	default:
		clear(dst)
		for i, d := range def {
			if d == maxDef {
				copy(dst[i*w:(i+1)*w], src)
				src = src[w:]
			}
		}
	}
}

// spreadWords decides nothing while there are values, for where the nulls are
// cannot be foreseen (BenchmarkSpread).
func spreadWords[T uint32 | uint64](dst, src []T, def []byte, maxDef byte) {
	k, i := 0, 0
	for ; i < len(def) && k < len(src); i++ {
		// One where the level is the greatest, else nought.
		is := (uint64(def[i]^maxDef) - 1) >> 63
		dst[i] = src[k] & -T(is)
		k += int(is)
	}
	clear(dst[i:])
}

// gather looks every code up in a dictionary without nulls. Codes are below its
// length.
func gather(dict arrow.Array, codes []int32, mem memory.Allocator) (arrow.Array, error) {
	typ, n := dict.DataType(), len(codes)
	buffers := dict.Data().Buffers()
	switch typ.ID() {
	case arrow.STRING, arrow.BINARY:
		from := arrow.Int32Traits.CastFromBytes(buffers[1].Bytes())
		text := buffers[2].Bytes()
		total := 0
		for _, c := range codes {
			total += int(from[c+1] - from[c])
		}
		if total > maxPageSize {
			return nil, errTooMuch
		}
		offsets, data := newBuffer(mem, 4*(n+1)), newBuffer(mem, total)
		to := arrow.Int32Traits.CastFromBytes(offsets.Bytes())
		at := 0
		for i, c := range codes {
			to[i] = int32(at)
			at += copy(data.Bytes()[at:], text[from[c]:from[c+1]])
		}
		to[n] = int32(at)
		return newArray(typ, n, offsets, data), nil
	case arrow.BOOL:
		out := newBuffer(mem, int(bitutil.BytesForBits(int64(n))))
		clear(out.Bytes())
		for i, c := range codes {
			bitutil.SetBitTo(out.Bytes(), i, bitutil.BitIsSet(buffers[1].Bytes(), int(c)))
		}
		return newArray(typ, n, out), nil
	}
	w := width(typ)
	out := newBuffer(mem, n*w)
	dst, src := out.Bytes(), buffers[1].Bytes()
	for i, c := range codes {
		copy(dst[i*w:(i+1)*w], src[int(c)*w:])
	}
	return newArray(typ, n, out), nil
}

// longestValue is the bytes of the longest value of a dictionary.
func longestValue(dict arrow.Array) (longest int) {
	switch dict.DataType().ID() {
	case arrow.STRING, arrow.BINARY:
		ends := arrow.Int32Traits.CastFromBytes(dict.Data().Buffers()[1].Bytes())
		for i := range dict.Len() {
			longest = max(longest, int(ends[i+1]-ends[i]))
		}
		return longest
	}
	return width(dict.DataType())
}

// julianEpoch is the Julian day of 1970-01-01.
const julianEpoch = 2440588

// int96Times turns INT96 timestamps, nanoseconds of the day and a Julian day,
// into microseconds since 1970. It releases stored.
func int96Times(stored arrow.Array, typ arrow.DataType, mem memory.Allocator) arrow.Array {
	defer stored.Release()
	n := stored.Len()
	src := stored.Data().Buffers()[1].Bytes()
	out := newBuffer(mem, 8*n)
	to := arrow.Int64Traits.CastFromBytes(out.Bytes())
	for i := range n {
		nanos := int64(binary.LittleEndian.Uint64(src[12*i:]))
		day := int64(int32(binary.LittleEndian.Uint32(src[12*i+8:])))
		to[i] = (day-julianEpoch)*int64(24*time.Hour/time.Microsecond) + nanos/1000
	}
	return newArray(typ, n, out)
}
