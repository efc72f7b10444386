package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"pgregory.net/rapid"
)

// nestedRecord has a column of every shape in which a send list's leaves travel:
// flat, flat and required, with levels, repeated, and as codes.
func nestedRecord(mem memory.Allocator, rows int) arrow.Record {
	text := array.NewBinaryBuilder(mem, arrow.BinaryTypes.Binary)
	number := array.NewInt64Builder(mem)
	leveled := array.NewStructBuilder(mem, arrow.StructOf(
		arrow.Field{Name: "level", Type: arrow.PrimitiveTypes.Uint16},
		arrow.Field{Name: "value", Type: arrow.BinaryTypes.Binary, Nullable: true}))
	repeated := array.NewListBuilderWithField(mem, arrow.ListOfNonNullable(leveled.Type()).ElemField())
	for _, b := range []array.Builder{text, number, leveled, repeated} {
		defer b.Release()
	}
	entry := func(b *array.StructBuilder, level uint16, value string) {
		b.Append(true)
		b.FieldBuilder(0).(*array.Uint16Builder).Append(level)
		if value == null {
			b.FieldBuilder(1).AppendNull()
		} else {
			b.FieldBuilder(1).(*array.BinaryBuilder).AppendString(value)
		}
	}
	for i := range rows {
		if i%5 == 4 {
			text.AppendNull()
		} else {
			text.AppendString(fmt.Sprint("text ", i))
		}
		number.Append(int64(i))
		if i%3 == 2 {
			entry(leveled, 1, null)
		} else {
			entry(leveled, 2, fmt.Sprint("leveled ", i))
		}
		repeated.Append(true)
		entries := repeated.ValueBuilder().(*array.StructBuilder)
		if i%4 == 0 {
			entry(entries, 1, null)
		}
		for k := range i % 4 {
			entry(entries, uint16(min(k, 1)<<8|3), fmt.Sprint("entry ", i, " ", k))
		}
	}
	return record(rows, text.NewArray(), number.NewArray(), leveled.NewArray(), repeated.NewArray(), codedColumn(mem, rows))
}

// codedColumn holds words as they come from a dictionary-encoded page.
func codedColumn(mem memory.Allocator, rows int) arrow.Array {
	words := array.NewBinaryBuilder(mem, arrow.BinaryTypes.Binary)
	defer words.Release()
	for i := range 3 {
		words.AppendString(fmt.Sprint("word ", i))
	}
	codes := array.NewInt32Builder(mem)
	defer codes.Release()
	for i := range rows {
		if i%4 == 3 {
			codes.AppendNull()
		} else {
			codes.Append(int32(i % 3))
		}
	}
	dictionary, indices := words.NewArray(), codes.NewArray()
	defer dictionary.Release()
	defer indices.Release()
	return array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.Binary}, indices, dictionary)
}

// cells are the entries of a row of a column, with their levels.
func cells(a arrow.Array, i int) string {
	entry := func(s *array.Struct, i int) string {
		level := s.Field(0).(*array.Uint16).Value(i)
		return fmt.Sprintf("%x:%s", level, cellText(s.Field(1), i))
	}
	switch a := a.(type) {
	case *array.Struct:
		return entry(a, i)
	case *array.List:
		var all []string
		start, end := a.ValueOffsets(i)
		for k := start; k < end; k++ {
			all = append(all, entry(a.ListValues().(*array.Struct), int(k)))
		}
		return strings.Join(all, " ")
	}
	return cellText(a, i)
}

// TestPersonalize replaces every shape of column in every pattern of rows, of
// whole records and of slices: generic rows are null, or the fallback, all
// others as they came, and columns without personal content are not touched.
func TestPersonalize(t *testing.T) {
	nullRow := fmt.Sprintf("%x:%s", NullRow, null)
	rapid.Check(t, func(t *rapid.T) {
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		rows := rapid.IntRange(1, 40).Draw(t, "rows")
		before, after := rapid.IntRange(0, 3).Draw(t, "before"), rapid.IntRange(0, 3).Draw(t, "after")
		whole := nestedRecord(mem, before+rows+after)
		r := whole.NewSlice(int64(before), int64(before+rows))
		whole.Release()
		generic := rapid.SliceOfN(rapid.Bool(), rows, rows).Draw(t, "generic")
		fallback := rapid.Bool().Draw(t, "fallback")
		var replacements []Replacement
		chosen := map[int]bool{}
		for c := range 5 {
			if chosen[c] = rapid.Bool().Draw(t, "replaced"); !chosen[c] {
				continue
			}
			replacement := Replacement{Column: c}
			if fallback && c != 2 && c != 3 {
				replacement.Fallback = fallbackOf(mem, c)
				defer replacement.Fallback.Release()
			}
			replacements = append(replacements, replacement)
		}
		got, err := personalize(r, replacements, generic, mem)
		if err != nil {
			t.Fatal(err)
		}
		if got.NumCols() != 6 || got.ColumnName(5) != PersonalizedColumn || got.NumRows() != int64(rows) {
			t.Fatalf("got %d columns, the last %s", got.NumCols(), got.ColumnName(5))
		}
		for c := range 5 {
			if !arrow.TypeEqual(got.Column(c).DataType(), r.Column(c).DataType()) {
				t.Errorf("column %d is %s, want %s", c, got.Column(c).DataType(), r.Column(c).DataType())
			}
			for i := range rows {
				want := cells(r.Column(c), i)
				if chosen[c] && generic[i] {
					switch {
					case c == 2 || c == 3:
						want = nullRow
					case fallback && c == 1:
						want = "7"
					case fallback:
						want = "dGhlcmU=" // base64 of "there"
					default:
						want = null
					}
				}
				if text := cells(got.Column(c), i); text != want {
					t.Errorf("column %d row %d, generic %v: got %q, want %q", c, i, generic[i], text, want)
				}
			}
		}
		for i := range rows {
			if flag := got.Column(5).(*array.Boolean); flag.IsNull(i) || flag.Value(i) == generic[i] {
				t.Errorf("row %d: personalized is %s, generic is %v", i, cellText(flag, i), generic[i])
			}
		}
		got.Release()
		r.Release()
	})
}

func fallbackOf(mem memory.Allocator, column int) arrow.Array {
	if column != 1 {
		b := array.NewBinaryBuilder(mem, arrow.BinaryTypes.Binary)
		defer b.Release()
		b.AppendString("there")
		return b.NewArray()
	}
	b := array.NewInt64Builder(mem)
	defer b.Release()
	b.Append(7)
	return b.NewArray()
}

// TestPersonalizeReleases: what a replacement takes it gives back, also where
// the fallback is of another type than the column.
func TestPersonalizeReleases(t *testing.T) {
	mem := checked(t)
	r := nestedRecord(mem, 6)
	defer r.Release()
	fallback := fallbackOf(mem, 1)
	defer fallback.Release()
	generic := []bool{true, false, true, true, false, false}
	for _, replacements := range [][]Replacement{
		nil,
		{{Column: 0}, {Column: 1, Fallback: fallback}, {Column: 2}, {Column: 3}},
	} {
		got, err := personalize(r, replacements, generic, mem)
		if err != nil {
			t.Fatal(err)
		}
		got.Release()
	}
	for _, column := range []int{0, 2, 3, 4} {
		got, err := personalize(r, []Replacement{{Column: 1}, {Column: column, Fallback: fallback}}, generic, mem)
		if err == nil {
			got.Release()
			t.Errorf("a number stands in column %d", column)
		}
	}
}

func TestLongestRun(t *testing.T) {
	for text, want := range map[string]int{"": 0, "-": 0, "g": 1, "gg-": 2, "g-gg-ggg-g": 3, "---gggg": 4} {
		var generic []bool
		for _, c := range text {
			generic = append(generic, c == 'g')
		}
		if got := longestRun(generic); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
