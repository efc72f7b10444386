package pipeline

import (
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// built is the array that fill makes, freed at the end of the test.
func built[B array.Builder](t *testing.T, b B, fill func(b B)) arrow.Array {
	t.Helper()
	defer b.Release()
	fill(b)
	a := b.NewArray()
	t.Cleanup(a.Release)
	return a
}

// checked is an allocator that must be given back everything.
func checked(t *testing.T) memory.Allocator {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	return mem
}

const testUUID = "9f8b6c1e-1111-4222-8333-444455556666"

var testUUIDBytes = []byte{0x9f, 0x8b, 0x6c, 0x1e, 0x11, 0x11, 0x42, 0x22, 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66}

// TestTexts reads every type that can carry ids, addresses and choices, whole
// and sliced.
func TestTexts(t *testing.T) {
	mem := checked(t)
	dictionary := func(words, codes arrow.Array) arrow.Array {
		a := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, codes, words)
		t.Cleanup(a.Release)
		return a
	}
	slice := func(a arrow.Array, from, to int) arrow.Array {
		s := array.NewSlice(a, int64(from), int64(to))
		t.Cleanup(s.Release)
		return s
	}
	text := func(words ...string) arrow.Array {
		return built(t, array.NewStringBuilder(mem), func(b *array.StringBuilder) {
			for _, w := range words {
				if w == null {
					b.AppendNull()
				} else {
					b.Append(w)
				}
			}
		})
	}
	codes := func(codes ...int32) arrow.Array {
		return built(t, array.NewInt32Builder(mem), func(b *array.Int32Builder) {
			for _, c := range codes {
				if c < 0 {
					b.AppendNull()
				} else {
					b.Append(c)
				}
			}
		})
	}
	uuids := built(t, array.NewFixedSizeBinaryBuilder(mem, &arrow.FixedSizeBinaryType{ByteWidth: 16}), func(b *array.FixedSizeBinaryBuilder) {
		b.Append(make([]byte, 16))
		b.AppendNull()
		b.Append(testUUIDBytes)
	})
	const nilUUID = "00000000-0000-0000-0000-000000000000"
	tests := []struct {
		name  string
		array arrow.Array
		want  []string
	}{
		{"text", text("a", null, "", "long enough to matter"), []string{"a", null, "", "long enough to matter"}},
		{"no text", text(), nil},
		{"sliced text", slice(text("skipped", "a", null, "b", "skipped"), 1, 4), []string{"a", null, "b"}},
		{"twice sliced text", slice(slice(text("s", "s", "a", "b", "s"), 1, 5), 1, 3), []string{"a", "b"}},
		{"an empty slice of text", slice(text("a", "b"), 1, 1), nil},
		{"dictionary", dictionary(text("a", "b"), codes(1, 0, -1, 1)), []string{"b", "a", null, "b"}},
		{"sliced dictionary", slice(dictionary(text("a", "b"), codes(1, 0, -1, 1)), 1, 3), []string{"a", null}},
		{"sliced words", dictionary(slice(text("skipped", "a", "b", "c"), 1, 4), codes(2, 0)), []string{"c", "a"}},
		{"null words", dictionary(text("a", null, "b"), codes(1, 0, 2, 1)), []string{null, "a", "b", null}},
		{"no words", dictionary(text(), codes(-1, -1)), []string{null, null}},
		{"UUIDs", uuids, []string{nilUUID, null, testUUID}},
		{"sliced UUIDs", slice(uuids, 1, 3), []string{null, testUUID}},
		{"int32", codes(0, -1, 7, math.MaxInt32), []string{"0", null, "7", "2147483647"}},
		{"sliced int32", slice(codes(0, 1, 7), 1, 3), []string{"1", "7"}},
		{"int64", built(t, array.NewInt64Builder(mem), func(b *array.Int64Builder) {
			b.AppendValues([]int64{-5, math.MinInt64, math.MaxInt64}, nil)
			b.AppendNull()
		}), []string{"-5", "-9223372036854775808", "9223372036854775807", null}},
		{"uint32", built(t, array.NewUint32Builder(mem), func(b *array.Uint32Builder) {
			b.AppendValues([]uint32{0, math.MaxUint32}, nil)
			b.AppendNull()
		}), []string{"0", "4294967295", null}},
		{"uint64", built(t, array.NewUint64Builder(mem), func(b *array.Uint64Builder) {
			b.AppendValues([]uint64{1, math.MaxUint64}, nil)
			b.AppendNull()
		}), []string{"1", "18446744073709551615", null}},
		{"boolean", built(t, array.NewBooleanBuilder(mem), func(b *array.BooleanBuilder) {
			b.AppendValues([]bool{true, false}, nil)
			b.AppendNull()
		}), []string{"true", "false", null}},
	}
	for _, tt := range tests {
		texts, err := newTexts(tt.array)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for i := range tt.array.Len() {
			if text := texts.at(i); text == nil {
				got = append(got, null)
			} else {
				got = append(got, string(text))
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if _, err := newTimes(tt.array); err == nil {
			t.Errorf("%s can be read as times", tt.name)
		}
	}
}

func TestNoTexts(t *testing.T) {
	mem := checked(t)
	words := built(t, array.NewStringBuilder(mem), func(b *array.StringBuilder) { b.Append("a") })
	bytes := built(t, array.NewInt8Builder(mem), func(b *array.Int8Builder) { b.Append(0) })
	small := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, bytes, words)
	defer small.Release()
	for name, a := range map[string]arrow.Array{
		"a float": built(t, array.NewFloat64Builder(mem), func(b *array.Float64Builder) { b.Append(1.5551234e10) }),
		"binary of twelve bytes": built(t, array.NewFixedSizeBinaryBuilder(mem, &arrow.FixedSizeBinaryType{ByteWidth: 12}), func(b *array.FixedSizeBinaryBuilder) {
			b.Append(make([]byte, 12))
		}),
		"a timestamp":       timestamps(t, mem, arrow.Second, 1),
		"codes of one byte": small,
	} {
		if _, err := newTexts(a); err == nil {
			t.Errorf("%s can be read as text", name)
		}
	}
}

func timestamps(t *testing.T, mem memory.Allocator, unit arrow.TimeUnit, times ...int64) arrow.Array {
	return built(t, array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: unit, TimeZone: "UTC"}), func(b *array.TimestampBuilder) {
		for _, at := range times {
			b.Append(arrow.Timestamp(at))
		}
		b.AppendNull()
	})
}

// TestTimes reads every type of times. What does not fit is unknown: a product
// that overflows must not read as a date.
func TestTimes(t *testing.T) {
	mem := checked(t)
	const no = consent.NoTime
	const day = 86_400_000_000
	dates := built(t, array.NewDate32Builder(mem), func(b *array.Date32Builder) {
		for _, d := range []int32{0, 1, -1, 106_751_991, 106_751_992, -106_751_991, -106_751_992, math.MaxInt32, math.MinInt32} {
			b.Append(arrow.Date32(d))
		}
		b.AppendNull()
	})
	sliced := array.NewSlice(timestamps(t, mem, arrow.Millisecond, 1, 2, 3), 1, 4)
	t.Cleanup(sliced.Release)
	tests := []struct {
		name  string
		array arrow.Array
		want  []int64
	}{
		{"microseconds", timestamps(t, mem, arrow.Microsecond, 0, -1, math.MaxInt64, math.MinInt64), []int64{0, -1, math.MaxInt64, no, no}},
		{"seconds", timestamps(t, mem, arrow.Second, 1, -1, 9_223_372_036_854, 9_223_372_036_855, math.MinInt64, -9_223_372_036_855), []int64{1e6, -1e6, 9_223_372_036_854_000_000, no, no, no, no}},
		{"milliseconds", timestamps(t, mem, arrow.Millisecond, 1, -1, math.MaxInt64/1000+1, math.MinInt64/1000-1), []int64{1000, -1000, no, no, no}},
		{"nanoseconds", timestamps(t, mem, arrow.Nanosecond, 1999, -1, -1000, -1001, math.MaxInt64), []int64{1, -1, -1, -2, math.MaxInt64 / 1000, no}},
		{"sliced", sliced, []int64{2000, 3000, no}},
		{"dates", dates, []int64{0, day, -day, 106_751_991 * day, no, -106_751_991 * day, no, no, no, no}},
	}
	for _, tt := range tests {
		at, err := newTimes(tt.array)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []int64
		for i := range tt.array.Len() {
			got = append(got, at(i))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	at, err := newTimes(nil)
	if err != nil || at(3) != no {
		t.Errorf("a column that is not there has times, or %v", err)
	}
	if _, err := newTimes(built(t, array.NewInt64Builder(mem), func(b *array.Int64Builder) { b.Append(1) })); err == nil {
		t.Error("integers of an unknown unit can be read as times")
	}
}
