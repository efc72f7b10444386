package serve

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// running is a run under way.
type running struct {
	date    string
	by      history.Starter
	started time.Time
	working bool // it has a slot
	cancel  context.CancelCauseFunc
}

// An ending is the end of a run.
type ending struct {
	entry  *entry
	result *jobs.Result
	err    error
}

// errSettled means that a date needs no run any more: somebody else was faster.
var errSettled = errors.New("the date is settled, or its next attempt is not due yet")

// errStopped ends runs when the daemon does.
var errStopped = fmt.Errorf("optout serve was told to stop: %w", context.Canceled)

// launch begins what a job needs.
func (d *Daemon) launch(e *entry, n need) {
	o := d.o.Each
	o.Date, o.By, o.Due, o.Once = n.Date, n.by, n.due, true
	job, since, from := e.job, e.since, e.from
	o.Claim = func(attempts []history.Attempt) error {
		now := d.now()
		for _, still := range plan(job, since, from, now, attempts).needs {
			if still.Date == n.Date && !still.at.After(now) {
				return nil
			}
		}
		return errSettled
	}
	d.start(e, o)
}

// start begins a run of an entry's job, which has none.
func (d *Daemon) start(e *entry, o jobs.Options) {
	ctx, cancel := context.WithCancelCause(d.runs)
	r := &running{date: o.Date, by: o.By, started: d.now(), cancel: cancel}
	e.running = r
	o.Now = r.started
	o.Slot = func(ctx context.Context) (func(), error) {
		select {
		case d.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		d.mu.Lock()
		r.working = true
		d.mu.Unlock()
		return func() { <-d.slots }, nil
	}
	job := e.job
	d.o.Log.Info("begin", "job", job.Name, "date", o.Date, "started_by", string(o.By))
	go func() {
		end := ending{entry: e}
		end.result, end.err = d.run(ctx, job, o)
		cancel(nil)
		d.ended <- end
	}()
}

// run runs a job. A bug that breaks one job must not end the others.
func (d *Daemon) run(ctx context.Context, j *jobs.Job, o jobs.Options) (_ *jobs.Result, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("this is a bug in the program, of which the log tells where; please report it")
			d.o.Log.Error("a run broke", "job", j.Name, "date", o.Date, "error", err.Error(), "stack", string(debug.Stack()))
		}
	}()
	return d.o.Run(ctx, j, o)
}

// end notes that a run has ended.
func (d *Daemon) end(end ending) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := end.entry
	now := d.now()
	r := e.running
	e.running, e.wake, e.notBefore = nil, time.Time{}, time.Time{}
	var refusal *jobs.Refusal
	log := d.o.Log.With("job", e.job.Name, "date", r.date, "took", now.Sub(r.started).Round(time.Second).String())
	switch err := end.err; {
	case err == nil:
		log.Info("ended", "run", end.result.RunID, "already_published", end.result.Already)
	case errors.As(err, &refusal):
		log.Error("refused", "error", err.Error())
	case errors.Is(err, errSettled):
		log.Info("nothing to do", "error", err.Error())
		e.notBefore = now.Add(lookAgain)
	case errors.Is(err, jobs.ErrLocked):
		log.Info("somebody else runs the job", "error", err.Error())
		e.notBefore = now.Add(lookAgain)
	case errors.Is(err, context.Canceled):
		log.Warn("abandoned", "error", err.Error())
	default:
		log.Error("failed", "error", err.Error())
		// The history says when to try again, unless it could not be written.
		e.notBefore = now.Add(e.job.Retry.Pause(1))
	}
}

// stop lets runs that work go on for a while, and waits for all to end. One that
// waits for its inputs, or for a slot, loses nothing when it ends at once.
func (d *Daemon) stop() {
	d.cancel(func(r *running) bool { return !r.working })
	d.mu.Lock()
	d.runs = nil
	left := d.runningJobs()
	d.mu.Unlock()
	if left > 0 {
		d.o.Log.Info("told to stop: waiting for runs to end", "runs", left, "at_most", d.o.Grace.String())
	}
	timer := time.NewTimer(d.o.Grace)
	defer timer.Stop()
	for ; left > 0; left = d.stillRunning() {
		select {
		case e := <-d.ended:
			d.end(e)
		case <-timer.C:
			d.cancel(func(*running) bool { return true })
		}
	}
}

// cancel ends runs.
func (d *Daemon) cancel(which func(*running) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.entries {
		if e.running != nil && which(e.running) {
			e.running.cancel(errStopped)
		}
	}
}

func (d *Daemon) stillRunning() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.runningJobs()
}

// runningJobs counts the runs under way. The caller holds the mutex.
func (d *Daemon) runningJobs() (n int) {
	for _, e := range d.entries {
		if e.running != nil {
			n++
		}
	}
	return n
}
