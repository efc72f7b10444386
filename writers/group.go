package writers

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go/format"
)

// groupRows is the greatest number of rows of a row group.
const groupRows = 1 << 20

// parquetGroup is one or more row groups on their way into a file.
type parquetGroup struct {
	file   *ParquetFile
	groups []rowGroup
	all    []int32
}

type rowGroup struct {
	chunks []*chunk
	rows   int64
}

// Write encodes the rows column by column.
func (g *parquetGroup) Write(record arrow.Record, rows []int32) error {
	if rows == nil {
		rows = g.every(int(record.NumRows()))
	}
	if int(record.NumCols()) != len(g.file.leaves) {
		return fmt.Errorf("write %s: a record of %d columns for a file of %d", g.file.path, record.NumCols(), len(g.file.leaves))
	}
	for len(rows) > 0 {
		if n := len(g.groups); n == 0 || g.groups[n-1].rows >= groupRows {
			g.groups = append(g.groups, g.file.newRowGroup())
		}
		last := &g.groups[len(g.groups)-1]
		n := min(len(rows), int(groupRows-last.rows))
		for i, c := range last.chunks {
			e, err := newEntries(record.Column(i), c.leaf)
			if err == nil {
				err = c.write(e, rows[:n])
			}
			if err != nil {
				return fmt.Errorf("write %s: column %s: %w", g.file.path, record.ColumnName(i), err)
			}
		}
		last.rows += int64(n)
		rows = rows[n:]
	}
	return nil
}

func (g *parquetGroup) every(n int) []int32 {
	for i := len(g.all); i < n; i++ {
		g.all = append(g.all, int32(i))
	}
	return g.all[:n]
}

// Commit appends the rows to the file.
func (g *parquetGroup) Commit() error {
	for _, group := range g.groups {
		if err := g.file.append(group); err != nil {
			return fmt.Errorf("write %s: %w", g.file.path, err)
		}
	}
	g.groups = nil
	return nil
}

// Close abandons the rows, unless Commit was called.
func (g *parquetGroup) Close() error {
	g.groups = nil
	return nil
}

// newRowGroup starts a row group, with the buffers of one that is written where
// there is such.
func (f *ParquetFile) newRowGroup() (g rowGroup) {
	f.mu.Lock()
	if last := len(f.spare) - 1; last >= 0 {
		g.chunks, f.spare = f.spare[last], f.spare[:last]
	}
	f.mu.Unlock()
	if g.chunks != nil {
		return g
	}
	for i := range f.leaves {
		g.chunks = append(g.chunks, newChunk(&f.leaves[i], f.codec))
	}
	return g
}

// append writes a row group behind those that are there.
func (f *ParquetFile) append(g rowGroup) error {
	meta := format.RowGroup{NumRows: g.rows, FileOffset: f.offset, Ordinal: int16(len(f.footer.RowGroups))}
	for _, c := range g.chunks {
		if err := c.flush(); err != nil {
			return err
		}
		column, size, err := writeChunk(f.buffer, c, f.offset)
		if err != nil {
			return err
		}
		f.offset += size
		meta.Columns = append(meta.Columns, column)
		meta.TotalByteSize += column.MetaData.TotalUncompressedSize
		meta.TotalCompressedSize += size
	}
	f.footer.RowGroups = append(f.footer.RowGroups, meta)
	f.rows += g.rows
	for _, c := range g.chunks {
		c.reset()
	}
	f.mu.Lock()
	f.spare = append(f.spare, g.chunks)
	f.mu.Unlock()
	return nil
}
