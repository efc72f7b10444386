package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// TestMeanings: each word means the same however often it is asked for, and what is
// remembered has a bound in words and in their length.
func TestMeanings(t *testing.T) {
	meaning := func(word string) int { return len(word) }
	w := wordsOf(meaning)
	long := strings.Repeat("x", maxWord+1)
	for range 2 {
		for i := range 2 * maxMeanings {
			word := fmt.Sprint(" word ", i, " ")
			if got, want := w.ofText([]byte(word)), len(strings.TrimSpace(word)); got != want {
				t.Fatalf("%q: got %d, want %d", word, got, want)
			}
		}
		if got := w.ofText([]byte(long)); got != len(long) {
			t.Errorf("a long word: got %d, want %d", got, len(long))
		}
	}
	if got := len(w.first) + len(w.other); got > firstMeanings+maxMeanings {
		t.Errorf("%d words are remembered", got)
	}
	first := wordsOf(meaning)
	first.ofText([]byte(long))
	if len(first.first)+len(first.other) != 0 {
		t.Error("a long word is remembered")
	}
}

// TestMeaningsOfCodes: the words of a dictionary mean what they mean as text, in each
// record its own, and nothing means what no word does.
func TestMeaningsOfCodes(t *testing.T) {
	var asked int
	w := wordsOf(func(word string) int { asked++; return len(word) })
	b := array.NewDictionaryBuilder(memory.DefaultAllocator, &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}).(*array.BinaryDictionaryBuilder)
	defer b.Release()
	for _, words := range [][]string{{"a", "bb", "", "a", "bb"}, {"four", "", "bb", "four"}, {""}} {
		for _, word := range words {
			if word == "" {
				b.AppendNull()
			} else if err := b.AppendString(word); err != nil {
				t.Fatal(err)
			}
		}
		record := b.NewDictionaryArray()
		for first := range words {
			part := array.NewSlice(record, int64(first), int64(len(words)))
			texts, err := newTexts(part)
			if err != nil {
				t.Fatal(err)
			}
			for row, word := range words[first:] {
				if got := w.at(texts, row); got != len(word) {
					t.Errorf("%q from %d on, row %d: got %d", words, first, row, got)
				}
			}
			part.Release()
		}
		record.Release()
		b.ResetFull()
	}
	if asked > 4 {
		t.Errorf("asked %d times what four words mean", asked)
	}
}

// TestMeaningOfNull: nothing is not an empty word, neither as a row nor among the words of
// a dictionary.
func TestMeaningOfNull(t *testing.T) {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues([]string{"", "bb", ""}, []bool{true, true, false})
	words := b.NewArray()
	defer words.Release()
	codes := array.NewInt32Builder(memory.DefaultAllocator)
	defer codes.Release()
	codes.AppendValues([]int32{0, 1, 2, 0}, []bool{true, true, true, false})
	of := codes.NewArray()
	defer of.Release()
	coded := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: of.DataType(), ValueType: words.DataType()}, of, words)
	defer coded.Release()
	w := meanings[int]{meaning: func(word string) int { return len(word) }, null: -1}
	for _, column := range []struct {
		array arrow.Array
		want  []int
	}{{coded, []int{0, 2, -1, -1}}, {words, []int{0, 2, -1}}} {
		texts, err := newTexts(column.array)
		if err != nil {
			t.Fatal(err)
		}
		for row, want := range column.want {
			if got := w.at(texts, row); got != want {
				t.Errorf("%s, row %d: got %d, want %d", column.array.DataType(), row, got, want)
			}
		}
	}
}

// TestEmptyIsText: an empty text is not null, also where a column has no other.
func TestEmptyIsText(t *testing.T) {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues([]string{"", ""}, nil)
	words := b.NewArray()
	defer words.Release()
	codes := array.NewInt32Builder(memory.DefaultAllocator)
	defer codes.Release()
	codes.AppendValues([]int32{1, 0}, nil)
	of := codes.NewArray()
	defer of.Release()
	coded := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: of.DataType(), ValueType: words.DataType()}, of, words)
	defer coded.Release()
	for _, column := range []arrow.Array{words, coded} {
		texts, err := newTexts(column)
		if err != nil {
			t.Fatal(err)
		}
		for row := range column.Len() {
			if text := texts.at(row); text == nil || len(text) > 0 {
				t.Errorf("%s, row %d: got %v", column.DataType(), row, text)
			}
		}
	}
}
