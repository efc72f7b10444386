package serve

import (
	"errors"
	"fmt"
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// A State is how things stand with one job file.
type State struct {
	File    string
	Job     *jobs.Job // its last good version; nil where there is none
	Error   error     // what is wrong with the file now; nil where nothing is
	Trouble string    // why the job cannot be run, as where its history cannot be read
	Next    *Next     // nil where nothing is planned, as without a schedule
	Running *Running  // nil where it does not run
}

// Next is the next time that a job is run by itself.
type Next struct {
	Date string // logical date
	At   time.Time
	By   history.Starter
}

// Running is a run that this daemon began.
type Running struct {
	Date    string
	By      history.Starter
	Started time.Time
	Working bool // else it waits for its inputs, or for others to end
}

// States lists all job files by name.
func (d *Daemon) States() []State {
	d.mu.Lock()
	defer d.mu.Unlock()
	states := make([]State, 0, len(d.entries))
	for _, e := range d.sorted() {
		s := State{File: e.file, Job: e.job, Error: e.error, Trouble: e.trouble, Next: e.next()}
		if r := e.running; r != nil {
			s.Running = &Running{r.date, r.by, r.started, r.working}
		}
		states = append(states, s)
	}
	return states
}

// next is what the entry's job does next.
func (e *entry) next() *Next {
	all := e.agenda.needs
	if n := e.agenda.next; n != nil {
		all = append(all[:len(all):len(all)], *n)
	}
	var first *Next
	for _, n := range all {
		if e.running != nil && n.Date == e.running.date {
			continue
		}
		if at := latest(n.at, e.notBefore); first == nil || at.Before(first.At) {
			first = &Next{n.Date, at, n.by}
		}
	}
	return first
}

// Errors of Start.
var (
	ErrUnknown = errors.New("there is no such job")
	ErrBusy    = errors.New("the job is running")
	ErrStopped = errors.New("optout serve is about to end")
)

// Start runs a job now because somebody on the page wants it: for a logical date,
// or today if it is empty, with gates let through. It returns once the run has
// begun; a *jobs.UsageError tells of a wrong date or gate.
func (d *Daemon) Start(name, date string, accept []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.runs == nil {
		return ErrStopped
	}
	for _, e := range d.entries {
		if e.job == nil || e.job.Name != name {
			continue
		}
		if e.running != nil {
			return fmt.Errorf("%w, for %s", ErrBusy, e.running.date)
		}
		o := d.o.Each
		o.Date, o.Accept, o.By, o.Now = date, accept, history.ByPage, d.now()
		var err error
		if o.Date, err = e.job.Check(o); err != nil {
			return err
		}
		d.start(e, o)
		return nil
	}
	return fmt.Errorf("%w: %s", ErrUnknown, name)
}
