package readers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// footerTrailer is the footer's length (four bytes) and the magic number.
const footerTrailer = 8

// file is one Parquet file whose footer has been read and checked. It holds no
// open descriptor; a part opens its own.
type file struct {
	path string
	info os.FileInfo
	pq   *parquet.File
	meta *format.FileMetaData
}

// openFile reads the footer of path and checks that everything it claims fits
// the file.
func openFile(path string) (f *file, err error) {
	defer recoverDamage(path, &err)
	osFile, err := os.Open(path)
	if err != nil {
		return nil, &FileError{path, unwrapPath(err)}
	}
	defer osFile.Close()
	info, err := osFile.Stat()
	if err != nil {
		return nil, &FileError{path, unwrapPath(err)}
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{path, errors.New("not a regular file")}
	}
	if err := checkFooter(osFile, info.Size()); err != nil {
		return nil, &FileError{path, err}
	}
	pq, err := parquet.OpenFile(osFile, info.Size(),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.OptimisticRead(true), parquet.ReadBufferSize(64<<10))
	if err != nil {
		return nil, &FileError{path, err}
	}
	f = &file{path: path, info: info, pq: pq, meta: pq.Metadata()}
	if err := f.check(); err != nil {
		return nil, &FileError{path, err}
	}
	return f, nil
}

// checkFooter refuses, before the library sees it, a file whose footer cannot
// fit: the library would allocate whatever length the last bytes claim.
func checkFooter(r io.ReaderAt, size int64) error {
	const magic = "PAR1"
	if size == 0 {
		return errors.New("the file is empty")
	}
	if size < int64(len(magic))+footerTrailer {
		return errors.New("not a Parquet file: too short")
	}
	var head [4]byte
	var tail [footerTrailer]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return err
	}
	if _, err := r.ReadAt(tail[:], size-footerTrailer); err != nil {
		return err
	}
	switch {
	case string(tail[4:]) == "PARE" || string(head[:]) == "PARE":
		return errors.New("encrypted Parquet is not supported")
	case string(head[:]) != magic:
		return errors.New("not a Parquet file")
	case string(tail[4:]) != magic:
		return errors.New("the Parquet footer is missing: the file is truncated, or was still being written")
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); n > size-footerTrailer-int64(len(magic)) {
		return fmt.Errorf("the footer claims %d bytes in a file of %d", n, size)
	}
	return nil
}

// check holds the footer's claims against each other and against the file.
func (f *file) check() error {
	leaves := leafColumns(f.pq.Root())
	if len(leaves) == 0 {
		return errors.New("the file has no columns")
	}
	rows := int64(0)
	for g := range f.meta.RowGroups {
		group := &f.meta.RowGroups[g]
		if group.NumRows < 0 {
			return fmt.Errorf("row group %d claims %d rows", g, group.NumRows)
		}
		rows += group.NumRows
		if len(group.Columns) != len(leaves) {
			return fmt.Errorf("row group %d has %d columns, the schema has %d", g, len(group.Columns), len(leaves))
		}
		for c := range group.Columns {
			if err := f.checkChunk(&group.Columns[c], leaves[c], group.NumRows); err != nil {
				return fmt.Errorf("row group %d, column %s: %w", g, joinPath(leaves[c].Path()), err)
			}
		}
	}
	if rows != f.meta.NumRows {
		return fmt.Errorf("the file claims %d rows, its row groups %d", f.meta.NumRows, rows)
	}
	return nil
}

func (f *file) checkChunk(chunk *format.ColumnChunk, leaf *parquet.Column, rows int64) error {
	meta := &chunk.MetaData
	switch {
	case chunk.FilePath != "":
		return errors.New("its data is said to be in another file")
	case !slices.Equal(meta.PathInSchema, leaf.Path()):
		return errors.New("its path is not the schema's")
	case parquet.Kind(meta.Type) != leaf.Type().Kind():
		return errors.New("its type is not the schema's")
	case meta.NumValues < 0:
		return fmt.Errorf("it claims %d values", meta.NumValues)
	case leaf.MaxRepetitionLevel() == 0 && meta.NumValues != rows:
		return fmt.Errorf("it claims %d values for %d rows", meta.NumValues, rows)
	case leaf.MaxRepetitionLevel() > 0 && meta.NumValues < rows:
		return fmt.Errorf("it claims %d values for %d rows", meta.NumValues, rows)
	}
	start, size := chunkRange(meta)
	if size < 0 || start < 0 || meta.TotalUncompressedSize < 0 || start > f.info.Size()-footerTrailer-size {
		return fmt.Errorf("its bytes %d to %d lie outside the file", start, start+size)
	}
	return nil
}

// chunkRange returns where the pages of a chunk stand in the file.
func chunkRange(meta *format.ColumnMetaData) (start, size int64) {
	start = meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < start {
		start = d
	}
	return start, meta.TotalCompressedSize
}

// reopen opens the file again for reading pages and makes sure that it is
// still the one whose footer was checked.
func (f *file) reopen() (*os.File, error) {
	osFile, err := os.Open(f.path)
	if err != nil {
		return nil, &FileError{f.path, unwrapPath(err)}
	}
	if err := f.unchanged(osFile); err != nil {
		osFile.Close()
		return nil, err
	}
	return osFile, nil
}

func (f *file) unchanged(osFile *os.File) error {
	info, err := osFile.Stat()
	if err != nil {
		return &FileError{f.path, unwrapPath(err)}
	}
	if !os.SameFile(info, f.info) || info.Size() != f.info.Size() || !info.ModTime().Equal(f.info.ModTime()) {
		return &FileError{f.path, errors.New("the file changed while the run read it; run again once its writer is done")}
	}
	return nil
}

// recoverDamage turns a panic of a decoder into an error of the file: a damaged
// page must stop the run, not the process.
func recoverDamage(path string, err *error) {
	if p := recover(); p != nil {
		*err = &FileError{path, fmt.Errorf("the file is damaged: %v (%s)", p, panicSite(debug.Stack()))}
	}
}

// unwrapPath drops the path that an *fs.PathError repeats.
func unwrapPath(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// panicSite returns the place of a panic for the error, one line of the stack.
func panicSite(stack []byte) string {
	lines := bytes.Split(stack, []byte("\n"))
	for i, line := range lines {
		if bytes.HasPrefix(line, []byte("panic(")) && i+3 < len(lines) {
			site, _, _ := bytes.Cut(bytes.TrimSpace(lines[i+3]), []byte(" "))
			return string(site[bytes.LastIndexByte(site, '/')+1:])
		}
	}
	return "unknown place"
}
