package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"optout/readers"
	"optout/writers"
)

// checkOutputs holds every file of the manifest against what is there.
func (v *verifier) checkOutputs(ctx context.Context) error {
	for i := range v.manifest.Outputs {
		o := &v.manifest.Outputs[i]
		if !filepath.IsLocal(filepath.FromSlash(o.Path)) {
			v.find(o.Path, "lies outside the run: the manifest is not one of optout")
			continue
		}
		if err := v.checkOutput(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) checkOutput(ctx context.Context, o *writers.Output) error {
	if v.isLink(o.Path) { // the run would not be whole without what it points to
		v.find(o.Path, "is no regular file")
		return nil
	}
	bytes, sum, err := digestFile(ctx, v.pathOf(o.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist) && v.isRemoved(o.Path):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		v.find(o.Path, "is not there")
		return nil
	case errors.Is(err, errNotRegular):
		v.find(o.Path, "is no regular file")
		return nil
	case err != nil:
		return err
	}
	v.Files++
	v.Bytes += bytes
	switch {
	case bytes != o.Bytes:
		v.find(o.Path, "has %d bytes, the manifest says %d", bytes, o.Bytes)
	case sum != o.SHA256:
		v.find(o.Path, "has another SHA-256 than the manifest says")
	}
	if o.Rows == nil {
		return nil
	}
	in, err := readers.Open(ctx, []string{v.pathOf(o.Path)}, readers.Options{}, v.mem)
	if err != nil {
		return v.unreadable(o.Path, err)
	}
	if rows := in.NumRows(); rows != *o.Rows {
		v.find(o.Path, "has %d rows, the manifest says %d", rows, *o.Rows)
	}
	return nil
}

func (v *verifier) pathOf(name string) string { return filepath.Join(v.dir, filepath.FromSlash(name)) }

// has reports whether a file of the run is there. Where it is not, checkOutputs
// told.
func (v *verifier) has(name string) bool {
	_, err := os.Lstat(v.pathOf(name))
	return err == nil
}

func (v *verifier) isLink(name string) bool {
	info, err := os.Lstat(v.pathOf(name))
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// unreadable makes an error of a file of the run a finding; what ends the
// program is none.
func (v *verifier) unreadable(name string, err error) error {
	var file *readers.FileError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &file):
		err = file.Err
	}
	v.find(name, "cannot be read: %v", err)
	return nil
}

// isRemoved reports whether retention deleted a file: the audiences of a run, and
// its quarantine, are personal data and go first.
func (v *verifier) isRemoved(name string) bool {
	folder, _, _ := strings.Cut(name, "/")
	return len(v.Removed) > 0 && (folder == writers.ListFolders[0] || folder == writers.ListFolders[2])
}

// checkStrangers looks for files that the manifest does not know.
func (v *verifier) checkStrangers(context.Context) error {
	known := []string{"manifest.json", "_SUCCESS"}
	for _, o := range v.manifest.Outputs {
		known = append(known, path.Clean(o.Path))
	}
	slices.Sort(known)
	return filepath.WalkDir(v.dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(v.dir, at)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if _, is := slices.BinarySearch(known, name); !is {
			v.find(name, "is no file of the run: the manifest does not know it")
		}
		return nil
	})
}

var errNotRegular = errors.New("not a regular file")

// digestFile returns the size and the SHA-256 of a regular file.
func digestFile(ctx context.Context, path string) (bytes int64, sum string, err error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return 0, "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	hash, buffer := sha256.New(), make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return 0, "", err
		}
		n, err := f.Read(buffer)
		hash.Write(buffer[:n])
		bytes += int64(n)
		if errors.Is(err, io.EOF) {
			return bytes, hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return 0, "", err
		}
	}
}
