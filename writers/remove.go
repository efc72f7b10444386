package writers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// personal are the folders of a run that hold personal data, the one whose absence
// says that they were removed last.
var personal = [2]string{ListFolders[2], ListFolders[0]}

// RemoveRun removes a published run of a job: it is gone from its place in one
// step, whatever happens then. The caller holds the job's lock.
func RemoveRun(jobDir, date, runID string) error { return removeRun(newDisk(), jobDir, date, runID) }

func removeRun(d disk, jobDir, date, runID string) error {
	dir := filepath.Join(jobDir, RunDir(date, runID))
	if err := removeDir(d, jobDir, dir, runID); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	_ = os.Remove(parent) // unless it holds other runs of the day
	return d.syncPath(filepath.Dir(parent))
}

// RemovePersonal removes the audiences and quarantines of a published run, and
// leaves all else of it. The caller holds the job's lock.
func RemovePersonal(jobDir, date, runID string) error {
	return removePersonal(newDisk(), jobDir, date, runID)
}

func removePersonal(d disk, jobDir, date, runID string) error {
	for _, folder := range personal {
		dir := filepath.Join(jobDir, RunDir(date, runID), folder)
		if err := removeDir(d, jobDir, dir, folder+"-"+runID); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// HasPersonal reports whether a published run has its audiences and quarantines
// still, or a part of them.
func HasPersonal(runDir string) (bool, error) {
	for _, folder := range personal {
		_, err := os.Lstat(filepath.Join(runDir, folder))
		if !errors.Is(err, fs.ErrNotExist) {
			return err == nil, err
		}
	}
	return false, nil
}

// HasAudiences reports whether a published run has its audiences still.
func HasAudiences(runDir string) (bool, error) {
	_, err := os.Lstat(filepath.Join(runDir, ListFolders[0]))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// removeDir moves a directory to a hidden name, which ClearStages clears if the
// process is killed, and removes it there.
func removeDir(d disk, jobDir, dir, name string) error {
	hidden := filepath.Join(jobDir, stagePrefix+"removed-"+name)
	if err := os.RemoveAll(hidden); err != nil {
		return err
	}
	if _, err := os.Lstat(dir); err != nil {
		return err
	}
	if err := d.rename(dir, hidden); err != nil {
		return err
	}
	for _, changed := range []string{filepath.Dir(dir), jobDir} {
		if err := d.syncPath(changed); err != nil {
			return err
		}
	}
	return os.RemoveAll(hidden)
}
