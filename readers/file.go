package readers

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetFiles are the files of an input of Parquet.
type parquetFiles struct {
	files []*file
	spare sync.Pool // of workspaces
}

// file is one Parquet file whose footer has been read and checked.
type file struct {
	*diskFile
	pq     *parquet.File
	meta   *format.FileMetaData
	footer int64 // where the footer starts: all pages lie before it
}

func (p *parquetFiles) add(_ context.Context, path string) (*diskFile, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	p.files = append(p.files, f)
	return f.diskFile, nil
}

func (p *parquetFiles) metadata(file int, key string) (string, error) {
	value, ok := p.files[file].pq.Lookup(key)
	if !ok {
		return "", fmt.Errorf("the footer has no metadata %q", key)
	}
	return value, nil
}

func (p *parquetFiles) place(_ int, row int64) string { return fmt.Sprintf("row %d", row) }

// openFile reads the footer of path and checks that everything it claims fits
// the file.
func openFile(path string) (f *file, err error) {
	defer recoverDamage(path, &err)
	disk, osFile, err := openDisk(path)
	if err != nil {
		return nil, err
	}
	defer osFile.Close()
	info := disk.info
	footer, err := checkFooter(osFile, info.Size())
	if err != nil {
		return nil, &FileError{path, err}
	}
	pq, err := parquet.OpenFile(osFile, info.Size(),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true),
		parquet.OptimisticRead(true), parquet.ReadBufferSize(64<<10))
	if err != nil {
		return nil, &FileError{path, err}
	}
	f = &file{diskFile: disk, pq: pq, meta: pq.Metadata(), footer: footer}
	if err := f.check(); err != nil {
		return nil, &FileError{path, err}
	}
	for g := range f.meta.RowGroups {
		f.parts = append(f.parts, f.meta.RowGroups[g].NumRows)
	}
	return f, nil
}

// recoverDamage turns a panic of a decoder into an error of the file: a damaged
// page must stop the run, not the process. What it panicked with may be somebody's.
func recoverDamage(path string, err *error) {
	if recover() != nil {
		*err = &FileError{path, fmt.Errorf("the file is damaged: it cannot be read at %s", panicSite(debug.Stack()))}
	}
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
