package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// The delta encodings (github.com/apache/parquet-format Encodings.md) are
// decoded here, not by the library: it takes a page that ends too early for one
// that goes on with whatever its buffer held before, and lets a page of shared
// prefixes claim all memory.

const (
	maxDeltaBlock = 1 << 16
	// maxExpansion bounds what a page of shared prefixes may become, as a
	// multiple of its size. A long prefix shared by all values costs two bytes a
	// value.
	maxExpansion = 1 << 12
)

var errDelta = errors.New("a delta-encoded page is damaged")

// decodeDeltas fills dst from DELTA_BINARY_PACKED values and returns what
// follows them. Sums wrap around as the format says, which is also how DuckDB
// stores unsigned values above the signed range.
func decodeDeltas[T int32 | int64](dst []T, src []byte) (rest []byte, err error) {
	var head [3]uint64 // values of a block, miniblocks of a block, values in all
	for i := range head {
		if head[i], src, err = uvarint(src); err != nil {
			return nil, err
		}
	}
	block, minis := head[0], head[1]
	if head[2] != uint64(len(dst)) {
		return nil, errCount
	}
	first, src, err := varint(src)
	if err != nil || len(dst) == 0 {
		return src, err
	}
	if block == 0 || block > maxDeltaBlock || minis == 0 || block%minis != 0 || block/minis%8 != 0 {
		return nil, fmt.Errorf("%w: blocks of %d values in %d parts", errDelta, block, minis)
	}
	dst[0] = T(first)
	last := dst[0]
	for dst = dst[1:]; len(dst) > 0; {
		var least int64
		if least, src, err = varint(src); err != nil {
			return nil, err
		}
		if uint64(len(src)) < minis {
			return nil, io.ErrUnexpectedEOF
		}
		widths := src[:minis]
		src = src[minis:]
		for _, w := range widths {
			if len(dst) == 0 {
				break // the widths of parts without values mean nothing
			}
			part := dst[:min(len(dst), int(block/minis))]
			if src, err = unpackDeltas(part, src, int(w), int(block/minis)); err != nil {
				return nil, err
			}
			for i, d := range part {
				last += T(least) + d
				part[i] = last
			}
			dst = dst[len(part):]
		}
	}
	return src, nil
}

// unpackDeltas reads a part of values bits wide. The last one is filled up to
// its full length, but not by every writer.
func unpackDeltas[T int32 | int64](dst []T, src []byte, width, length int) (rest []byte, err error) {
	if width > 64 {
		return nil, fmt.Errorf("%w: deltas of %d bits", errDelta, width)
	}
	if len(src) < (len(dst)*width+7)/8 {
		return nil, io.ErrUnexpectedEOF
	}
	unpackWide(dst, src, width)
	return src[min(len(src), length*width/8):], nil
}

// unpackWide reads values of up to 64 bits, least significant bit first. src
// holds all of them.
func unpackWide[T int32 | int64](dst []T, src []byte, width int) {
	mask := ^uint64(0) >> (64 - width)
	for i := range dst {
		bit := i * width
		at, shift := bit>>3, bit&7
		var window [16]byte
		copy(window[:9], src[at:])
		v := binary.LittleEndian.Uint64(window[:])>>shift | uint64(window[8])<<(64-shift)
		dst[i] = T(v & mask)
	}
}

// deltaLengths decodes DELTA_LENGTH_BYTE_ARRAY: n lengths, then the bytes.
func deltaLengths(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	lengths := make([]int32, n)
	text, err := decodeDeltas(lengths, src)
	if err != nil {
		return nil, err
	}
	return joinBytes(lengths, nil, text, typ, mem)
}

// deltaPrefixes decodes DELTA_BYTE_ARRAY: how many bytes each value shares with
// the one before, the lengths of what is new, then the new bytes.
func deltaPrefixes(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	shared, lengths := make([]int32, n), make([]int32, n)
	rest, err := decodeDeltas(shared, src)
	if err != nil {
		return nil, err
	}
	text, err := decodeDeltas(lengths, rest)
	if err != nil {
		return nil, err
	}
	return joinBytes(lengths, shared, text, typ, mem)
}

// joinBytes makes values of shared prefixes, where there are any, and of new
// bytes from text.
func joinBytes(lengths, shared []int32, text []byte, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error) {
	size, rest, err := joinedSize(lengths, shared, len(text), width(typ))
	if err != nil {
		return nil, err
	}
	if !isPadding(text[len(text)-rest:]) {
		return nil, errCount
	}
	n := len(lengths)
	data, offsets := newBuffer(mem, size), newBuffer(mem, 4*(n+1))
	out, ends := data.Bytes(), arrow.Int32Traits.CastFromBytes(offsets.Bytes())
	start, at := 0, 0
	ends[0] = 0
	for i, l := range lengths {
		value := at
		if shared != nil {
			at += copy(out[at:], out[start:start+int(shared[i])])
		}
		at += copy(out[at:], text[:l])
		text = text[l:]
		ends[i+1] = int32(at)
		start = value
	}
	if width(typ) > 0 {
		offsets.Release()
		return newArray(typ, n, data), nil
	}
	return newArray(typ, n, offsets, data), nil
}

// joinedSize checks all lengths against each other and adds them up. Values of
// a fixed width have that width. Rest is what they leave of the text.
func joinedSize(lengths, shared []int32, text, fixed int) (size, rest int, err error) {
	before, left, limit := int64(0), int64(text), maxExpansion*int64(text+len(lengths))
	total := int64(0)
	for i, l := range lengths {
		prefix := int64(0)
		if shared != nil {
			prefix = int64(shared[i])
		}
		value := prefix + int64(l)
		switch {
		case l < 0 || prefix < 0 || prefix > before || int64(l) > left:
			return 0, 0, fmt.Errorf("%w: value %d has an impossible length", errDelta, i)
		case fixed > 0 && value != int64(fixed):
			return 0, 0, fmt.Errorf("%w: a value of %d bytes instead of %d", errDelta, value, fixed)
		}
		left -= int64(l)
		before = value
		if total += value; total > min(limit, maxPageSize) {
			return 0, 0, fmt.Errorf("%w: it claims more than %d bytes", errDelta, total)
		}
	}
	return int(total), int(left), nil
}

func uvarint(src []byte) (v uint64, rest []byte, err error) {
	v, n := binary.Uvarint(src)
	if n <= 0 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return v, src[n:], nil
}

func varint(src []byte) (v int64, rest []byte, err error) {
	v, n := binary.Varint(src)
	if n <= 0 {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return v, src[n:], nil
}
