package generate

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// blockRows keeps a block's values in the processor's cache.
const blockRows = 2048

// An input is one table of a snapshot: rows in an order of people, in one file
// or several parts.
type input struct {
	path    string // a folder of parts when it ends in a slash
	rows    uint64
	parts   int
	order   order
	seat    func(row uint64) uint64 // whose place in the order row takes; nil for its own
	schema  *parquet.Schema
	fillers []filler
	options []parquet.WriterOption
}

// files returns the work of writing an input, a function for each file.
func (in input) files(dir string, p population, groupRows int) []func(context.Context) error {
	var work []func(context.Context) error
	for part := range in.parts {
		path := filepath.Join(dir, in.path)
		if in.path[len(in.path)-1] == '/' {
			path = filepath.Join(path, fmt.Sprintf("part-%05d.parquet", part))
		}
		first := in.rows * uint64(part) / uint64(in.parts)
		end := in.rows * uint64(part+1) / uint64(in.parts)
		work = append(work, func(ctx context.Context) error {
			if err := in.writeFile(ctx, path, p, first, end, groupRows); err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
			return nil
		})
	}
	return work
}

func (in input) writeFile(ctx context.Context, path string, p population, first, end uint64, groupRows int) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	buffered := bufio.NewWriterSize(file, 1<<20)
	options := append([]parquet.WriterOption{
		in.schema,
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.DataPageVersion(1), // as Spark writes
	}, in.options...)
	w := parquet.NewWriter(buffered, options...)
	b := &block{population: p, values: make([][]parquet.Value, len(in.schema.Columns()))}
	inGroup := 0
	for row := first; row < end; row += uint64(len(b.rows)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		in.fill(b, row, min(row+blockRows, end, row+uint64(groupRows-inGroup)))
		for i, column := range w.ColumnWriters() {
			if _, err := column.WriteRowValues(b.values[i]); err != nil {
				return err
			}
		}
		if inGroup += len(b.rows); inGroup == groupRows {
			if err := w.Flush(); err != nil {
				return err
			}
			inGroup = 0
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// fill makes the rows of [first, end) the block's.
func (in input) fill(b *block, first, end uint64) {
	b.rows, b.persons, b.text = b.rows[:0], b.persons[:0], b.text[:0]
	for row := first; row < end; row++ {
		seat := row
		if in.seat != nil {
			seat = in.seat(row)
		}
		b.rows = append(b.rows, row)
		b.persons = append(b.persons, in.order.at(seat))
	}
	for i := range b.values {
		b.values[i] = b.values[i][:0]
	}
	for _, fill := range in.fillers {
		fill(b)
	}
}
