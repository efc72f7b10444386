package readers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A FileError is an input that cannot be trusted: missing, damaged, or of
// another shape than the job says. It names a file, never a person.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string { return e.File + ": " + e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }

// ErrNoFiles is wrapped by the error of Find where a path holds no data.
var ErrNoFiles = errors.New("no Parquet, CSV or NDJSON files")

// Find lists the data files of path in a stable order: path itself, the files
// in and below a directory, or the matches of a glob pattern. What writers
// leave beside the parts is not data: names that start with "_" or "."
// (_SUCCESS, .part.crc), and, in directories and patterns, files that do not end
// in .parquet or .parq, or in .csv, .tsv, .ndjson or .jsonl, behind which .gz and
// .zst may stand. A path without data is an error that wraps ErrNoFiles. Links
// are followed, but one to a directory inside a directory is an error.
func Find(path string) ([]string, error) {
	matches, pattern := []string{path}, false
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
		pattern = true
		if matches, err = filepath.Glob(path); err != nil {
			return nil, &FileError{path, fmt.Errorf("read pattern: %w", err)}
		}
	}
	if err != nil {
		return nil, &FileError{path, unwrapPath(err)}
	}
	var files []string
	for _, match := range matches {
		if pattern && isHidden(filepath.Base(match)) {
			continue
		}
		info, err := os.Stat(match)
		if err != nil {
			return nil, &FileError{match, unwrapPath(err)}
		}
		switch {
		case info.IsDir():
			if files, err = appendParts(files, match); err != nil {
				return nil, err
			}
		case !pattern || isPart(match): // a file that was named is read whatever it is called
			files = append(files, match)
		}
	}
	if len(files) == 0 {
		return nil, &FileError{path, ErrNoFiles}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func appendParts(files []string, dir string) ([]string, error) {
	// The separator makes a link to a directory be walked as the directory.
	root := filepath.Clean(dir) + string(filepath.Separator)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &FileError{path, unwrapPath(err)}
		case path == root:
			return nil
		case isHidden(entry.Name()):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.Type()&fs.ModeSymlink != 0 && isDir(path):
			// Followed, it may bring rows twice; passed over, it may hide opt-outs.
			return &FileError{path, errors.New("a link to a directory within the input; put the files there, or name the directory itself")}
		case !entry.IsDir() && isPart(path):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isHidden(name string) bool {
	// A key=value folder may start with an underscore, a marker never has "=".
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") && !strings.Contains(name, "=")
}

func isPart(path string) bool {
	return !isHidden(filepath.Base(path)) && isNamed(path)
}
