package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"optout/jobs/history"
	"optout/writers"
)

// Attempts lists what became of every attempt to run the job, by date. Out is as
// in Options.
func (j *Job) Attempts(out string) ([]history.Attempt, error) { return history.Read(j.jobDir(out)) }

// AttemptsFrom is Attempts for a logical date and those after it.
func (j *Job) AttemptsFrom(out, date string) ([]history.Attempt, error) {
	return history.ReadFrom(j.jobDir(out), date)
}

// ServedSince is since when the job is served by the schedule and in the time
// zone that it has; since now where it had others until now. It is written down
// beside the attempts.
func (j *Job) ServedSince(out string, now time.Time) (time.Time, error) {
	return history.Since(j.jobDir(out), j.Schedule+" "+j.Zone().String(), now, j.modes())
}

// Skip writes down that nobody makes up for some firings of the schedule, unless
// something came of them meanwhile. ErrLocked is as for Run.
func (j *Job) Skip(ctx context.Context, firings []Firing, o Options) (err error) {
	jobDir, modes := j.jobDir(o.Out), j.modes()
	l, err := lock(ctx, jobDir, modes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Unlock()) }()
	all, err := history.Settle(jobDir, modes)
	if err != nil {
		return err
	}
	for _, f := range firings {
		if slices.ContainsFunc(all, func(a history.Attempt) bool {
			return a.Date == f.Date && (a.Status.Good() || a.Status == history.Skipped)
		}) {
			continue
		}
		now, due := o.Now.UTC(), j.Due(f).UTC()
		a := &history.Attempt{
			Job: j.Name, Date: f.Date, Status: history.Skipped, By: history.BySchedule, Due: &due, StartedAt: now, FinishedAt: &now,
			Error:    "nothing served the job when it was due, and catch_up does not ask for this date",
			Accepted: []string{}, Gates: []writers.Gate{}, Inputs: []history.Input{},
			Program: writers.ThisProgram(o.Version), Host: o.Host, Process: os.Getpid(),
		}
		if _, err := history.Begin(jobDir, a, modes); err != nil {
			return err
		}
	}
	return nil
}

// Report is the text of the report that a published attempt led to. Nothing outside
// the job's output directory is read, whatever the history says.
func (j *Job) Report(out string, a *history.Attempt) (text []byte, err error) {
	root, err := os.OpenRoot(j.jobDir(out))
	if err != nil {
		return nil, fmt.Errorf("open report: %w", err)
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(a.Path + "/report.html"))
	if err != nil {
		return nil, fmt.Errorf("open report: %w", err)
	}
	defer f.Close()
	const most = 64 << 20
	text, err = io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(text) > most {
		err = errors.New("it is larger than a report")
	}
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	return text, nil
}

// Zone is the job's time zone.
func (j *Job) Zone() *time.Location {
	zone, err := loadLocation(j.Timezone)
	if err != nil { // Load let none through
		return time.UTC
	}
	return zone
}

// Files lists the job files in a directory by name: those that end in .yaml or
// .yml and do not begin with a dot. A path that is no directory is a job file
// itself.
func Files(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("find job files: %w", err)}
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("find job files: %w", err)}
	}
	for _, e := range entries {
		name := e.Name()
		if ext := filepath.Ext(name); !e.IsDir() && !strings.HasPrefix(name, ".") && slices.Contains([]string{".yaml", ".yml"}, ext) {
			files = append(files, filepath.Join(path, name))
		}
	}
	return files, nil
}
