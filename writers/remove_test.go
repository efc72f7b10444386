package writers

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// oldRun is a published run with a file in each folder, and another of its day.
func oldRun(t *testing.T) (jobDir string) {
	t.Helper()
	jobDir = filepath.Join(t.TempDir(), "out", "job")
	for _, id := range []string{"old", "other"} {
		s, err := NewStage(jobDir, "2026-11-24", id, StageOptions{Modes: testModes})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"audiences/vip/part.parquet", "ledger/vip/part.parquet", "quarantine/vip/part.parquet", manifestName} {
			if err := s.WriteFile(name, []byte("{}")); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Publish(nil); err != nil {
			t.Fatal(err)
		}
	}
	return jobDir
}

// filesBelow lists what is visible below a directory.
func filesBelow(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.Contains(path, stagePrefix) {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func TestRemove(t *testing.T) {
	jobDir := oldRun(t)
	dir := filepath.Join(jobDir, RunDir("2026-11-24", "old"))
	check := func(what string, personal bool, want string) {
		t.Helper()
		has, err := HasPersonal(dir)
		if got := filesBelow(t, dir); err != nil || has != personal || got != want {
			t.Errorf("%s: got %s; personal %v, error %v", what, got, has, err)
		}
	}
	check("published", true, "_SUCCESS audiences/vip/part.parquet ledger/vip/part.parquet manifest.json quarantine/vip/part.parquet")
	for range 2 { // the second time there is nothing to do
		if err := RemovePersonal(jobDir, "2026-11-24", "old"); err != nil {
			t.Fatal(err)
		}
		check("without personal data", false, "_SUCCESS ledger/vip/part.parquet manifest.json")
	}
	if has, err := HasAudiences(dir); has || err != nil {
		t.Errorf("got audiences: %v, error %v", has, err)
	}
	if err := RemoveRun(jobDir, "2026-11-24", "old"); err != nil {
		t.Fatal(err)
	}
	if err := RemoveRun(jobDir, "2026-11-24", "old"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("removed twice: got error %v", err)
	}
	if _, err := os.Stat(filepath.Join(jobDir, RunDir("2026-11-24", "other"), successName)); err != nil {
		t.Error(err)
	}
	if err := RemoveRun(jobDir, "2026-11-24", "other"); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(jobDir); err != nil || len(entries) != 0 {
		t.Errorf("left: %v, error %v", entries, err)
	}
}

// TestRemoveFails: wherever the disk fails, a run is there whole, or without its
// personal data, or gone, and a second try ends the work.
func TestRemoveFails(t *testing.T) {
	for what, remove := range map[string]func(d disk, jobDir, date, runID string) error{"run": removeRun, "personal": removePersonal} {
		for failAt := 1; ; failAt++ {
			jobDir := oldRun(t)
			r := &recorder{dir: jobDir, failAt: failAt}
			err := remove(r.disk(), jobDir, "2026-11-24", "old")
			if r.number < failAt {
				if failAt < 4 || err != nil {
					t.Errorf("%s: %d calls of the disk, error %v", what, failAt-1, err)
				}
				break
			}
			if !errors.Is(err, errDisk) {
				t.Errorf("%s, call %d: got error %v", what, failAt, err)
			}
			left := filesBelow(t, filepath.Join(jobDir, "date=2026-11-24"))
			left = strings.ReplaceAll(left, "run=", "")
			if what == "run" && strings.Contains(left, "old/") != strings.Contains(left, "old/quarantine/vip/part.parquet") ||
				what == "personal" && !strings.Contains(left, "old/_SUCCESS old/ledger") && !strings.Contains(left, "old/audiences") {
				t.Errorf("%s, call %d: left %s", what, failAt, left)
			}
			again := remove(newDisk(), jobDir, "2026-11-24", "old")
			if _, cleared := ClearStages(jobDir); cleared != nil || again != nil && !errors.Is(again, os.ErrNotExist) {
				t.Errorf("%s, call %d, tried again: %v, %v", what, failAt, again, cleared)
			}
			left = filesBelow(t, jobDir)
			if strings.Contains(left, "old/quarantine") || what == "run" && strings.Contains(left, "run=old") || !strings.Contains(left, "run=other/_SUCCESS") {
				t.Errorf("%s, call %d, tried again: left %s", what, failAt, left)
			}
			if i := slices.Index(r.calls, "rename date=2026-11-24/run=old to .staging-removed-old"); what == "run" && i != 0 {
				t.Errorf("the run is not moved away first: %q", r.calls)
			}
		}
	}
}
