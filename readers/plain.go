package readers

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

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
	if len(p.values) < size || !isPadding(p.values[size:]) {
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
		if size > len(src)-4 {
			break
		}
		at += copy(out[at:], src[4:4+size])
		src = src[4+size:]
		ends[i+1] = int32(at)
		if i == n-1 && isPadding(src) {
			return newArray(typ, n, offsets, data), nil
		}
	}
	if n == 0 && isPadding(src) {
		return newArray(typ, 0, offsets, data), nil
	}
	data.Release()
	offsets.Release()
	return nil, errCount
}

// splitStreams decodes BYTE_STREAM_SPLIT: the first byte of every value, then
// the second byte of every value, and so on.
func splitStreams(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	w := width(typ)
	if len(src) < n*w || !isPadding(src[n*w:]) {
		return nil, errCount
	}
	buf := newBuffer(mem, n*w)
	out := buf.Bytes()
	for k := range w {
		for i, b := range src[k*n : (k+1)*n] {
			out[i*w+k] = b
		}
	}
	return newArray(typ, n, buf), nil
}
