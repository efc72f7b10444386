package readers

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// csvReader reads records of CSV into columns.
type csvReader struct {
	csvCutter
	fields int            // of a record
	ends   []uint32       // of the fields of some records, and of what is before them
	wanted [][]namedCells // by number of the field, up to the last that is wanted
}

type namedCells struct {
	name string
	cells
}

func (c *csvFiles) open(file, part int, columns []binding, mem memory.Allocator) (records, error) {
	f := c.files[file]
	r := &csvReader{csvCutter: *f.cutter(), fields: len(f.header)}
	p, err := f.openRecords(part, r, columns, len(f.header), mem)
	if err != nil {
		return nil, err
	}
	for i := range columns {
		at := columns[i].fields[file]
		for len(r.wanted) <= at {
			r.wanted = append(r.wanted, nil)
		}
		r.wanted[at] = append(r.wanted[at], namedCells{columns[i].name, p.columns[i]})
	}
	return p, nil
}

// read adds the fields that are wanted to their columns.
func (r *csvReader) read(w *window, row, most int, limit int64) (rows int, err error) {
	if rows, err = r.lines(w, row, most, limit); rows > 0 || err != nil {
		return rows, err
	}
	record, at, err := r.cut(w)
	switch {
	case err != nil:
		return 0, err
	case r.quoted || w.buf[w.start-1] != '\n': // the last may have no line feed
		err = r.splitAny(row, record)
	default:
		err = r.split(row, w.buf[:w.end], w.ends, r.start)
	}
	return 1, at.wrong(err)
}

// split takes apart the record without quotes that begins at a place and ends in a line
// feed.
func (r *csvReader) split(row int, text []byte, ends places, at int) error {
	for i, columns := range r.wanted {
		end := ends.next(at)
		if (text[end] == '\n') != (i == r.fields-1) {
			return errTextChanged
		}
		field := text[at:end]
		if i == r.fields-1 {
			field = withoutReturn(field)
		}
		if err := putAll(columns, row, field); err != nil {
			return err
		}
		at = end + 1
	}
	return nil
}

// splitAny takes apart any record.
func (r *csvReader) splitAny(row int, record []byte) error {
	fields := csvFields{record: record, delimiter: r.delimiter}
	for _, columns := range r.wanted {
		if !fields.next() {
			return errTextChanged
		}
		if len(columns) == 0 {
			continue
		}
		if err := putAll(columns, row, fields.text()); err != nil {
			return err
		}
	}
	return nil
}

// putAll adds a field to the columns that have it. An empty one is null.
func putAll(columns []namedCells, row int, field []byte) error {
	if len(field) == 0 {
		return nil
	}
	for i := range columns {
		if err := columns[i].add(row, field); err != nil {
			return columns[i].fail(err)
		}
	}
	return nil
}

func (c *namedCells) fail(err error) error { return fmt.Errorf("column %s: %w", c.name, err) }
