package readers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// sizes lie around the blocks and parts of the encodings.
var sizes = []int{0, 1, 2, 7, 8, 9, 31, 32, 33, 34, 127, 128, 129, 130, 256, 257, 1000}

// series makes integers of several kinds.
func series(n int) map[string][]int64 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	all := make(map[string][]int64)
	for i := range n {
		all["the same"] = append(all["the same"], 7)
		all["rising"] = append(all["rising"], int64(i)*1000-500)
		all["wild"] = append(all["wild"], int64(r.Uint64()))
		all["extremes"] = append(all["extremes"], []int64{math.MinInt64, math.MaxInt64, 0}[i%3])
		all["narrow"] = append(all["narrow"], int64(r.IntN(5)))
	}
	return all
}

// TestDeltas decodes what the library encodes. Of a page that is cut short it
// makes an error, or the same values where only padding is missing.
func TestDeltas(t *testing.T) {
	for _, n := range sizes {
		for kind, values := range series(n) {
			encoded, err := parquet.DeltaBinaryPacked.EncodeInt64(nil, values)
			if err != nil {
				t.Fatal(err)
			}
			testDeltas(t, fmt.Sprintf("%d %s", n, kind), values, encoded)
			narrow := make([]int32, n)
			for i, v := range values {
				narrow[i] = int32(v)
			}
			if encoded, err = parquet.DeltaBinaryPacked.EncodeInt32(nil, narrow); err != nil {
				t.Fatal(err)
			}
			testDeltas(t, fmt.Sprintf("%d %s of 32 bits", n, kind), narrow, encoded)
		}
	}
}

func testDeltas[T int32 | int64](t *testing.T, name string, want []T, encoded []byte) {
	t.Helper()
	got := make([]T, len(want))
	if rest, err := decodeDeltas(got, encoded); err != nil || len(rest) > 0 || !slices.Equal(got, want) {
		t.Errorf("%s: got %d, %d bytes left, %v, want %d", name, got, len(rest), err, want)
	}
	if rest, err := decodeDeltas(got, append(slices.Clone(encoded), 1, 2, 3)); err != nil || len(rest) != 3 {
		t.Errorf("%s: got %d bytes left, %v, want the 3 that follow", name, len(rest), err)
	}
	if _, err := decodeDeltas(make([]T, len(want)+1), encoded); err == nil {
		t.Errorf("%s: got no error for another number of values", name)
	}
	for cut := range encoded {
		clear(got)
		if _, err := decodeDeltas(got, encoded[:cut]); err == nil && !slices.Equal(got, want) {
			t.Errorf("%s: cut to %d of %d bytes: got %d and no error", name, cut, len(encoded), got)
		}
	}
}

// TestDeltaHeaders refuses blocks that the format does not have.
func TestDeltaHeaders(t *testing.T) {
	parts := make([]byte, 400)
	for name, head := range map[string][]uint64{
		"no block":     {0, 4},
		"no parts":     {128, 0},
		"uneven parts": {128, 3},
		"odd parts":    {128, 32},
		"a long block": {1 << 20, 4},
	} {
		src := binary.AppendUvarint(binary.AppendUvarint(nil, head[0]), head[1])
		src = append(src, 8, 0) // values in all, the first
		if _, err := decodeDeltas(make([]int64, 8), append(src, parts...)); !errors.Is(err, errDelta) {
			t.Errorf("%s: got %v, want %v", name, err, errDelta)
		}
	}
	wide := append([]byte{128, 1, 1, 8, 0, 0, 65}, make([]byte, 65*16)...)
	if _, err := decodeDeltas(make([]int64, 8), wide); !errors.Is(err, errDelta) {
		t.Errorf("got %v for deltas of 65 bits, want %v", err, errDelta)
	}
}

// TestDeltaBytes decodes byte arrays with lengths and with shared prefixes.
func TestDeltaBytes(t *testing.T) {
	for _, n := range sizes {
		var values []string
		var fixed []byte
		for i := range n {
			values = append(values, strings.Repeat("x", i%50)+fmt.Sprint(i*i))
			fixed = fmt.Appendf(fixed, "%016d", i*i)
		}
		text, offsets := []byte{}, []uint32{0}
		for _, v := range values {
			text = append(text, v...)
			offsets = append(offsets, uint32(len(text)))
		}
		lengths, err := parquet.DeltaLengthByteArray.EncodeByteArray(nil, text, offsets)
		if err != nil {
			t.Fatal(err)
		}
		prefixes, err := parquet.DeltaByteArray.EncodeByteArray(nil, text, offsets)
		if err != nil {
			t.Fatal(err)
		}
		ofFixed, err := parquet.DeltaByteArray.EncodeFixedLenByteArray(nil, fixed, 16)
		if err != nil {
			t.Fatal(err)
		}
		want := func(i int) string { return values[i] }
		testBytes(t, deltaLengths, lengths, n, arrow.BinaryTypes.String, want)
		testBytes(t, deltaPrefixes, prefixes, n, arrow.BinaryTypes.String, want)
		testBytes(t, deltaPrefixes, ofFixed, n, &arrow.FixedSizeBinaryType{ByteWidth: 16}, func(i int) string { return string(fixed[16*i : 16*i+16]) })
	}
}

type bytesDecoder = func(src []byte, n int, typ arrow.DataType, mem memory.Allocator) (arrow.Array, error)

func testBytes(t *testing.T, decode bytesDecoder, encoded []byte, n int, typ arrow.DataType, want func(i int) string) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	check := func(a arrow.Array, cut int) {
		for i := range n {
			var got string
			switch a := a.(type) {
			case *array.String:
				got = a.Value(i)
			case *array.FixedSizeBinary:
				got = string(a.Value(i))
			}
			if got != want(i) {
				t.Errorf("%d values of %s from %d of %d bytes: got %q at %d, want %q", n, typ, cut, len(encoded), got, i, want(i))
				break
			}
		}
		a.Release()
	}
	a, err := decode(encoded, n, typ, mem)
	if err != nil {
		t.Fatalf("%d values of %s: %v", n, typ, err)
	}
	check(a, len(encoded))
	for cut := range encoded {
		if a, err := decode(encoded[:cut], n, typ, mem); err == nil {
			check(a, cut)
		}
	}
}
