package pipeline

import (
	"context"

	"github.com/apache/arrow/go/v15/arrow"
)

// A Source yields the records of one part of a table, in order. It belongs to
// one goroutine.
type Source interface {
	// Next returns the next record, which the caller must Release, or a nil
	// record and io.EOF once the part is exhausted. It never returns a record
	// and an error together, and never an empty record.
	Next(ctx context.Context) (arrow.Record, error)
	Close() error
}

// A Table is an input whose rows stand in a fixed order and in parts that can
// be read in parallel. Its columns are known by number.
type Table struct {
	Parts []Part
	Open  func(part int) (Source, error)
}

// A Part is a run of consecutive rows of a table.
type Part struct {
	FirstRow int64 // counted from zero over the whole table
	Rows     int64
}

// NumRows is the number of rows of the table.
func (t Table) NumRows() int64 {
	if len(t.Parts) == 0 {
		return 0
	}
	last := t.Parts[len(t.Parts)-1]
	return last.FirstRow + last.Rows
}

// An Output is one file being written. Groups of rows are filled in parallel
// and committed one after the other.
type Output interface {
	Group() Group
}

// A Group is a run of rows on its way into an Output. It belongs to one
// goroutine; Commit is called in the order of the rows, by one goroutine at a
// time. Close abandons what was not committed.
type Group interface {
	// Write adds the given rows of the record, all of them where rows is nil.
	// It does not keep the record.
	Write(record arrow.Record, rows []int32) error
	Commit() error
	Close() error
}
