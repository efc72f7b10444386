package readers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// partBytes is about how much text is a part.
const partBytes = 4 << 20

// textFile is one file of text that has been read once and found well-formed. Its
// index says where parts begin; a compressed file is one part, since there is no
// beginning in the middle.
type textFile struct {
	*diskFile
	begins []mark // of each part
}

// cutter cuts the next record off a window. It returns io.EOF behind the last
// one. The record is valid until the next call; at is where it begins.
type cutter interface {
	cut(w *window) (record []byte, at mark, err error)
}

// openText reads a file from its beginning to its end. Start is called first and
// returns what checks a record, which it may find wrong.
func openText(ctx context.Context, path string, c cutter, start func(w *window) (check func(record []byte) error, err error)) (f *textFile, err error) {
	defer recoverDamage(path, &err)
	disk, osFile, err := openDisk(path)
	if err != nil {
		return nil, err
	}
	defer osFile.Close()
	f = &textFile{diskFile: disk}
	if err := f.scan(ctx, osFile, c, start); err != nil {
		if ctx.Err() == nil {
			err = &FileError{path, err}
		}
		return nil, err
	}
	return f, f.unchanged(osFile)
}

func (f *textFile) scan(ctx context.Context, osFile *os.File, c cutter, start func(w *window) (func([]byte) error, error)) error {
	s, err := openStream(f.path, osFile)
	if err != nil {
		return err
	}
	defer s.close()
	w := newWindow(s, mark{line: 1}, windowBytes, true)
	if err := w.begin(); err != nil {
		return err
	}
	check, err := start(w)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		record, at, err := c.cut(w)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			if err = check(record); err != nil {
				err = fmt.Errorf("line %d: %w", at.line, err)
			}
		}
		if err != nil {
			return err
		}
		f.count(at)
	}
}

// count adds a record, and a part where the last one is large.
func (f *textFile) count(at mark) {
	last := len(f.parts) - 1
	if last < 0 || at.offset-f.begins[last].offset >= partBytes && !f.isCompressed() {
		f.begins, f.parts = append(f.begins, at), append(f.parts, 0)
		last++
	}
	f.parts[last]++
}

func (f *textFile) isCompressed() bool {
	_, compression := extension(f.path)
	return compression != ""
}

// end is where a part ends, in a file that is not compressed.
func (f *textFile) end(part int) int64 {
	if part+1 < len(f.begins) {
		return f.begins[part+1].offset
	}
	return f.info.Size()
}

// recordBytes is how many bytes a record of a part has on average, as far as it is
// known.
func (f *textFile) recordBytes(part int) int {
	if f.isCompressed() {
		return 0
	}
	return int((f.end(part) - f.begins[part].offset) / f.parts[part])
}

// textSource is the text of a part.
type textSource struct {
	*window
	osFile *os.File
	stream *stream
}

// openPart opens the text of a part.
func (f *textFile) openPart(part int) (*textSource, error) {
	osFile, err := f.reopen()
	if err != nil {
		return nil, err
	}
	s := &textSource{osFile: osFile}
	begin, end := f.begins[part], f.end(part)
	if !f.isCompressed() {
		s.window = newWindow(io.NewSectionReader(osFile, begin.offset, end-begin.offset), begin, end-begin.offset, false)
		return s, nil
	}
	if s.stream, err = openStream(f.path, osFile); err == nil {
		s.window = newWindow(s.stream, begin, windowBytes, false)
		_, err = io.CopyN(io.Discard, s.stream, begin.offset)
	}
	if err != nil {
		return nil, &FileError{f.path, errors.Join(noEOF(err), s.close())}
	}
	return s, nil
}

func (s *textSource) close() error {
	if s.stream != nil {
		s.stream.close()
	}
	return s.osFile.Close()
}

// place finds the line of a row by reading on from the beginning of its part.
func (f *textFile) place(c cutter, row int64) string {
	for part, rows := range f.parts {
		if row >= rows {
			row -= rows
			continue
		}
		s, err := f.openPart(part)
		if err != nil {
			break
		}
		line, err := s.lineOf(c, row)
		if err = errors.Join(err, s.close()); err != nil {
			break
		}
		return fmt.Sprintf("line %d", line)
	}
	return "an unknown line" // the file is no longer what it was
}

func (s *textSource) lineOf(c cutter, row int64) (int64, error) {
	for ; ; row-- {
		_, at, err := c.cut(s.window)
		if err != nil || row == 0 {
			return at.line, err
		}
	}
}

// textPart makes records of the text of a part.
type textPart struct {
	file    *textFile
	source  *textSource
	cutter  cutter
	parse   func(row int, record []byte) error // adds the values of a record to the columns
	columns []cells
	fields  []arrow.Field
	left    int64 // rows
}

// openRecords opens a part of records that have about as many values as width.
func (f *textFile) openRecords(part int, c cutter, columns []binding, width int, mem memory.Allocator) (*textPart, error) {
	s, err := f.openPart(part)
	if err != nil {
		return nil, err
	}
	p := &textPart{file: f, source: s, cutter: c, left: f.parts[part]}
	for i := range columns {
		b := &columns[i]
		p.columns = append(p.columns, newCells(b.typ, mem, f.recordBytes(part)/max(1, width)))
		p.fields = append(p.fields, arrow.Field{Name: b.name, Type: b.typ, Nullable: true})
	}
	return p, nil
}

// batchText is about how much text makes a record of an Arrow array.
const batchText = partBytes

func (p *textPart) next() (arrow.Record, error) {
	if p.left == 0 {
		return nil, p.finish()
	}
	most := int(min(p.left, maxBatch))
	for _, c := range p.columns {
		c.reserve(most)
	}
	rows := 0
	for start := p.source.next.offset; rows < most && p.source.next.offset-start < batchText; rows++ {
		record, at, err := p.cutter.cut(p.source.window)
		if errors.Is(err, io.EOF) {
			return nil, errTextChanged
		}
		if err == nil {
			if err = p.parse(rows, record); err != nil {
				err = fmt.Errorf("line %d: %w", at.line, err)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	p.left -= int64(rows)
	arrays := make([]arrow.Array, len(p.columns))
	for i, c := range p.columns {
		arrays[i] = c.take(rows)
	}
	defer releaseAll(arrays)
	return array.NewRecord(arrow.NewSchema(p.fields, nil), arrays, int64(rows)), nil
}

var errTextChanged = errors.New("the file has other records than when it was opened; run again once its writer is done")

// finish makes sure at the end of a part that no record is left over and that the
// file is still the one that was opened.
func (p *textPart) finish() error {
	if _, _, err := p.cutter.cut(p.source.window); !errors.Is(err, io.EOF) {
		return errors.Join(errTextChanged, err)
	}
	if err := p.file.unchanged(p.source.osFile); err != nil {
		return err
	}
	return io.EOF
}

func (p *textPart) close() error {
	for _, c := range p.columns {
		c.release()
	}
	return p.source.close()
}
