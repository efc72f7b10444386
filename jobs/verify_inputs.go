package jobs

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"optout/writers"
)

// A FileState says whether a file that a run read is still what it was.
type FileState string

// States of the files of inputs.
const (
	FileSame    FileState = "same"
	FileChanged FileState = "changed"
	FileGone    FileState = "gone"
	// FileUnknown is a file that cannot be looked for, since nobody knows where the
	// job file was, or that has no digest to be held against.
	FileUnknown FileState = "unknown"
)

// An InputState says what became of one file of an input. Snapshots are replaced
// and deleted every day: whatever became of them, the run holds.
type InputState struct {
	Input string    `json:"input"`
	Path  string    `json:"path"`
	State FileState `json:"state"`
}

// baseDir is where relative paths of a run's inputs start: at the job file that
// is given, else where the run says that its own was. It is "" where none is
// known to be.
func baseDir(run string, m *writers.Manifest, jobFile string) string {
	if jobFile == "" {
		if m.JobFile == "" {
			return ""
		}
		jobFile = filepath.Join(run, filepath.FromSlash(m.JobFile))
		if _, err := os.Stat(jobFile); err != nil {
			return ""
		}
	}
	return filepath.Dir(jobFile)
}

// inputStates looks at every file that a run read.
func inputStates(ctx context.Context, m *writers.Manifest, base string) ([]InputState, error) {
	states := []InputState{}
	for i := range m.Inputs {
		for _, f := range m.Inputs[i].Files {
			state, err := fileState(ctx, f, base)
			if err != nil {
				return nil, err
			}
			states = append(states, InputState{m.Inputs[i].Name, f.Path, state})
		}
	}
	return states, nil
}

// fileState looks at one file. A file that cannot be read is as good as gone.
func fileState(ctx context.Context, f writers.InputFile, base string) (FileState, error) {
	at := filepath.FromSlash(f.Path)
	if !filepath.IsAbs(at) {
		if base == "" {
			return FileUnknown, nil
		}
		at = filepath.Join(base, at)
	}
	bytes, sum, err := digestFile(ctx, at)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, errNotRegular):
		return FileGone, nil
	case err != nil:
		return "", err
	case bytes != f.Bytes:
		return FileChanged, nil
	case f.SHA256 == "":
		return FileUnknown, nil
	case sum != f.SHA256:
		return FileChanged, nil
	}
	return FileSame, nil
}
