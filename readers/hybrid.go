package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
)

// The run-length and bit-packing hybrid of levels and dictionary codes
// (github.com/apache/parquet-format Encodings.md). It is decoded here, not by
// the library, because the library believes the length of a run, which lets a
// hostile page of ten bytes allocate gigabytes; here dst bounds it.

var errLevels = errors.New("levels are damaged")

// decodeLevels fills dst with levels of at most maxLevel.
func decodeLevels(dst, src []byte, maxLevel int) error {
	if err := decodeHybrid(dst, src, bits.Len(uint(maxLevel))); err != nil {
		return fmt.Errorf("%w: %w", errLevels, err)
	}
	for _, l := range dst {
		if int(l) > maxLevel {
			return errLevels
		}
	}
	return nil
}

// decodeCodes fills dst with dictionary codes; the first byte of src is their
// width. Every code is below limit.
func decodeCodes(dst []int32, src []byte, limit int) error {
	if len(dst) == 0 {
		return nil
	}
	if len(src) == 0 {
		return io.ErrUnexpectedEOF
	}
	if src[0] > 32 {
		return fmt.Errorf("dictionary codes of %d bits", src[0])
	}
	if err := decodeHybrid(dst, src[1:], int(src[0])); err != nil {
		return err
	}
	top := uint32(0)
	for _, c := range dst {
		top = max(top, uint32(c))
	}
	if int64(top) >= int64(limit) {
		return fmt.Errorf("a code of %d in a dictionary of %d", top, limit)
	}
	return nil
}

// decodeHybrid fills dst from runs of values of the given width.
func decodeHybrid[T byte | int32](dst []T, src []byte, width int) error {
	size := (width + 7) / 8
	for len(dst) > 0 {
		head, n := binary.Uvarint(src)
		if n <= 0 {
			return io.ErrUnexpectedEOF
		}
		src = src[n:]
		if head&1 == 0 { // head>>1 times the same value
			if len(src) < size {
				return io.ErrUnexpectedEOF
			}
			var v uint64
			for i := range size {
				v |= uint64(src[i]) << (8 * i)
			}
			if bits.Len64(v) > width {
				return errors.New("a run of a value that is too wide")
			}
			src = src[size:]
			run := dst[:min(head>>1, uint64(len(dst)))]
			for i := range run {
				run[i] = T(v)
			}
			dst = dst[len(run):]
			continue
		}
		// Groups of eight, bit-packed. The last group may be cut off by the end
		// of the page where the values of interest are complete.
		count := min(head>>1, uint64(len(dst))) * 8
		run := dst[:min(count, uint64(len(dst)))]
		need := (len(run)*width + 7) / 8
		if len(src) < need {
			return io.ErrUnexpectedEOF
		}
		unpack(run, src, width)
		whole := (head >> 1) * uint64(width)
		src = src[min(whole, uint64(len(src))):]
		dst = dst[len(run):]
	}
	return nil
}

// unpack reads values of width bits, least significant bit first. src holds all
// of them.
func unpack[T byte | int32](dst []T, src []byte, width int) {
	if width == 0 {
		clear(dst)
		return
	}
	mask := uint64(1)<<width - 1
	i := 0
	// Fast: eight bytes at once while they are there. A value starts at one of
	// their first eight bits and ends within forty.
	for ; i < len(dst); i++ {
		bit := i * width
		at := bit >> 3
		if at+8 > len(src) {
			break
		}
		dst[i] = T(binary.LittleEndian.Uint64(src[at:]) >> (bit & 7) & mask)
	}
	for ; i < len(dst); i++ {
		bit := i * width
		var v uint64
		for k, b := range src[bit>>3 : min(len(src), (bit+width+7)>>3)] {
			v |= uint64(b) << (8 * k)
		}
		dst[i] = T(v >> (bit & 7) & mask)
	}
}
