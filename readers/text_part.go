package readers

import (
	"errors"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// rowReader adds records of a window to columns, as rows from one on: the next, and
// of those behind it as many as it likes, but not the row most, and hardly any that begins
// at the limit. At the end it returns io.EOF.
type rowReader interface {
	cutter
	read(w *window, row, most int, limit int64) (rows int, err error)
}

// textPart makes records of the text of a part.
type textPart struct {
	file    *textFile
	source  *textSource
	reader  rowReader
	columns []cells
	fields  []arrow.Field
	left    int64 // rows
	most    int   // of them in one record
	mem     *recycler
}

// openRecords opens a part of records that have about as many values as width.
func (f *textFile) openRecords(part int, r rowReader, columns []binding, width int, mem memory.Allocator) (*textPart, error) {
	s, err := f.openPart(part)
	if err != nil {
		return nil, err
	}
	p := &textPart{file: f, source: s, reader: r, left: f.parts[part], mem: newRecycler(mem)}
	size := f.recordBytes(part)
	p.most = min(maxBatch, batchText/max(1, size)+1)
	for i := range columns {
		b := &columns[i]
		p.columns = append(p.columns, newCells(b, p.mem, size/max(1, width)))
		p.fields = append(p.fields, arrow.Field{Name: b.name, Nullable: true})
	}
	return p, nil
}

// batchText is about how much text makes an Arrow record. The caches of a processor
// hold it and the buffers that it is read into, which the next record takes over.
const batchText = 1 << 20

func (p *textPart) next() (arrow.Record, error) {
	if p.left == 0 {
		return nil, p.finish()
	}
	most := int(min(p.left, int64(p.most)))
	for _, c := range p.columns {
		c.reserve(most)
	}
	rows := 0
	for limit := p.source.next.offset + batchText; rows < most && p.source.next.offset < limit; {
		n, err := p.reader.read(p.source.window, rows, most, limit)
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errTextChanged
			}
			return nil, err
		}
		rows += n
	}
	p.left -= int64(rows)
	arrays := make([]arrow.Array, len(p.columns))
	for i, c := range p.columns {
		arrays[i] = c.take(rows)
		p.fields[i].Type = arrays[i].DataType()
	}
	defer releaseAll(arrays)
	return array.NewRecord(arrow.NewSchema(p.fields, nil), arrays, int64(rows)), nil
}

var errTextChanged = errors.New("the file has other records than when it was opened; run again once its writer is done")

// finish makes sure at the end of a part that no record is left over and that the
// file is still the one that was opened.
func (p *textPart) finish() error {
	if _, _, err := p.reader.cut(p.source.window); !errors.Is(err, io.EOF) {
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
	p.mem.close()
	return p.source.close()
}
