package writers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// disk is how names and bytes become durable. Its two calls are the ones whose
// order matters, so tests record them and let them fail.
type disk struct {
	sync   func(f *os.File) error
	rename func(from, to string) error
}

func newDisk() disk { return disk{sync: (*os.File).Sync, rename: os.Rename} }

// makeDirs makes a directory and those above it that are missing. A name is
// durable once the directory that it stands in is synced.
func (d disk) makeDirs(path string, mode os.FileMode) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := d.makeDirs(above, mode); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.syncPath(above)
}

// writeFile writes and syncs a file, which must not exist.
func (d disk) writeFile(path string, text []byte, mode os.FileMode) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(text); err != nil {
		return err
	}
	return d.sync(f)
}

// ReplaceFile gives a file another content, or makes it: whoever reads it sees the
// old or the new one, and the new one is durable. One process at a time does so.
func ReplaceFile(path string, text []byte, mode os.FileMode) error {
	return newDisk().replaceFile(path, filepath.Join(filepath.Dir(path), stagePrefix+filepath.Base(path)), text, mode)
}

// replaceFile gives a file another content: whoever reads it sees the old or the
// new one. Spare is a name in the same directory for the time between; what a
// killed process left there is overwritten.
func (d disk) replaceFile(path, spare string, text []byte, mode os.FileMode) error {
	if err := os.Remove(spare); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := d.writeFile(spare, text, mode)
	if err == nil {
		err = d.rename(spare, path)
	}
	if err != nil {
		if left := os.Remove(spare); !errors.Is(left, fs.ErrNotExist) {
			err = errors.Join(err, left)
		}
		return err
	}
	return d.syncPath(filepath.Dir(path))
}

// syncTree syncs every file and directory from root down, those below before
// those above.
func (d disk) syncTree(root string) error {
	var all []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	})
	if err != nil {
		return err
	}
	for _, path := range slices.Backward(all) {
		if err := d.syncPath(path); err != nil {
			return err
		}
	}
	return nil
}

func (d disk) syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.sync(f), f.Close())
}
