package readers

import (
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// A Table is columns of an input, bound and checked, whose parts can be read in
// parallel. Part boundaries are those of the files' row groups; those of text
// depend on the file alone.
type Table struct {
	files   []*diskFile
	content content
	columns []binding
	parts   []part
	schema  parquet.Node // of a table made by Rows
	mem     memory.Allocator
}

// part is rows that one source reads: a row group of Parquet, a run of records of
// text.
type part struct {
	file, number int
	firstRow     int64
	rows         int64
}

// NumParts is the number of parts, zero for an empty input.
func (t *Table) NumParts() int { return len(t.parts) }

// FirstRow is the number of the part's first row, counted from zero over all
// files in the order of Find.
func (t *Table) FirstRow(part int) int64 { return t.parts[part].firstRow }

// PartRows is the number of rows of the part.
func (t *Table) PartRows(part int) int64 { return t.parts[part].rows }

// PartName names the file of the part.
func (t *Table) PartName(part int) string { return t.files[t.parts[part].file].path }

// Open starts reading a part. The caller must Close the source.
func (t *Table) Open(partIndex int) (*Source, error) {
	p := t.parts[partIndex]
	from, err := t.content.open(p.file, p.number, t.columns, t.mem)
	if err != nil {
		return nil, err
	}
	return &Source{path: t.files[p.file].path, from: from}, nil
}

// Schema is the Parquet schema of a table made by Rows, for a writer that keeps
// it: it has every annotation of a Parquet file, also those that the library does
// not know and would leave out.
func (t *Table) Schema() parquet.Node { return t.schema }
