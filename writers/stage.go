package writers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names in a job's output directory.
const (
	successName  = "_SUCCESS"
	latestName   = "latest.json"
	manifestName = "manifest.json"
	stagePrefix  = ".staging-"
)

// A Stage is a run being written: a hidden directory beside the place where the
// run will stand. Nothing is visible under its final name before Publish, which
// moves the whole directory there in one step.
type Stage struct {
	jobDir string // <output>/<job>
	dir    string // hidden
	final  string
	modes  Modes
	step   func(name string)
	check  func() error
	disk   disk
	done   bool
}

// Modes are the permissions of what a run publishes. Its outputs are personal
// data: only their owner may read them unless the job says otherwise.
type Modes struct{ File, Dir os.FileMode }

// StageOptions say how a stage is written.
type StageOptions struct {
	Modes Modes
	// Step is called after each step of publication with its name; it may be
	// nil. Tests kill the process in it.
	Step func(name string)
	// Check is called before the run is moved to its place, and may forbid it; it
	// may be nil.
	Check func() error
}

// RunDir is where a run of a job stands below the job's output directory.
func RunDir(date, runID string) string { return filepath.Join("date="+date, "run="+runID) }

// Published reports whether a run stands complete under its final name. A
// directory of that name without the success marker is an error: this program
// never leaves one.
func Published(jobDir, date, runID string) (bool, error) {
	dir := filepath.Join(jobDir, RunDir(date, runID))
	if _, err := os.Stat(filepath.Join(dir, successName)); err == nil {
		return true, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return false, fmt.Errorf("%s stands there without %s: something else made or damaged it; move it away", dir, successName)
}

// ClearStages removes what killed runs of the job left behind. The caller holds
// the job's lock.
func ClearStages(jobDir string) (removed int, err error) {
	entries, err := os.ReadDir(jobDir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stagePrefix) {
			if err := os.RemoveAll(filepath.Join(jobDir, e.Name())); err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, nil
}

// MakeJobDir makes a job's output directory, whose name is durable then.
func MakeJobDir(jobDir string, mode os.FileMode) error { return newDisk().makeDirs(jobDir, mode) }

// NewStage makes the hidden directory of a run.
func NewStage(jobDir, date, runID string, o StageOptions) (*Stage, error) {
	return newStage(newDisk(), jobDir, date, runID, o)
}

func newStage(d disk, jobDir, date, runID string, o StageOptions) (*Stage, error) {
	s := &Stage{
		jobDir: jobDir, dir: filepath.Join(jobDir, stagePrefix+runID),
		final: filepath.Join(jobDir, RunDir(date, runID)), modes: o.Modes, step: o.Step, check: o.Check, disk: d,
	}
	if s.step == nil {
		s.step = func(string) {}
	}
	if s.check == nil {
		s.check = func() error { return nil }
	}
	if err := d.makeDirs(s.jobDir, s.modes.Dir); err != nil {
		return nil, err
	}
	if err := os.Mkdir(s.dir, s.modes.Dir); err != nil {
		return nil, err
	}
	s.step("stage made")
	return s, nil
}

// Dir is where the run will stand.
func (s *Stage) Dir() string { return s.final }

// Path returns where to write the file that will be at name in the run, and
// makes its directory.
func (s *Stage) Path(name string) (string, error) {
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	return path, os.MkdirAll(filepath.Dir(path), s.modes.Dir)
}

// WriteFile writes and syncs a small file of the run.
func (s *Stage) WriteFile(name string, text []byte) error {
	path, err := s.Path(name)
	if err != nil {
		return err
	}
	return s.disk.writeFile(path, text, s.modes.File)
}

// Publish makes the run visible: the marker is written last, everything is
// synced, the directory moves to its final name, and only then does latest.json
// name it; where latest is nil, it goes on naming another run. An error after the
// move leaves a whole run that latest.json may not name yet.
func (s *Stage) Publish(latest []byte) error {
	if err := s.WriteFile(successName, nil); err != nil {
		return err
	}
	s.step("marker written")
	if err := s.disk.syncTree(s.dir); err != nil {
		return err
	}
	s.step("synced")
	parent := filepath.Dir(s.final)
	if err := os.MkdirAll(parent, s.modes.Dir); err != nil {
		return err
	}
	err := s.check()
	if err == nil {
		err = s.disk.rename(s.dir, s.final)
	}
	if err != nil {
		_ = os.Remove(parent) // where it is empty; it may hold other runs of the day
		return err
	}
	s.done = true
	s.step("renamed")
	for _, dir := range []string{parent, s.jobDir} {
		if err := s.disk.syncPath(dir); err != nil {
			return err
		}
	}
	s.step("made durable")
	if latest == nil {
		return nil
	}
	if err := writeLatest(s.disk, s.jobDir, latest, s.modes.File); err != nil {
		return err
	}
	s.step("latest replaced")
	return nil
}

// WriteLatest replaces the file that names the last published run, atomically.
// Run is the directory of that run. The caller holds the job's lock.
func WriteLatest(jobDir, run string, text []byte, mode os.FileMode) error {
	d := newDisk()
	// The process that moved the run there may have died before its name was safe.
	if err := d.syncPath(filepath.Dir(run)); err != nil {
		return err
	}
	return writeLatest(d, jobDir, text, mode)
}

// writeLatest uses a spare name that ClearStages clears.
func writeLatest(d disk, jobDir string, text []byte, mode os.FileMode) error {
	return d.replaceFile(filepath.Join(jobDir, latestName), filepath.Join(jobDir, stagePrefix+latestName), text, mode)
}

// Close removes the stage, unless Publish moved it away.
func (s *Stage) Close() error {
	if s.done {
		return nil
	}
	return os.RemoveAll(s.dir)
}
