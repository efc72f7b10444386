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
	"github.com/parquet-go/parquet-go/format"
)

var errCount = errors.New("the page holds another number of values than it claims")

// decodeValues decodes the n values of a page that is not dictionary-encoded
// into an array of typ without nulls. Fixed-width values that stand plain in a
// buffer of their own are used where they are.
func decodeValues(p *page, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	text := typ.ID() == arrow.STRING || typ.ID() == arrow.BINARY
	fixed := typ.ID() == arrow.FIXED_SIZE_BINARY
	switch p.encoding {
	case format.Plain:
		return decodePlain(p, n, typ, mem)
	case format.RLE:
		if typ.ID() == arrow.BOOL {
			return runBooleans(p.values, n, mem)
		}
	case format.DeltaBinaryPacked:
		if !text && !fixed {
			return deltaIntegers(p.values, n, typ, mem)
		}
	case format.DeltaLengthByteArray:
		if text && n == 0 && len(p.values) == 0 {
			return decodePlain(p, n, typ, mem) // parquet-go leaves out the empty header
		}
		if text {
			return deltaLengths(p.values, n, typ, mem)
		}
	case format.DeltaByteArray:
		if text || fixed {
			return deltaPrefixes(p.values, n, typ, mem)
		}
	case format.ByteStreamSplit:
		if width(typ) > 0 {
			return splitStreams(p.values, n, typ, mem)
		}
	}
	return nil, fmt.Errorf("values of type %s are encoded as %s, which is not supported", typ, p.encoding)
}

// runBooleans decodes run-length encoded bits, which stand after their length.
func runBooleans(src []byte, n int, mem memory.Allocator) (arrow.Array, error) {
	if len(src) < 4 || int64(binary.LittleEndian.Uint32(src)) != int64(len(src)-4) {
		return nil, io.ErrUnexpectedEOF
	}
	bytes := make([]byte, n)
	if err := decodeHybrid(bytes, src[4:], 1, unpackLevels); err != nil {
		return nil, err
	}
	bits := newBuffer(mem, int(bitutil.BytesForBits(int64(n))))
	clear(bits.Bytes())
	for i, b := range bytes {
		bitutil.SetBitTo(bits.Bytes(), i, b != 0)
	}
	return newArray(arrow.FixedWidthTypes.Boolean, n, bits), nil
}

func deltaIntegers(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	buf := newBuffer(mem, n*width(typ))
	var rest []byte
	var err error
	switch typ.ID() {
	case arrow.INT32, arrow.UINT32, arrow.DATE32:
		rest, err = decodeDeltas(arrow.Int32Traits.CastFromBytes(buf.Bytes()), src)
	case arrow.INT64, arrow.UINT64, arrow.TIMESTAMP:
		rest, err = decodeDeltas(arrow.Int64Traits.CastFromBytes(buf.Bytes()), src)
	default:
		err = fmt.Errorf("values of type %s are delta-encoded, which is not supported", typ)
	}
	if err == nil && !isPadding(rest) {
		err = errCount
	}
	if err != nil {
		buf.Release()
		return nil, err
	}
	return newArray(typ, n, buf), nil
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
