package writers

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"optout/pipeline"
)

const (
	groupRows     = 1 << 20 // rows of a row group at most
	writeRows     = 1 << 10 // rows given to the library at a time; pages end between
	pageBytes     = 1 << 20
	dictionaryMax = 1 << 20 // bytes of a dictionary, after which values are plain
)

// FileOptions say how a file is written.
type FileOptions struct {
	Compression string      // zstd, snappy or none
	Mode        os.FileMode // of the file
}

// FileInfo describes a file that was written.
type FileInfo struct {
	Bytes  int64
	Rows   int64
	SHA256 string // hex
}

// ParquetFile is a Parquet file being written. It is a pipeline.Output: its
// groups can be filled in parallel. The same rows give the same bytes.
type ParquetFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
	hash   hash.Hash
	size   int64
	rows   int64
	writer *parquet.Writer
	leaves []leafInfo
	schema *parquet.Schema
}

// CreateParquet creates a file, which must not exist.
func CreateParquet(path string, schema *parquet.Schema, o FileOptions) (*ParquetFile, error) {
	codec, err := compression(o.Compression)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, o.Mode)
	if err != nil {
		return nil, err
	}
	f := &ParquetFile{path: path, file: file, hash: sha256.New(), schema: schema, leaves: leafInfos(schema)}
	f.buffer = bufio.NewWriterSize(writeCounter{f}, 1<<20)
	f.writer = parquet.NewWriter(f.buffer, schema,
		parquet.CreatedBy("optout", "1", "0"), // fixed: the same rows give the same bytes
		parquet.DataPageVersion(1),            // older warehouses read no other
		parquet.Compression(codec),
		parquet.PageBufferSize(pageBytes),
		parquet.WriteBufferSize(0),
		parquet.DictionaryMaxBytes(dictionaryMax))
	return f, nil
}

func compression(name string) (compress.Codec, error) {
	switch name {
	case "zstd", "":
		return &parquet.Zstd, nil
	case "snappy":
		return &parquet.Snappy, nil
	case "none":
		return &parquet.Uncompressed, nil
	}
	return nil, fmt.Errorf("unknown compression %q", name)
}

// writeCounter passes what the library writes on to the file and its digest.
type writeCounter struct{ f *ParquetFile }

func (w writeCounter) Write(p []byte) (int, error) {
	n, err := w.f.file.Write(p)
	w.f.hash.Write(p[:n])
	w.f.size += int64(n)
	return n, err
}

var _ io.Writer = writeCounter{}

// Commit finishes the file and syncs it to disk.
func (f *ParquetFile) Commit() (FileInfo, error) {
	err := f.writer.Close()
	if err == nil {
		err = f.buffer.Flush()
	}
	if err == nil {
		err = f.file.Sync()
	}
	if err = errors.Join(err, f.file.Close()); err != nil {
		f.file = nil
		return FileInfo{}, fmt.Errorf("write %s: %w", f.path, err)
	}
	f.file = nil
	return FileInfo{Bytes: f.size, Rows: f.rows, SHA256: hex.EncodeToString(f.hash.Sum(nil))}, nil
}

// Close removes the file, unless Commit was called.
func (f *ParquetFile) Close() error {
	if f.file == nil {
		return nil
	}
	err := errors.Join(f.file.Close(), os.Remove(f.path))
	f.file = nil
	return err
}

// Group starts a run of rows.
func (f *ParquetFile) Group() pipeline.Group { return &parquetGroup{file: f} }

// parquetGroup is one or more row groups on their way into the file.
type parquetGroup struct {
	file   *ParquetFile
	groups []*parquet.ConcurrentRowGroupWriter
	rows   []int64 // of each
	values []parquet.Value
	all    []int32
}

// Write encodes the rows column by column.
func (g *parquetGroup) Write(record arrow.Record, rows []int32) error {
	if rows == nil {
		rows = g.every(int(record.NumRows()))
	}
	for len(rows) > 0 {
		if n := len(g.groups); n == 0 || g.rows[n-1] >= groupRows {
			g.groups = append(g.groups, g.file.writer.BeginRowGroup())
			g.rows = append(g.rows, 0)
		}
		last := len(g.groups) - 1
		n := min(len(rows), int(groupRows-g.rows[last]))
		if err := g.write(g.groups[last], record, rows[:n]); err != nil {
			return fmt.Errorf("write %s: %w", g.file.path, err)
		}
		g.rows[last] += int64(n)
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

func (g *parquetGroup) write(w *parquet.ConcurrentRowGroupWriter, record arrow.Record, rows []int32) error {
	if int(record.NumCols()) != len(g.file.leaves) {
		return fmt.Errorf("a record of %d columns for a file of %d", record.NumCols(), len(g.file.leaves))
	}
	for i, c := range w.ColumnWriters() {
		values, err := newLeafValues(record.Column(i), g.file.leaves[i], i)
		if err != nil {
			return fmt.Errorf("column %s: %w", record.ColumnName(i), err)
		}
		for start := 0; start < len(rows); start += writeRows {
			g.values = values.appendRows(g.values[:0], rows[start:min(start+writeRows, len(rows))])
			if _, err := c.WriteRowValues(g.values); err != nil {
				return err
			}
		}
	}
	return nil
}

// Commit appends the rows to the file.
func (g *parquetGroup) Commit() error {
	for i, w := range g.groups {
		n, err := w.Commit()
		if err == nil && n != g.rows[i] {
			err = fmt.Errorf("%d rows became %d", g.rows[i], n)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", g.file.path, err)
		}
		g.file.rows += n
	}
	g.groups, g.rows = nil, nil
	return nil
}

// Close abandons the rows, unless Commit was called.
func (g *parquetGroup) Close() error {
	g.groups, g.rows = nil, nil
	return nil
}
