package readers

import (
	"bytes"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// csvReader reads records of CSV into columns.
type csvReader struct {
	csvCutter
	fields int            // of a record
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
	if r.isPlain(w) {
		if rows, err = r.plain(w, row, most, limit); rows > 0 || err != nil {
			return rows, err
		}
	}
	record, at, err := r.cut(w)
	switch {
	case err != nil:
		return 0, err
	case r.quoted:
		err = r.splitQuoted(row, record)
	default:
		err = r.split(row, record)
	}
	return 1, at.wrong(err)
}

// plain reads the records of a window that are lines.
func (r *csvReader) plain(w *window, row, most int, limit int64) (rows int, err error) {
	text := w.text()
	taken, at, lines := 0, 0, int64(0)
	for blank := int64(0); row+rows < most && w.next.offset+int64(taken) < limit; {
		end := bytes.IndexByte(text[at:], '\n')
		if end == 0 {
			blank++
			at++
			continue
		}
		if end < 0 {
			break
		}
		lines += blank
		if err := r.split(row+rows, text[at:at+end]); err != nil {
			return 0, mark{line: w.next.line + lines}.wrong(err)
		}
		rows++
		at += end + 1
		lines++
		taken, blank = at, 0
	}
	w.take(taken, lines)
	return rows, nil
}

// split takes a record without quotes apart. Where its last field begins, it has
// been counted that no other follows.
func (r *csvReader) split(row int, record []byte) error {
	for i, columns := range r.wanted {
		field := record
		if i < r.fields-1 {
			end := bytes.IndexByte(record, r.delimiter)
			if end < 0 {
				return errTextChanged
			}
			field, record = record[:end], record[end+1:]
		}
		if err := putAll(columns, row, field); err != nil {
			return err
		}
	}
	return nil
}

func (r *csvReader) splitQuoted(row int, record []byte) error {
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
