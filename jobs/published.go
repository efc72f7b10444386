package jobs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"optout/writers"
)

// hasRunsOfDate reports whether some run of this date is published.
func (r *run) hasRunsOfDate() bool {
	runs, err := os.ReadDir(r.dateDir())
	return err == nil && len(runs) > 0
}

// dateDir is where the runs of this date are published.
func (r *run) dateDir() string {
	return filepath.Dir(filepath.Join(r.jobDir, writers.RunDir(r.day.String(), "any")))
}

// published returns this run if it is published already, and else nil.
func (r *run) published() (*Result, error) { return r.publishedAs(r.plan.RunID) }

// publishedForDate returns the run of this date that was published last,
// whatever its inputs were, and nil where there is none.
func (r *run) publishedForDate() (last *Result, err error) {
	entries, err := os.ReadDir(r.dateDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		id, isRun := strings.CutPrefix(e.Name(), "run=")
		if !isRun {
			continue
		}
		found, err := r.publishedAs(id)
		if err != nil {
			return nil, err
		}
		if found != nil && (last == nil || last.Manifest.FinishedAt.Before(found.Manifest.FinishedAt)) {
			last = found
		}
	}
	return last, nil
}

// publishedAs returns the run of this date and of an id if it is published, and
// else nil. If the run that published it was killed before it said so,
// latest.json is put right.
func (r *run) publishedAs(id string) (*Result, error) {
	found, err := writers.Published(r.jobDir, r.day.String(), id)
	if err != nil || !found {
		return nil, err
	}
	dir := filepath.Join(r.jobDir, writers.RunDir(r.day.String(), id))
	manifest, summary, err := writers.ReadRun(dir)
	if err != nil {
		return nil, err
	}
	result := &Result{
		RunID: manifest.RunID, Job: manifest.Job, Date: manifest.Date, Path: dir, Already: true,
		Summary: summary, Manifest: manifest,
	}
	whole, err := writers.HasAudiences(dir)
	if err != nil {
		return nil, err
	}
	result.AudiencesDeleted = !whole
	if whole && !r.options.DryRun && r.isLatest() && (r.last == nil || r.last.Date != manifest.Date || r.last.FinishedAt.Before(manifest.FinishedAt)) {
		if err := r.nameLatest(id); err != nil {
			return nil, err
		}
	} else if r.last != nil && r.last.RunID != id {
		result.Latest = writers.RunDir(r.last.Date, r.last.RunID)
	}
	return result, nil
}

// isLatest reports whether latest.json is to name this run: a day that is made
// up for later does not take consumers back to it.
func (r *run) isLatest() bool { return r.last == nil || r.last.Date <= r.day.String() }

func (r *run) latest(id string) ([]byte, error) {
	l := writers.Latest{RunID: id, Date: r.day.String(), Path: filepath.ToSlash(writers.RunDir(r.day.String(), id))}
	return l.JSON()
}

func (r *run) nameLatest(id string) error {
	text, err := r.latest(id)
	if err != nil {
		return err
	}
	return writers.WriteLatest(r.jobDir, filepath.Join(r.jobDir, writers.RunDir(r.day.String(), id)), text, r.fileAs.Mode)
}
