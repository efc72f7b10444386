package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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

// Run writes the sample and says what to do with it. It replaces nothing.
func (i *initCommand) Run(c *console) error {
	root, err := fs.Sub(sample, "sample")
	if err != nil {
		return err
	}
	err = fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		to := filepath.Join(i.Dir, filepath.FromSlash(path))
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(to, 0o700)
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		return writeNew(to, text)
	})
	if errors.Is(err, fs.ErrExist) {
		return &jobs.UsageError{Err: fmt.Errorf("write sample: %w; name a directory without a job", err)}
	}
	if err != nil {
		return fmt.Errorf("write sample: %w", err)
	}
	job := filepath.Join(i.Dir, "job.yaml")
	_, err = fmt.Fprintf(c.stdout, "wrote %s and its inputs; try\n\n  optout check %s\n  optout run %s\n", job, job, job)
	return err
}

func writeNew(path string, text []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(text)
	return err
}
