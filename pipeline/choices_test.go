package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

func choiceColumn(mem memory.Allocator, dictionary bool, words ...string) arrow.Array {
	return textArray(mem, dictionary, 0, len(words), func(i int) string { return words[i] })
}

// TestChoiceEncodings reads one column in every way it can arrive: nothing but
// the words may matter.
func TestChoiceEncodings(t *testing.T) {
	mem := checked(t)
	words := []string{"y", null, "N", "", "ja", "no way", "dy", " ", "n", "ja", "true", "li"}
	for name, tt := range map[string]struct {
		values map[string]consent.Choice
		want   []consent.Choice
	}{
		"the schema's": {nil, []consent.Choice{
			consent.Y, consent.Absent, consent.N, consent.Absent, consent.Invalid, consent.Invalid,
			consent.DY, consent.Invalid, consent.N, consent.Invalid, consent.Invalid, consent.LI,
		}},
		"the job's own beside them": {map[string]consent.Choice{"ja": consent.Y, "true": consent.DY, "N": consent.P}, []consent.Choice{
			consent.Y, consent.Absent, consent.P, consent.Absent, consent.Y, consent.Invalid,
			consent.DY, consent.Invalid, consent.N, consent.Y, consent.DY, consent.LI,
		}},
		// Null is no answer, whatever the job makes of an empty text.
		"the empty text means no": {map[string]consent.Choice{"": consent.N}, []consent.Choice{
			consent.Y, consent.Absent, consent.N, consent.N, consent.Invalid, consent.Invalid,
			consent.DY, consent.Invalid, consent.N, consent.Invalid, consent.Invalid, consent.LI,
		}},
	} {
		var counts []ValueCounts
		for _, dictionary := range []bool{false, true} {
			column := choiceColumn(mem, dictionary, words...)
			whole := choiceReader{values: tt.values}
			got, _, err := whole.read(column)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s, dictionary %v: got %v, want %v", name, dictionary, got, tt.want)
			}
			sliced := choiceReader{values: tt.values}
			for i := range words {
				part := array.NewSlice(column, int64(i), int64(i+1))
				got, _, err := sliced.read(part)
				part.Release()
				if err != nil || got[0] != tt.want[i] {
					t.Errorf("%s, dictionary %v: sliced value %d is %v (%v), want %v", name, dictionary, i, got, err, tt.want[i])
				}
			}
			counts = append(counts, whole.counts, sliced.counts)
			column.Release()
		}
		for _, c := range counts[1:] {
			if !equalCounts(c, counts[0]) {
				t.Errorf("%s: one encoding counts %+v, another %+v", name, counts[0], c)
			}
		}
	}
}

func equalCounts(a, b ValueCounts) bool {
	byA, byB := a.ByInvalid, b.ByInvalid
	return a.Values == b.Values && a.OptOuts == b.OptOuts && a.Normalised == b.Normalised && a.Invalid == b.Invalid && maps.Equal(byA, byB)
}

// TestEmptyChoices: an empty text is what the job makes of it also where a page has
// nothing else.
func TestEmptyChoices(t *testing.T) {
	mem := checked(t)
	for _, dictionary := range []bool{false, true} {
		column := choiceColumn(mem, dictionary, "", "")
		c := choiceReader{values: map[string]consent.Choice{"": consent.N}}
		got, _, err := c.read(column)
		if err != nil || !slices.Equal(got, []consent.Choice{consent.N, consent.N}) || c.counts.OptOuts != 2 {
			t.Errorf("dictionary %v: got %v, %d opt-outs, %v", dictionary, got, c.counts.OptOuts, err)
		}
		column.Release()
	}
}

func TestValueCounts(t *testing.T) {
	mem := checked(t)
	column := choiceColumn(mem, false, "y", null, "", "N", "n", "dn", "DN", "yes", "yes", " ", "LI", "li", "y")
	defer column.Release()
	var r choiceReader
	if _, _, err := r.read(column); err != nil {
		t.Fatal(err)
	}
	want := ValueCounts{Values: 11, OptOuts: 4, Normalised: 3, Invalid: 3, ByInvalid: map[string]int64{"yes": 2, " ": 1}}
	if !equalCounts(r.counts, want) {
		t.Errorf("got %+v, want %+v", r.counts, want)
	}
	var sum ValueCounts
	sum.add(&r.counts)
	sum.add(&r.counts)
	want = ValueCounts{Values: 22, OptOuts: 8, Normalised: 6, Invalid: 6, ByInvalid: map[string]int64{"yes": 4, " ": 2}}
	if !equalCounts(sum, want) {
		t.Errorf("twice: got %+v, want %+v", sum, want)
	}
}

// TestDictionaryChanges gives one reader dictionaries in turn, each freed before
// the next is made, so that memory and addresses are used again.
func TestDictionaryChanges(t *testing.T) {
	mem := checked(t)
	var r choiceReader
	for i := range 2000 {
		words := []string{"y", "n"}
		if i%3 == 0 {
			words = []string{"n", "y"}
		}
		column := choiceColumn(mem, true, words...)
		again := array.NewSlice(column, 1, 2)
		got, _, err := r.read(column)
		if err != nil {
			t.Fatal(err)
		}
		first := got[0]
		got, _, err = r.read(again)
		if err != nil {
			t.Fatal(err)
		}
		again.Release()
		column.Release()
		if first.String() != words[0] || got[0].String() != words[1] {
			t.Fatalf("dictionary %d: got %s and %s, want %s", i, first, got[0], words)
		}
	}
}

// TestManyInvalid: a column mapped by mistake holds more different values than
// are told apart; which are, and their counts, depends on nothing but the values.
func TestManyInvalid(t *testing.T) {
	const different = 3 * maxInvalid
	count := func(order func(i int) int, workers int) ValueCounts {
		parts := make([]ValueCounts, workers)
		for i := range 2 * different {
			parts[i%workers].addInvalid(fmt.Sprintf("value %05d", order(i)%different), 1)
		}
		var sum ValueCounts
		for i := range parts {
			sum.add(&parts[i])
		}
		return sum
	}
	want := count(func(i int) int { return i }, 1).ByInvalid
	if len(want) != maxInvalid || want["value 00000"] != 2 {
		t.Fatalf("got %d values, %d of the first, want %d and 2", len(want), want["value 00000"], maxInvalid)
	}
	for workers := range 4 {
		got := count(func(i int) int { return 7919 * i }, workers+1).ByInvalid
		if !maps.Equal(got, want) {
			t.Errorf("%d workers in another order tell other values apart", workers+1)
		}
	}
}

func TestCut(t *testing.T) {
	long := strings.Repeat("x", invalidLength)
	tests := []struct{ text, want string }{
		{"", ""},
		{"yes", "yes"},
		{long, long},
		{long + "y", long},
		{long[1:] + "é", long[1:]}, // not half a letter
		{"a\xffb", "a\uFFFDb"},     // a ledger is UTF-8 whatever the input was
		{long[2:] + "é!", long[2:] + "é"},
	}
	for _, tt := range tests {
		got := cut([]byte(tt.text))
		if got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q: %q is not UTF-8", tt.text, got)
		}
	}
}

// TestCodesOfNulls: the code behind a null may be any, also one that no dictionary
// has, and is not looked up.
func TestCodesOfNulls(t *testing.T) {
	mem := checked(t)
	words := choiceColumn(mem, false, "n", "y")
	defer words.Release()
	codes := arrow.Int32Traits.CastToBytes([]int32{1, 1 << 30, -1, 0})
	valid := []byte{0b1001}
	data := array.NewData(arrow.PrimitiveTypes.Int32, 4, []*memory.Buffer{memory.NewBufferBytes(valid), memory.NewBufferBytes(codes)}, nil, 2, 0)
	defer data.Release()
	indices := array.NewInt32Data(data)
	defer indices.Release()
	column := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, indices, words)
	defer column.Release()
	var c choiceReader
	got, _, err := c.read(column)
	if want := []consent.Choice{consent.Y, consent.Absent, consent.Absent, consent.N}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if c.counts.Values != 2 || c.counts.OptOuts != 1 {
		t.Errorf("got %d values and %d opt-outs, want 2 and 1", c.counts.Values, c.counts.OptOuts)
	}
}
