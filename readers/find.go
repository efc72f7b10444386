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
var ErrNoFiles = errors.New("no Parquet files")

// Find lists the data files of path in a stable order: path itself, the files
// in and below a directory, or the matches of a glob pattern. What writers
// leave beside the parts is not data: names that start with "_" or "."
// (_SUCCESS, .part.crc), and, in directories, files that do not end in
// .parquet or .parq. A path without data is an error that wraps ErrNoFiles.
func Find(path string) ([]string, error) {
	matches := []string{path}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
		if matches, err = filepath.Glob(path); err != nil {
			return nil, &FileError{path, fmt.Errorf("read pattern: %w", err)}
		}
	}
	if err != nil {
		return nil, &FileError{path, err}
	}
	var files []string
	for _, match := range matches {
		info, err := os.Stat(match)
		if err != nil {
			return nil, &FileError{match, err}
		}
		if !info.IsDir() {
			if len(matches) == 1 || isPart(match) {
				files = append(files, match)
			}
			continue
		}
		if files, err = appendParts(files, match); err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, &FileError{path, ErrNoFiles}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func appendParts(files []string, dir string) ([]string, error) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &FileError{path, err}
		case path == dir:
			return nil
		case entry.IsDir() && isHidden(entry.Name()):
			return fs.SkipDir
		case !entry.IsDir() && isPart(path):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

func isHidden(name string) bool {
	// A key=value folder may start with an underscore, a marker never has "=".
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") && !strings.Contains(name, "=")
}

func isPart(path string) bool {
	name := filepath.Base(path)
	ext := strings.ToLower(filepath.Ext(name))
	return !isHidden(name) && (ext == ".parquet" || ext == ".parq")
}
