package readers

import (
	"errors"
	"io"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/rle"
)

// TestLevels decodes what the library encodes.
func TestLevels(t *testing.T) {
	for _, n := range sizes[1:] {
		for _, most := range []int{1, 2, 3, 4, 7, 15, 255} {
			for _, run := range []int{1, 3, 8, 100} {
				want := make([]byte, n)
				for i := range want {
					want[i] = byte(i / run * 7 % (most + 1))
				}
				enc := rle.Encoding{BitWidth: bits.Len(uint(most))}
				encoded, err := enc.EncodeLevels(nil, want)
				if err != nil {
					t.Fatal(err)
				}
				got := make([]byte, n)
				if err := decodeLevels(got, encoded, most); err != nil || !slices.Equal(got, want) {
					t.Errorf("%d levels up to %d in runs of %d: got %d, %v, want %d", n, most, run, got, err, want)
				}
			}
		}
	}
}

// TestCodes decodes codes of every width, and refuses those the dictionary does
// not have.
func TestCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range sizes[1:] {
		for width := range 24 {
			for _, run := range []int{1, 9, 200} {
				want := make([]int32, n)
				for i := range want {
					if want[i] = int32(r.IntN(1 << width)); i%run > 0 {
						want[i] = want[i-1]
					}
				}
				want[n-1] = 1<<width - 1
				encoded, err := parquet.RLEDictionary.EncodeInt32(nil, want)
				if err != nil {
					t.Fatal(err)
				}
				got := make([]int32, n)
				if err := decodeCodes(got, encoded, 1<<width); err != nil || !slices.Equal(got, want) {
					t.Errorf("%d codes of %d bits in runs of %d: got %d, %v, want %d", n, width, run, got, err, want)
				}
				if err := decodeCodes(got, encoded, 1<<width-1); err == nil {
					t.Errorf("%d codes of %d bits: got no error for one that is out of range", n, width)
				}
				for cut := range encoded {
					clear(got)
					if err := decodeCodes(got, encoded[:cut], 1<<width); err == nil && !slices.Equal(got, want) {
						t.Errorf("%d codes of %d bits cut to %d of %d bytes: got %d and no error", n, width, cut, len(encoded), got)
					}
				}
			}
		}
	}
}

// TestHybrid decodes runs by hand.
func TestHybrid(t *testing.T) {
	for name, test := range map[string]struct {
		src  []byte
		n    int
		bits int
		want []int32
		err  error
	}{
		"a run":                       {[]byte{4 << 1, 3}, 4, 2, []int32{3, 3, 3, 3}, nil},
		"two runs":                    {[]byte{2 << 1, 3, 1 << 1, 0}, 3, 2, []int32{3, 3, 0}, nil},
		"a wide run":                  {[]byte{1 << 1, 1, 2, 3, 4}, 1, 32, []int32{0x04030201}, nil},
		"a run of no bits":            {[]byte{3 << 1}, 3, 0, []int32{0, 0, 0}, nil},
		"a run too long":              {[]byte{5 << 1, 3}, 4, 2, nil, errSurplus},
		"a run too short":             {[]byte{3 << 1, 3}, 4, 2, nil, io.ErrUnexpectedEOF},
		"a run without value":         {[]byte{4 << 1}, 4, 2, nil, io.ErrUnexpectedEOF},
		"an empty run":                {[]byte{0, 0, 1 << 1, 1}, 1, 1, []int32{1}, nil},
		"a run after the last":        {[]byte{1 << 1, 1, 1 << 1, 1}, 1, 1, nil, errSurplus},
		"a group":                     {[]byte{1<<1 | 1, 0b10110001}, 8, 1, []int32{1, 0, 0, 0, 1, 1, 0, 1}, nil},
		"a group filled up":           {[]byte{1<<1 | 1, 0b00000101}, 3, 1, []int32{1, 0, 1}, nil},
		"a group with a value more":   {[]byte{1<<1 | 1, 0b00001101}, 3, 1, []int32{1, 0, 1}, nil}, // what polars leaves there
		"a group cut off behind":      {[]byte{1<<1 | 1, 0b00000110}, 4, 2, []int32{2, 1, 0, 0}, nil},
		"a group cut off":             {[]byte{1<<1 | 1, 0b00000110}, 5, 2, nil, io.ErrUnexpectedEOF},
		"groups filled up by DuckDB":  {append([]byte{32<<1 | 1, 1}, make([]byte, 31)...), 2, 1, []int32{1, 0}, nil},
		"more groups than fill":       {append([]byte{33<<1 | 1, 1}, make([]byte, 32)...), 2, 1, nil, errSurplus},
		"zeros behind":                {append([]byte{2 << 1, 1}, make([]byte, 8)...), 2, 1, []int32{1, 1}, nil},
		"ones behind":                 {append([]byte{2 << 1, 1}, 0, 0, 1), 2, 1, nil, errSurplus},
		"many zeros behind":           {append([]byte{2 << 1, 1}, make([]byte, 17)...), 2, 1, nil, errSurplus},
		"two billion groups":          {[]byte{0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1}, 2, 1, nil, errSurplus},
		"a count that does not end":   {[]byte{0xFF, 0xFF, 0xFF}, 2, 1, nil, io.ErrUnexpectedEOF},
		"a count beyond all integers": {[]byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}, 2, 1, nil, io.ErrUnexpectedEOF},
		"nothing":                     {nil, 1, 1, nil, io.ErrUnexpectedEOF},
		"nothing of nothing":          {nil, 0, 1, []int32{}, nil},
	} {
		got := make([]int32, test.n)
		err := decodeHybrid(got, test.src, test.bits, unpack)
		if !errors.Is(err, test.err) || test.err == nil && !slices.Equal(got, test.want) {
			t.Errorf("%s: got %d, %v, want %d, %v", name, got, err, test.want, test.err)
		}
	}
	if err := decodeHybrid(make([]byte, 1), []byte{1 << 1, 2}, 1, unpackLevels); err == nil {
		t.Error("got no error for a run of 2 in one bit")
	}
	if err := decodeLevels(make([]byte, 1), []byte{1 << 1, 3}, 2); !errors.Is(err, errLevels) {
		t.Errorf("got %v for a level of 3 where the greatest is 2, want %v", err, errLevels)
	}
}
