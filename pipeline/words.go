package pipeline

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// wordType is the type of a column of few different texts.
var wordType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// wordBuilder builds a column of few different texts: a ledger says the same
// words a million times, and a code is all that it costs to say one again.
type wordBuilder struct {
	mem   memory.Allocator
	known map[string]int32
	words *array.StringBuilder
	codes *array.Int32Builder
	last  string // the word before, which is often the next one too
	code  int32
}

func newWordBuilder(mem memory.Allocator) *wordBuilder {
	return &wordBuilder{
		mem: mem, known: map[string]int32{}, words: array.NewStringBuilder(mem), codes: array.NewInt32Builder(mem), code: -1,
	}
}

// append adds a row; the empty text is null.
func (b *wordBuilder) append(text string) {
	if text == "" {
		b.codes.AppendNull()
		return
	}
	if b.code < 0 || text != b.last {
		code, ok := b.known[text]
		if !ok {
			code = int32(len(b.known))
			b.known[text] = code
			b.words.Append(text)
		}
		b.last, b.code = text, code
	}
	b.codes.Append(b.code)
}

// newArray returns the rows added since the last call.
func (b *wordBuilder) newArray() arrow.Array {
	codes, words := b.codes.NewArray(), b.words.NewArray()
	defer codes.Release()
	defer words.Release()
	clear(b.known)
	b.last, b.code = "", -1
	return array.NewDictionaryArray(wordType, codes, words)
}

func (b *wordBuilder) release() {
	b.words.Release()
	b.codes.Release()
}
