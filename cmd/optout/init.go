package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"optout/jobs"
)

// sample is a job with small inputs: what optout init writes.
//
//go:embed all:sample
var sample embed.FS

// initCommand is optout init.
type initCommand struct {
	Dir string `arg:"" help:"Directory to write the sample in; it is made where it is missing."`
}

// Run writes the sample and says what to do with it. It replaces nothing: where
// one of its files is there already, none is written.
func (i *initCommand) Run(c *console) error {
	if info, err := os.Stat(i.Dir); err == nil && !info.IsDir() {
		return &jobs.UsageError{Err: fmt.Errorf("write sample: %s is no directory; name another", i.Dir)}
	}
	var paths []string // below sample
	err := fs.WalkDir(sample, "sample", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, strings.TrimPrefix(path, "sample/"))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, path := range paths {
		if to := i.place(path); exists(to) {
			return &jobs.UsageError{Err: fmt.Errorf("write sample: %s is there already; name another directory", to)}
		}
	}
	for _, path := range paths {
		if err := writeNew(i.place(path), path); err != nil {
			return fmt.Errorf("write sample: %w", err)
		}
	}
	job := i.place("job.yaml")
	_, err = fmt.Fprintf(c.stdout, "wrote %s and its inputs; try\n\n  optout check %s\n  optout run %s\n", job, job, job)
	return err
}

func (i *initCommand) place(path string) string {
	return filepath.Join(i.Dir, filepath.FromSlash(path))
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// writeNew writes a file of the sample and makes its directory.
func writeNew(to, path string) (err error) {
	text, err := sample.ReadFile("sample/" + path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(text)
	return err
}
