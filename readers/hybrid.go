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

var (
	errLevels  = errors.New("levels are damaged")
	errSurplus = errors.New("more values are encoded than there are entries")
)

// decodeCodes fills dst with dictionary codes; the first byte of src is their
// width. Every code is below limit.
func decodeCodes(dst []int32, src []byte, limit int) error {
	if len(dst) == 0 {
		if len(src) > 0 && !isPadding(src[1:]) {
			return errSurplus
		}
		return nil
	}
	if len(src) == 0 {
		return io.ErrUnexpectedEOF
	}
	if src[0] == 0 && len(src) == 1 {
		clear(dst) // a dictionary of one, of which not even a run is said
		return checkCodes(dst, limit)
	}
	if src[0] > 32 {
		return fmt.Errorf("dictionary codes of %d bits", src[0])
	}
	if err := decodeHybrid(dst, src[1:], int(src[0]), unpack); err != nil {
		return err
	}
	return checkCodes(dst, limit)
}

func checkCodes(dst []int32, limit int) error {
	top := uint32(0)
	for _, c := range dst {
		top = max(top, uint32(c))
	}
	if int64(top) >= int64(limit) {
		return fmt.Errorf("a code of %d in a dictionary of %d", top, limit)
	}
	return nil
}

// wideGroups is the length of DuckDB's last run of groups, whatever the number of
// values in it.
const wideGroups = 32

// decodeHybrid fills dst from runs of values of the given width, those packed with
// unpacked. Values behind
// the last are an error, unless they fill its group: whatever they are, for
// writers leave there what their buffer held.
func decodeHybrid[T byte | int32](dst []T, src []byte, width int, unpacked func([]T, []byte, int)) (err error) {
	if len(dst) == 0 {
		return nil
	}
	for len(dst) > 0 {
		head, n := binary.Uvarint(src)
		if n <= 0 {
			return io.ErrUnexpectedEOF
		}
		if head&1 == 0 {
			dst, src, err = repeatRun(dst, src[n:], head>>1, width)
		} else {
			dst, src, err = packedRun(dst, src[n:], head>>1, width, unpacked)
		}
		if err != nil {
			return err
		}
	}
	if !isPadding(src) {
		return errSurplus
	}
	return nil
}

// repeatRun puts the same value count times.
func repeatRun[T byte | int32](dst []T, src []byte, count uint64, width int) ([]T, []byte, error) {
	size := (width + 7) / 8
	if len(src) < size {
		return nil, nil, io.ErrUnexpectedEOF
	}
	if count > uint64(len(dst)) {
		return nil, nil, errSurplus
	}
	var v uint64
	for i := range size {
		v |= uint64(src[i]) << (8 * i)
	}
	if bits.Len64(v) > width {
		return nil, nil, errors.New("a run of a value that is too wide")
	}
	run := dst[:count]
	for i := range run {
		run[i] = T(v)
	}
	return dst[count:], src[size:], nil
}

// packedRun unpacks groups of eight. The last one may be cut off by the end of
// the page where the values of interest are complete.
func packedRun[T byte | int32](dst []T, src []byte, groups uint64, width int, unpacked func([]T, []byte, int)) ([]T, []byte, error) {
	if groups > max(uint64(len(dst)+7)/8+1, wideGroups) { // fastparquet adds a group
		return nil, nil, errSurplus
	}
	run := dst[:min(int(groups)*8, len(dst))]
	if len(src) < (len(run)*width+7)/8 {
		return nil, nil, io.ErrUnexpectedEOF
	}
	unpacked(run, src, width)
	return dst[len(run):], src[min(int(groups)*width, len(src)):], nil
}

// isPadding reports whether bytes behind the last value of a page are nothing to
// mind: fastparquet ends a page with eight zeros, of booleans with nine.
func isPadding(rest []byte) bool {
	const most = 16
	if len(rest) > most {
		return false
	}
	for _, b := range rest {
		if b != 0 {
			return false
		}
	}
	return true
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
