package generate

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// A block is some neighbouring rows of a file on their way into its columns:
// values by leaf, filled and written column by column. Row structs would cost
// more than everything else together.
type block struct {
	population
	rows    []uint64 // row numbers in the whole input, not in this file
	persons []uint64 // who stands in each
	values  [][]parquet.Value
	text    []byte // what the values of this block point to
}

// A filler appends the values of its leaves for every row of the block.
type filler func(b *block)

// A leaf is a column and the definition level of its values.
type leaf struct{ column, level int }

// lookup finds a leaf by its dotted path. Schemas are ours: a path that is not
// there is a slip in this package.
func lookup(s *parquet.Schema, path string) leaf {
	found, ok := s.Lookup(strings.Split(path, ".")...)
	if !ok {
		panic(fmt.Sprintf("generate: no leaf %q in %s", path, s.Name()))
	}
	return leaf{found.ColumnIndex, found.MaxDefinitionLevel}
}

func (b *block) put(l leaf, v parquet.Value) { b.putAt(l, 0, l.level, v) }

// putNull appends a null that is defined down to level.
func (b *block) putNull(l leaf, level int) { b.putAt(l, 0, level, parquet.Value{}) }

func (b *block) putAt(l leaf, repetition, level int, v parquet.Value) {
	b.values[l.column] = append(b.values[l.column], v.Level(repetition, level, l.column))
}

// written turns what an append function writes for person into a value.
func (b *block) written(write func(population, []byte, uint64) []byte, person uint64) parquet.Value {
	start := len(b.text)
	b.text = write(b.population, b.text, person)
	return parquet.ByteArrayValue(b.text[start:])
}

// text fills a leaf with what write says of each person.
func text(l leaf, write func(population, []byte, uint64) []byte) filler {
	return func(b *block) {
		for _, person := range b.persons {
			b.put(l, b.written(write, person))
		}
	}
}

// pick fills a leaf with one of some words for each person.
func pick(l leaf, t trait, words []string) filler {
	values := byteValues(words)
	return func(b *block) {
		for _, person := range b.persons {
			b.put(l, values[below(b.draw(person, t), uint64(len(values)))])
		}
	}
}

func byteValues(words []string) []parquet.Value {
	values := make([]parquet.Value, len(words))
	for i, w := range words {
		values[i] = parquet.ByteArrayValue([]byte(w))
	}
	return values
}
