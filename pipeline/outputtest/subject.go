package outputtest

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
)

// A Subject is a new and empty output under test, of records of the columns of
// Schema.
type Subject struct {
	Output pipeline.Output

	// Commit finishes the output and reads it back.
	Commit func() ([]Row, error)

	// Abandon closes the output without finishing it, and reports an error where
	// anything can still be found of it.
	Abandon func() error
}

// Schema is the schema of the records that are written: a number, and a text
// that may be null.
func Schema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "number", Type: arrow.PrimitiveTypes.Int64},
		{Name: "text", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
}

// A Row is a row read back. The text is empty for null; no text that is written
// is empty.
type Row struct {
	Number int64
	Text   string
}

// row is row number i of what is written.
func row(i int) Row {
	r := Row{Number: int64(i), Text: fmt.Sprint("text of row ", i)}
	if i%7 == 3 {
		r.Text = ""
	}
	return r
}

// rows are the rows from one number to another.
func rows(from, to int) (all []Row) {
	for i := from; i < to; i++ {
		all = append(all, row(i))
	}
	return all
}

// newRecord makes a record of rows, as a slice of a larger one.
func newRecord(mem memory.Allocator, all []Row) arrow.Record {
	b := array.NewRecordBuilder(mem, Schema())
	defer b.Release()
	add := func(r Row) {
		b.Field(0).(*array.Int64Builder).Append(r.Number)
		if text := b.Field(1).(*array.StringBuilder); r.Text == "" {
			text.AppendNull()
		} else {
			text.Append(r.Text)
		}
	}
	add(Row{-1, "before"})
	for _, r := range all {
		add(r)
	}
	add(Row{-1, "behind"})
	whole := b.NewRecord()
	defer whole.Release()
	return whole.NewSlice(1, int64(len(all)+1))
}

// scribbler is an allocator that writes over what it is given back, so that a
// sink that kept a record shows.
type scribbler struct{ memory.Allocator }

func newScribbler() *memory.CheckedAllocator {
	return memory.NewCheckedAllocator(scribbler{memory.NewGoAllocator()})
}

func (s scribbler) Free(b []byte) {
	for i := range b {
		b[i] = 0xA5
	}
	s.Allocator.Free(b)
}
