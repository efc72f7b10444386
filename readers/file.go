package readers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// file is one Parquet file whose footer has been read and checked. It holds no
// open descriptor; a part opens its own.
type file struct {
	path   string
	info   os.FileInfo
	pq     *parquet.File
	meta   *format.FileMetaData
	footer int64 // where the footer starts: all pages lie before it
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
	f = &file{path: path, info: info, pq: pq, meta: pq.Metadata(), footer: footer}
	if err := f.check(); err != nil {
		return nil, &FileError{path, err}
	}
	return f, nil
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
