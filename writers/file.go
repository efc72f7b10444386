package writers

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
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

// outputFile is a file being written, of any format.
type outputFile struct {
	path   string
	file   *os.File
	buffer *bufio.Writer
	hash   hash.Hash
	size   int64
}

// createFile creates a file, which must not exist.
func createFile(path string, mode os.FileMode) (*outputFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return nil, err
	}
	f := &outputFile{path: path, file: file, hash: sha256.New()}
	f.buffer = bufio.NewWriterSize(f, 1<<20)
	return f, nil
}

// Write passes what is written on to the file and its digest.
func (f *outputFile) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	f.hash.Write(p[:n])
	f.size += int64(n)
	return n, err
}

// commit syncs the file to disk, unless its end could not be written.
func (f *outputFile) commit(rows int64, err error) (FileInfo, error) {
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
	return FileInfo{Bytes: f.size, Rows: rows, SHA256: hex.EncodeToString(f.hash.Sum(nil))}, nil
}

// Close removes the file, unless Commit was called.
func (f *outputFile) Close() error {
	if f.file == nil {
		return nil
	}
	err := errors.Join(f.file.Close(), os.Remove(f.path))
	f.file = nil
	return err
}
