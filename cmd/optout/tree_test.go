package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"optout/writers"
)

// tree is the content of a directory: the digest of each file by its path below
// it.
type tree map[string]string

func readTree(root string) (tree, error) {
	t := tree{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !entry.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		t[filepath.ToSlash(rel)], err = digestFile(path)
		return err
	})
	return t, err
}

func digestFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// diff names what changed from t to u, but for the files that except accepts.
func (t tree) diff(u tree, except func(path string) bool) string {
	var changes []string
	for path, digest := range u {
		switch was, old := t[path]; {
		case except != nil && except(path):
		case !old:
			changes = append(changes, "new "+path)
		case was != digest:
			changes = append(changes, "changed "+path)
		}
	}
	for path := range t {
		if _, still := u[path]; !still {
			changes = append(changes, "gone "+path)
		}
	}
	slices.Sort(changes)
	return strings.Join(changes, ", ")
}

// isKept reports whether a file is the lock of a job or of its history, which
// stay whatever becomes of a run.
func isKept(path string) bool {
	return filepath.Base(path) == ".lock" || filepath.Base(filepath.Dir(path)) == "attempts"
}

// checkRuns makes sure that what is visible below root is whole: each run has
// its marker and every file of its manifest with the digest there, each
// latest.json names such a run, and nothing half done is left.
func checkRuns(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case strings.HasPrefix(name, ".staging-"), strings.HasPrefix(name, ".latest.json"):
			return fmt.Errorf("%s is left over", path)
		case strings.HasPrefix(name, "run="):
			if err := checkRun(path); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		case name == "latest.json":
			if _, err := latestRun(filepath.Dir(path)); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		return nil
	})
}

func checkRun(dir string) error {
	m, s, err := writers.ReadRun(dir)
	if err != nil {
		return err
	}
	if filepath.Base(dir) != "run="+m.RunID || s.RunID != m.RunID {
		return fmt.Errorf("its manifest is of run %s, its summary of %s", m.RunID, s.RunID)
	}
	want := tree{"manifest.json": "", "_SUCCESS": ""}
	for _, o := range m.Outputs {
		want[o.Path] = o.SHA256
	}
	got, err := readTree(dir)
	if err != nil {
		return err
	}
	want["manifest.json"] = got["manifest.json"] // it cannot hold its own digest
	empty := sha256.Sum256(nil)
	want["_SUCCESS"] = hex.EncodeToString(empty[:])
	if diff := want.diff(got, nil); diff != "" {
		return errors.New(diff)
	}
	if s.Total.Planned != s.Total.Kept+s.Total.Dropped+s.Total.Quarantined {
		return errors.New("the summary does not balance")
	}
	return nil
}

// latestRun returns the directory of the run that latest.json of a job names.
func latestRun(jobDir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(jobDir, "latest.json"))
	if err != nil {
		return "", err
	}
	var latest writers.Latest
	if err := json.Unmarshal(text, &latest); err != nil {
		return "", err
	}
	dir := filepath.Join(jobDir, filepath.FromSlash(latest.Path))
	if filepath.Base(dir) != "run="+latest.RunID {
		return "", fmt.Errorf("path %s is not of run %s", latest.Path, latest.RunID)
	}
	_, err = os.Stat(filepath.Join(dir, "_SUCCESS"))
	return dir, err
}

// dataFiles are the files of a run that follow from its inputs alone.
func dataFiles(run string) (tree, error) {
	t, err := readTree(run)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(t, func(path, _ string) bool { return path == "manifest.json" || path == "report.html" })
	if len(t) == 0 {
		return nil, fmt.Errorf("%s has no files", run)
	}
	return t, nil
}

func diffFiles(a, b tree) string { return a.diff(b, nil) }

func asExit(err error, exit **exec.ExitError) bool { return errors.As(err, exit) }
