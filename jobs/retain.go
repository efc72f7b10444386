package jobs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"optout/jobs/history"
	"optout/writers"
)

// What retention removes, as the history says it.
const (
	removedRun       = "run"
	removedAudiences = "audiences"
)

// kept is a published run that retention looks at.
type kept struct {
	date, id string
	finished time.Time
}

// retain deletes runs, or their audiences, that the job does not want to keep,
// and writes so into the history. What latest.json names, and this run, stay
// whole. The caller holds the job's lock.
func (r *run) retain(policy Retention, mine *Result) error {
	if policy == (Retention{}) {
		return nil
	}
	if err := stillLocked(r.lock); err != nil {
		return err
	}
	last, err := writers.ReadLatest(r.jobDir)
	if err != nil {
		return fmt.Errorf("read the last published run: %w", err)
	}
	runs, err := publishedRuns(r.jobDir)
	if err != nil {
		return err
	}
	attempts, err := history.Read(r.jobDir)
	if err != nil {
		return err
	}
	now := elapsed(r.options.Now, r.begun)
	for i, run := range runs {
		if run.id == mine.RunID || last == nil || run.id == last.RunID {
			continue
		}
		what := policy.removes(i, now.Sub(run.finished))
		if what == "" {
			continue
		}
		dir := filepath.Join(r.jobDir, writers.RunDir(run.date, run.id))
		has, err := writers.HasPersonal(dir)
		if err != nil {
			return err
		}
		if what == removedAudiences && !has {
			continue
		}
		// First: a run that is gone must not be gone without a word.
		if err := r.noteRemoval(attempts, run, history.Removal{At: now, What: what}); err != nil {
			return err
		}
		if what == removedRun {
			err = writers.RemoveRun(r.jobDir, run.date, run.id)
		} else {
			err = writers.RemovePersonal(r.jobDir, run.date, run.id)
		}
		if err != nil {
			return fmt.Errorf("delete what is not to be kept: %w", err)
		}
		r.log.Info("deleted what is not to be kept", "what", what, "of_date", run.date, "of_run", run.id)
	}
	return nil
}

// removes says what goes of a run: number i of all, the newest of which is number
// 0, and published so long ago.
func (p Retention) removes(i int, age time.Duration) string {
	limited := p.KeepRuns != nil || p.KeepFor > 0
	stays := p.KeepRuns != nil && i < int(*p.KeepRuns) || p.KeepFor > 0 && age <= time.Duration(p.KeepFor)
	switch {
	case limited && !stays:
		return removedRun
	case p.KeepAudiencesFor > 0 && age > time.Duration(p.KeepAudiencesFor):
		return removedAudiences
	}
	return ""
}

// noteRemoval writes into the attempts that made a run, or found it, what becomes
// of it.
func (r *run) noteRemoval(attempts []history.Attempt, run kept, removal history.Removal) error {
	for i := range attempts {
		a := &attempts[i]
		if a.Date != run.date || a.RunID != run.id || !a.Status.Good() {
			continue
		}
		if slices.ContainsFunc(a.Removed, func(old history.Removal) bool { return old.What == removal.What }) {
			continue // it was killed before it was done
		}
		a.Removed = append(a.Removed, removal)
		if err := history.Amend(r.jobDir, a, r.modes); err != nil {
			return err
		}
	}
	return nil
}

// publishedRuns lists the published runs of a job, the newest first: by logical
// date, and of one date by the time of publication.
func publishedRuns(jobDir string) (runs []kept, err error) {
	dates, err := os.ReadDir(jobDir)
	if err != nil {
		return nil, err
	}
	for _, d := range dates {
		date, isDate := strings.CutPrefix(d.Name(), "date=")
		if !isDate {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(jobDir, d.Name()))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			id, isRun := strings.CutPrefix(e.Name(), "run=")
			if !isRun {
				continue
			}
			m, err := writers.ReadManifest(filepath.Join(jobDir, writers.RunDir(date, id)))
			if errors.Is(err, fs.ErrNotExist) {
				continue // whatever it is, it is no run of this program
			}
			if err != nil {
				return nil, err
			}
			runs = append(runs, kept{date, id, m.FinishedAt})
		}
	}
	slices.SortFunc(runs, func(a, b kept) int {
		return cmp.Or(cmp.Compare(b.date, a.date), b.finished.Compare(a.finished), cmp.Compare(a.id, b.id))
	})
	return runs, nil
}
