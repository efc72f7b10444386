package readers

import (
	"errors"
	"os"
)

// diskFile is a file as it was when it was opened and checked. It holds no open
// descriptor; a part opens its own.
type diskFile struct {
	path  string
	info  os.FileInfo
	parts []int64 // the rows of each
}

// openDisk opens a regular file.
func openDisk(path string) (*diskFile, *os.File, error) {
	osFile, err := os.Open(path)
	if err != nil {
		return nil, nil, &FileError{path, unwrapPath(err)}
	}
	info, err := osFile.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		osFile.Close()
		return nil, nil, &FileError{path, unwrapPath(err)}
	}
	return &diskFile{path: path, info: info}, osFile, nil
}

func (f *diskFile) rows() (n int64) {
	for _, rows := range f.parts {
		n += rows
	}
	return n
}

// reopen opens the file again for reading and makes sure that it is still the one
// that was checked.
func (f *diskFile) reopen() (*os.File, error) {
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

func (f *diskFile) unchanged(osFile *os.File) error {
	info, err := osFile.Stat()
	if err != nil {
		return &FileError{f.path, unwrapPath(err)}
	}
	if !os.SameFile(info, f.info) || info.Size() != f.info.Size() || !info.ModTime().Equal(f.info.ModTime()) {
		return &FileError{f.path, errors.New("the file changed while the run read it; run again once its writer is done")}
	}
	return nil
}

// unwrapPath drops the path that an *fs.PathError repeats.
func unwrapPath(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
