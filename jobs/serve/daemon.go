package serve

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"optout/jobs"
)

// A Daemon runs the jobs of a folder.
type Daemon struct {
	o     Options
	slots chan struct{} // one in it for each run that works
	ended chan ending

	mu      sync.Mutex // of all below
	entries map[string]*entry
	looked  time.Time       // when the folder was looked at
	lost    string          // why it could not be
	runs    context.Context // of all runs; nil before Serve and once it ends
}

// New makes a daemon.
func New(o Options) *Daemon {
	return &Daemon{o: o, slots: make(chan struct{}, max(o.Slots, 1)), ended: make(chan ending), entries: map[string]*entry{}}
}

// now is the time on the wall: clocks that are set, and machines that sleep, must
// show in it.
func (d *Daemon) now() time.Time { return d.o.Now().Round(0) }

// Serve runs jobs until the context ends, and returns once all runs have ended.
// Its error is a folder that cannot be read when it begins.
func (d *Daemon) Serve(ctx context.Context) error {
	if err := d.begin(ctx); err != nil {
		return err
	}
	for {
		timer := time.NewTimer(d.step())
		select {
		case <-ctx.Done():
			timer.Stop()
			d.stop()
			return nil
		case e := <-d.ended:
			d.end(e)
		case <-timer.C:
		}
		timer.Stop()
	}
}

// begin reads the folder for the first time.
func (d *Daemon) begin(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	files, err := jobs.Files(d.o.Dir)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		d.o.Log.Warn("there is no job file yet", "dir", d.o.Dir)
	}
	d.runs = context.WithoutCancel(ctx)
	return nil
}

// step does what is to do now, and says how long there will be nothing.
func (d *Daemon) step() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if now.Before(d.looked) { // the clock was set back: what was planned by it is void
		for _, e := range d.entries {
			e.wake, e.notBefore = time.Time{}, time.Time{}
		}
		d.looked = now.Add(-d.o.Look)
	}
	if d.looked.IsZero() || !now.Before(d.looked.Add(d.o.Look)) {
		d.look(now)
		d.looked = now
	}
	wake := d.looked.Add(d.o.Look)
	for _, e := range d.sorted() {
		if e.running == nil && !now.Before(e.wake) {
			d.attend(e, now)
		}
		if e.running == nil && e.wake.Before(wake) {
			wake = e.wake
		}
	}
	return max(wake.Sub(now), 0)
}

// sorted lists the entries by the names of their files.
func (d *Daemon) sorted() []*entry {
	all := make([]*entry, 0, len(d.entries))
	for _, e := range d.entries {
		all = append(all, e)
	}
	slices.SortFunc(all, byFile)
	return all
}

// attend plans what a job has to do, and begins it if it is time.
func (d *Daemon) attend(e *entry, now time.Time) {
	e.wake = now.Add(never)
	if e.job == nil || e.gone || e.job.Schedule == "" {
		e.agenda = agenda{}
		return
	}
	if err := d.plan(e, now); err != nil {
		d.complain(e, fmt.Sprintf("the job is not run: %v", err))
		e.wake = now.Add(lookAgain)
		return
	}
	e.trouble = ""
	if e.agenda.next != nil {
		e.wake = e.agenda.next.due
	}
	for _, n := range e.agenda.needs {
		at := latest(n.at, e.notBefore)
		if !at.After(now) {
			d.launch(e, n)
			return
		}
		e.wake = earliest(e.wake, at)
	}
}

// never is longer than anybody waits.
const never = 100 * 365 * 24 * time.Hour

// plan asks the history what a job has to do, and writes down what nobody makes
// up for.
func (d *Daemon) plan(e *entry, now time.Time) error {
	if e.since.IsZero() {
		since, err := e.job.ServedSince(d.o.Each.Out, now)
		if err != nil {
			return err
		}
		e.since = since
	}
	for range 2 { // again after what was missed is written down
		// A firing can be on the day after its date, where clocks jump over midnight.
		first := e.since.In(e.job.Zone()).AddDate(0, 0, -1).Format(time.DateOnly)
		attempts, err := e.job.AttemptsFrom(d.o.Each.Out, first)
		if err != nil {
			return err
		}
		e.agenda = plan(e.job, e.since, e.from, now, attempts)
		if e.agenda.open.After(e.since) {
			e.since = e.agenda.open
		}
		if len(e.agenda.missed) == 0 {
			break
		}
		o := d.o.Each
		o.Now = now
		if err := e.job.Skip(d.runs, e.agenda.missed, o); err != nil {
			return err
		}
		for _, f := range e.agenda.missed {
			d.o.Log.Warn("skipped what was missed", "job", e.job.Name, "date", f.Date)
		}
	}
	return nil
}

// complain logs what is wrong with a job, once.
func (d *Daemon) complain(e *entry, text string) {
	if e.trouble != text {
		e.trouble = text
		d.o.Log.Error(text, "file", e.file)
	}
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
