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
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/format"

	"optout/pipeline"
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
	offset int64 // of what comes next
	codec  encoder
	leaves []leafColumn
	footer *format.FileMetaData

	mu    sync.Mutex
	spare [][]*chunk // of row groups that are written
}

// CreateParquet creates a file, which must not exist.
func CreateParquet(path string, schema *parquet.Schema, o FileOptions) (*ParquetFile, error) {
	codec, err := compression(o.Compression)
	if err != nil {
		return nil, err
	}
	footer, err := newFooter(schema)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, o.Mode)
	if err != nil {
		return nil, err
	}
	f := &ParquetFile{path: path, file: file, hash: sha256.New(), codec: codec, leaves: leafColumns(schema), footer: footer}
	f.buffer = bufio.NewWriterSize(writeCounter{f}, 1<<20)
	if _, err := f.buffer.WriteString(magic); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.offset = int64(len(magic))
	return f, nil
}

// fastZstd is one for all files, since its encoders are large and it keeps them.
var fastZstd = &zstd.Codec{Level: zstd.SpeedFastest}

// compression returns a codec. Of zstd's levels the fastest: a tenth larger and
// twice as fast as the usual one.
func compression(name string) (encoder, error) {
	switch name {
	case "zstd", "":
		return fastZstd, nil
	case "snappy":
		return &parquet.Snappy, nil
	case "none":
		return &parquet.Uncompressed, nil
	}
	return nil, fmt.Errorf("unknown compression %q", name)
}

// writeCounter passes what is written on to the file and its digest.
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
	f.footer.NumRows = f.rows
	err := writeFooter(f.buffer, f.footer)
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
