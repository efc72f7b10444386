package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

var errCount = errors.New("the page holds another number of values than it claims")

// decodeValues decodes the n values of a page that is not dictionary-encoded
// into an array of typ without nulls. Fixed-width values that stand plain in a
// buffer of their own are used where they are.
func decodeValues(p *page, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	if p.encoding == format.Plain {
		return decodePlain(p, n, typ, mem)
	}
	if err := checkDelta(p.encoding, p.values, n); err != nil {
		return nil, err
	}
	enc := parquet.LookupEncoding(p.encoding)
	switch typ.ID() {
	case arrow.BOOL:
		// Run-length encoded bits, after their length.
		if p.encoding != format.RLE || len(p.values) < 4 {
			return nil, fmt.Errorf("booleans encoded as %s", p.encoding)
		}
		bytes := make([]byte, n)
		if err := decodeHybrid(bytes, p.values[4:], 1); err != nil {
			return nil, err
		}
		bits := newBuffer(mem, int(bitutil.BytesForBits(int64(n))))
		for i, b := range bytes {
			bitutil.SetBitTo(bits.Bytes(), i, b != 0)
		}
		return newArray(typ, n, bits), nil
	case arrow.STRING, arrow.BINARY:
		data, offsets, err := enc.DecodeByteArray(make([]byte, 0, len(p.values)), p.values, make([]uint32, 0, n+1))
		if err != nil {
			return nil, err
		}
		return byteArrays(typ, n, data, offsets, mem)
	}
	buf := newBuffer(mem, n*width(typ))
	got, err := decodeFixed(enc, p.values, buf.Bytes(), typ)
	if err == nil && got != n {
		err = errCount
	}
	if err != nil {
		buf.Release()
		return nil, err
	}
	return newArray(typ, n, buf), nil
}

// library is the part of the library's encodings that decodes fixed widths.
type library interface {
	DecodeInt32([]int32, []byte) ([]int32, error)
	DecodeInt64([]int64, []byte) ([]int64, error)
	DecodeInt96([]deprecated.Int96, []byte) ([]deprecated.Int96, error)
	DecodeFloat([]float32, []byte) ([]float32, error)
	DecodeDouble([]float64, []byte) ([]float64, error)
	DecodeFixedLenByteArray([]byte, []byte, int) ([]byte, error)
}

// decodeFixed decodes into dst what fits and returns how many values there were.
func decodeFixed(enc library, src, dst []byte, typ arrow.DataType) (n int, err error) {
	switch typ.ID() {
	case arrow.INT32, arrow.UINT32, arrow.DATE32:
		out := arrow.Int32Traits.CastFromBytes(dst)
		got, err := enc.DecodeInt32(out[:0], src)
		copy(out, got)
		return len(got), err
	case arrow.INT64, arrow.UINT64, arrow.TIMESTAMP:
		out := arrow.Int64Traits.CastFromBytes(dst)
		got, err := enc.DecodeInt64(out[:0], src)
		copy(out, got)
		return len(got), err
	case arrow.FLOAT32:
		out := arrow.Float32Traits.CastFromBytes(dst)
		got, err := enc.DecodeFloat(out[:0], src)
		copy(out, got)
		return len(got), err
	case arrow.FLOAT64:
		out := arrow.Float64Traits.CastFromBytes(dst)
		got, err := enc.DecodeDouble(out[:0], src)
		copy(out, got)
		return len(got), err
	case arrow.FIXED_SIZE_BINARY:
		w := width(typ)
		got, err := enc.DecodeFixedLenByteArray(dst[:0], src, w)
		copy(dst, got)
		return len(got) / w, err
	}
	return 0, fmt.Errorf("values of type %s", typ)
}

// checkDelta refuses a delta-encoded page that claims another number of values
// than its header, before the library allocates them.
func checkDelta(e format.Encoding, data []byte, n int) error {
	switch e {
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray, format.DeltaByteArray:
	case format.RLE, format.ByteStreamSplit:
		return nil
	default:
		return fmt.Errorf("values are encoded as %s, which is not supported here", e)
	}
	for range 2 { // block size, miniblocks in a block
		v, size := binary.Uvarint(data)
		if size <= 0 || v > 1<<16 {
			return errors.New("a delta header is damaged")
		}
		data = data[size:]
	}
	if count, size := binary.Uvarint(data); size <= 0 || count != uint64(n) {
		return errCount
	}
	return nil
}

// decodePlain decodes plain values.
func decodePlain(p *page, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	switch typ.ID() {
	case arrow.STRING, arrow.BINARY:
		return plainByteArrays(p.values, n, typ, mem)
	}
	size := n * width(typ)
	if typ.ID() == arrow.BOOL {
		size = int(bitutil.BytesForBits(int64(n)))
	}
	if len(p.values) != size {
		return nil, errCount
	}
	if p.owner != nil && p.owner.Len() == size {
		p.owner.Retain()
		return newArray(typ, n, p.owner), nil
	}
	buf := newBuffer(mem, size)
	copy(buf.Bytes(), p.values)
	return newArray(typ, n, buf), nil
}

// plainByteArrays separates lengths from bytes.
func plainByteArrays(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	total := len(src) - 4*n
	if total < 0 {
		return nil, errCount
	}
	data, offsets := newBuffer(mem, total), newBuffer(mem, 4*(n+1))
	out, ends := data.Bytes(), arrow.Int32Traits.CastFromBytes(offsets.Bytes())
	at := 0
	ends[0] = 0
	for i := range n {
		if len(src) < 4 {
			break
		}
		size := int(binary.LittleEndian.Uint32(src))
		if size > len(src)-4 || size > len(out)-at {
			break
		}
		at += copy(out[at:], src[4:4+size])
		src = src[4+size:]
		ends[i+1] = int32(at)
		if i == n-1 && len(src) == 0 {
			return newArray(typ, n, offsets, data), nil
		}
	}
	if n == 0 && len(src) == 0 {
		return newArray(typ, 0, offsets, data), nil
	}
	data.Release()
	offsets.Release()
	return nil, io.ErrUnexpectedEOF
}

// byteArrays checks and takes over what the library decoded.
func byteArrays(typ arrow.DataType, n int, data []byte, offsets []uint32, mem memory.Allocator) (arrow.Array, error) {
	if len(offsets) != n+1 || len(data) > maxPageSize {
		return nil, errCount
	}
	buf := newBuffer(mem, 4*(n+1))
	ends := arrow.Int32Traits.CastFromBytes(buf.Bytes())
	last := uint32(0)
	for i, o := range offsets {
		if o < last || int(o) > len(data) {
			buf.Release()
			return nil, errors.New("offsets do not rise")
		}
		last = o
		ends[i] = int32(o)
	}
	return newArray(typ, n, buf, memory.NewBufferBytes(data)), nil
}

func newBuffer(mem memory.Allocator, size int) *memory.Buffer {
	buf := memory.NewResizableBuffer(mem)
	buf.Resize(size)
	return buf
}

// newArray makes an array without nulls and takes over the buffers.
func newArray(typ arrow.DataType, n int, buffers ...*memory.Buffer) arrow.Array {
	return newNullable(typ, n, nil, 0, buffers...)
}

func newNullable(typ arrow.DataType, n int, valid *memory.Buffer, nulls int, buffers ...*memory.Buffer) arrow.Array {
	all := append([]*memory.Buffer{valid}, buffers...)
	data := array.NewData(typ, n, all, nil, nulls, 0)
	defer data.Release()
	for _, b := range all {
		if b != nil {
			b.Release()
		}
	}
	return array.MakeFromData(data)
}

// width is the size of one value in bytes; a boolean has none.
func width(typ arrow.DataType) int {
	if t, ok := typ.(arrow.FixedWidthDataType); ok {
		return t.BitWidth() / 8
	}
	return 0
}
