package readers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// maxBatch is the greatest number of rows of a record. Records are slices of
// decoded pages, so that most are smaller; their bounds depend on the file
// alone, never on the number of threads.
const maxBatch = 64 << 10

// binding is a column of a table, found in each file.
type binding struct {
	name   string
	role   Role
	leaves []*parquet.Column // one a file
	typ    arrow.DataType
	shape  shape
}

// A Table is columns of an input, bound and checked, whose parts can be read in
// parallel. Part boundaries are those of the files' row groups.
type Table struct {
	files   []*file
	columns []binding
	parts   []part
	mem     memory.Allocator
}

type part struct {
	file, group int
	firstRow    int64
	rows        int64
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
	f := t.files[p.file]
	osFile, err := f.reopen()
	if err != nil {
		return nil, err
	}
	s := &Source{file: f, osFile: osFile, left: p.rows}
	for i := range t.columns {
		b := &t.columns[i]
		leaf := b.leaves[p.file]
		meta := &f.meta.RowGroups[p.group].Columns[leaf.Index()].MetaData
		pages := newPageReader(osFile, leaf, meta, p.rows, &s.codec, t.mem)
		stored, err := storedType(leaf)
		if err != nil {
			s.Close()
			return nil, &FileError{f.path, err}
		}
		if b.typ.ID() == arrow.STRING || width(b.typ) == width(stored) && stored.ID() != arrow.BOOL {
			stored = b.typ // the same layout under its meaning
		}
		s.columns = append(s.columns, &column{
			name: b.name, typ: b.typ, stored: stored, shape: b.shape,
			pages: pages, mem: t.mem, maxDef: byte(leaf.MaxDefinitionLevel()),
		})
	}
	return s, nil
}

// A Source yields the records of one part, in order. It is not safe for
// concurrent use.
type Source struct {
	file    *file
	osFile  *os.File
	columns []*column
	codec   codec
	left    int64 // rows
	end     error // what Next returned at the end
}

// Next returns the next record, which the caller must Release, or a nil record
// and io.EOF once the part is exhausted. It never returns a record and an error
// together, and never an empty record. What ended the source, it returns again.
// A text column comes as a Dictionary
// array where its page is dictionary-encoded and as a String array otherwise,
// so the schema may change between records. Errors are *FileError.
func (s *Source) Next(ctx context.Context) (arrow.Record, error) {
	if s.end != nil {
		return nil, s.end
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	record, err := s.guarded()
	s.end = err
	return record, err
}

func (s *Source) guarded() (record arrow.Record, err error) {
	defer recoverDamage(s.file.path, &err)
	if s.left == 0 {
		return nil, s.finish()
	}
	if record, err = s.next(); err != nil {
		return nil, &FileError{s.file.path, err}
	}
	return record, nil
}

func (s *Source) next() (arrow.Record, error) {
	n := int(min(s.left, maxBatch))
	for _, c := range s.columns {
		if c.shape == repeated {
			continue
		}
		ready, err := c.ready()
		if err != nil {
			return nil, err
		}
		n = min(n, ready)
	}
	arrays := make([]arrow.Array, 0, len(s.columns))
	defer func() { releaseAll(arrays) }()
	fields := make([]arrow.Field, 0, len(s.columns))
	for _, c := range s.columns {
		take := c.take
		if c.shape == repeated {
			take = c.takeRepeated
		}
		a, err := take(n)
		if err != nil {
			return nil, err
		}
		arrays = append(arrays, a)
		fields = append(fields, arrow.Field{Name: c.name, Type: a.DataType(), Nullable: c.shape == flat})
	}
	s.left -= int64(n)
	return array.NewRecord(arrow.NewSchema(fields, nil), arrays, int64(n)), nil
}

// finish makes sure at the end of a part that no page is left over and that the
// file is still the one that was opened.
func (s *Source) finish() error {
	for _, c := range s.columns {
		switch err := c.load(); {
		case err == nil:
			return &FileError{s.file.path, fmt.Errorf("column %s: more values than rows", c.name)}
		case !errors.Is(err, io.EOF):
			return &FileError{s.file.path, err}
		}
	}
	if err := s.file.unchanged(s.osFile); err != nil {
		return err
	}
	return io.EOF
}

// Close releases what the source holds. Records taken from it stay valid.
func (s *Source) Close() error {
	for _, c := range s.columns {
		c.close()
	}
	s.columns = nil
	s.codec.close()
	s.end = cmp.Or(s.end, error(&FileError{s.file.path, fs.ErrClosed}))
	if s.osFile == nil {
		return nil
	}
	err := s.osFile.Close()
	s.osFile = nil
	return err
}
