package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/jobs/history"
	"optout/writers"
)

// A Verification is what a published run looks like when it is read again.
type Verification struct {
	Path  string `json:"path"`
	RunID string `json:"run_id"`
	Job   string `json:"job"`
	Date  string `json:"date"`

	// ManifestSHA256 is what to compare with a digest that was kept elsewhere: the
	// manifest vouches for every other file, and nothing in the run for it.
	ManifestSHA256 string `json:"manifest_sha256"`

	Holds    bool      `json:"holds"` // there is no finding
	Findings []Finding `json:"findings"`

	Files  int   `json:"files"` // read again
	Bytes  int64 `json:"bytes"`
	Lists  int   `json:"lists"`
	Ledger int64 `json:"ledger_rows"`

	// Removed is what retention deleted of the run; files that lack for it are no
	// finding.
	Removed []history.Removal `json:"removed"`
	Inputs  []InputState      `json:"inputs"`
}

// A Finding is something that does not hold.
type Finding struct {
	File string `json:"file"` // below the run
	What string `json:"what"`
}

// verifier verifies one run.
type verifier struct {
	*Verification
	dir      string
	manifest *writers.Manifest
	summary  *writers.Summary // nil where it cannot be read
	mem      memory.Allocator
}

// Verify reads a published run again and holds it against its manifest: the
// digest, size and rows of every file, that none is there besides, the balance of
// every list, and that ledgers, quarantines and summary.parquet tell what
// summary.json does. What does not hold is a finding, no error. Path is as in
// FindRun. JobFile, if it is not empty, is the job file that relative paths of
// inputs start from.
func Verify(ctx context.Context, path, jobFile string) (*Verification, error) {
	dir, err := FindRun(path)
	if err != nil {
		return nil, err
	}
	v := &verifier{Verification: &Verification{Path: dir, Findings: []Finding{}, Removed: []history.Removal{}}, dir: dir, mem: memory.NewGoAllocator()}
	if err := v.readManifest(); err != nil {
		return nil, err
	}
	if err := v.readRemovals(); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{v.checkMarker, v.checkOutputs, v.checkStrangers, v.checkSummary} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if v.Inputs, err = inputStates(ctx, v.manifest, baseDir(v.dir, v.manifest, jobFile)); err != nil {
		return nil, err
	}
	v.Holds = len(v.Findings) == 0
	return v.Verification, nil
}

// FindRun returns the directory of the run that a path names: the run's own
// directory or its manifest, or a job's output directory or its latest.json for
// the last run. Any other path is a *UsageError.
func FindRun(path string) (string, error) {
	dir := path
	switch filepath.Base(path) {
	case "manifest.json", "latest.json":
		dir = filepath.Dir(path)
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
		return dir, nil
	}
	latest, err := writers.LatestRun(dir)
	if err != nil {
		return "", &UsageError{fmt.Errorf("find run: %w", err)}
	}
	if latest == "" {
		return "", &UsageError{fmt.Errorf("find run: %s has neither manifest.json nor latest.json; name the directory of a run or of a job", dir)}
	}
	if _, err := os.Stat(filepath.Join(latest, "manifest.json")); err != nil {
		return "", &UsageError{fmt.Errorf("find run: %s names a run that is not there: %w", filepath.Join(dir, "latest.json"), err)}
	}
	return latest, nil
}

// find notes that something does not hold.
func (v *verifier) find(file, format string, args ...any) {
	v.Findings = append(v.Findings, Finding{file, fmt.Sprintf(format, args...)})
}

// readManifest reads what everything else is held against; without it there is
// nothing to verify.
func (v *verifier) readManifest() error {
	text, err := os.ReadFile(filepath.Join(v.dir, "manifest.json"))
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	v.manifest = new(writers.Manifest)
	if err := json.Unmarshal(text, v.manifest); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(v.dir, "manifest.json"), err)
	}
	if v.manifest.Version != 1 {
		return fmt.Errorf("read %s: manifest_version %d; this version of optout knows 1", filepath.Join(v.dir, "manifest.json"), v.manifest.Version)
	}
	v.ManifestSHA256 = digestOf(text)
	v.RunID, v.Job, v.Date = v.manifest.RunID, v.manifest.Job, v.manifest.Date
	return nil
}

// readRemovals asks the history beside the run what was deleted of it. A copy of
// a run has none.
func (v *verifier) readRemovals() error {
	attempts, err := history.Read(filepath.Join(v.dir, "..", ".."))
	if err != nil {
		return err
	}
	for _, a := range attempts {
		if a.RunID == v.RunID {
			v.Removed = append(v.Removed, a.Removed...)
		}
	}
	return nil
}

// checkMarker looks for the marker of a whole run.
func (v *verifier) checkMarker(context.Context) error {
	info, err := os.Lstat(filepath.Join(v.dir, "_SUCCESS"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.find("_SUCCESS", "is not there: the run is not whole")
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Size() > 0:
		v.find("_SUCCESS", "is no empty file")
	}
	return nil
}
