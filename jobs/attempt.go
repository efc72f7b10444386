package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"optout/jobs/history"
	"optout/writers"
)

// Exit statuses of attempts, as the command has them.
const (
	exitFailed      = 1
	exitRefused     = 3
	exitInterrupted = 130
)

// attempt makes the run, and writes into the history that it begins and how it
// ends. The caller holds the job's lock.
func (r *run) attempt(ctx context.Context, j *Job) (result *Result, err error) {
	if claim := r.options.Claim; claim != nil {
		all, err := history.Settle(r.jobDir, r.modes)
		if err == nil {
			err = claim(all)
		}
		if err != nil {
			return nil, err
		}
	}
	a := r.begins()
	record, err := history.Begin(r.jobDir, a, r.modes)
	if err != nil {
		return nil, err
	}
	r.log = r.log.With("attempt", a.ID())
	defer func() {
		r.finish(a, result, err)
		err = errors.Join(err, record.End(a))
		if r.options.Ended != nil {
			r.options.Ended(*a)
		}
	}()
	if result, err = r.do(ctx, j); err != nil {
		return result, err
	}
	// What is published is published, whatever becomes of what is old.
	if failed := r.retain(j.Retention, result); failed != nil {
		a.Warning = failed.Error()
		r.log.Error("what is not to be kept could not be deleted", "error", a.Warning)
	}
	return result, nil
}

// begins is what the history says of the run when it begins.
func (r *run) begins() *history.Attempt {
	a := &history.Attempt{
		Job: r.name, Date: r.day.String(), Status: history.Running, By: r.options.By, StartedAt: r.options.Now.UTC(),
		Accepted: []string{}, Gates: []writers.Gate{}, Inputs: []history.Input{},
		Program: writers.ThisProgram(r.options.Version), Host: r.options.Host, Process: os.Getpid(),
	}
	if a.By == "" {
		a.By = history.ByHand
	}
	if !r.options.Due.IsZero() {
		due := r.options.Due.UTC()
		a.Due = &due
	}
	return a
}

// finish adds to the attempt what became of it. Neither result nor error is a
// panic on its way up.
func (r *run) finish(a *history.Attempt, result *Result, err error) {
	at := elapsed(r.options.Now, r.begun)
	a.FinishedAt = &at
	if r.prepared != nil {
		a.RunID, a.Accepted = r.plan.RunID, r.gates.accepted()
		a.Gates, a.Inputs = slices.Clone(r.gates.readings), history.InputsOf(r.manifest().Inputs)
	}
	var refusal *Refusal
	exit := 0
	switch {
	case err == nil && result == nil:
		a.Status, a.Error, exit = history.Failed, "the program broke: this is a bug", exitFailed
	case err == nil:
		a.Status = history.Published
		if result.Already {
			a.Status = history.Already
		}
		a.RunID, a.Summary = result.RunID, result.Summary
		if path, err := filepath.Rel(r.jobDir, result.Path); err == nil {
			a.Path = filepath.ToSlash(path)
		}
	case errors.Is(err, context.Canceled):
		a.Status, exit = history.Interrupted, exitInterrupted
	case errors.As(err, &refusal):
		a.Status, exit = history.Refused, exitRefused
		for _, g := range refusal.Gates {
			if !slices.Contains(a.Gates, g) {
				a.Gates = append(a.Gates, g)
			}
		}
	default:
		a.Status, exit = history.Failed, exitFailed
	}
	a.Exit = &exit
	if err != nil {
		a.Error = err.Error()
	}
}
