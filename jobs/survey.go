package jobs

import (
	"context"
	"errors"
	"time"

	"optout/writers"
)

// A Findings is what optout check tells of a job: what a run would read, and
// which gates would refuse it before a row is read.
type Findings struct {
	Job    string          `json:"job"`
	Date   string          `json:"date"`
	Inputs []writers.Input `json:"inputs"`
	Gates  []writers.Gate  `json:"gates"`
	// Schedule is when the job runs next, at most three times; empty where it has
	// no schedule.
	Schedule []time.Time `json:"schedule"`
	Last     *LastRun    `json:"last_run"` // null where none was published
}

// LastRun is the last published run of a job.
type LastRun struct {
	RunID      string    `json:"run_id"`
	Date       string    `json:"date"`
	FinishedAt time.Time `json:"finished_at"`
}

// Survey opens the inputs of a job, checks their schemas and ages, and writes
// nothing. Findings come with a *Refusal too, as far as they got.
func Survey(ctx context.Context, j *Job, o Options) (*Findings, error) {
	date, err := j.newDate(o.Date, o.Now)
	if err != nil {
		return nil, err
	}
	if err := j.checkAccept(o.Accept); err != nil {
		return nil, err
	}
	if err := j.checkKeys(o.Secret); err != nil {
		return nil, err
	}
	f := &Findings{Job: j.Name, Date: date.String(), Schedule: j.nextTimes(o.Now, 3)}
	last, err := writers.ReadLatest(j.jobDir(o.Out))
	if err != nil {
		return nil, err
	}
	if last != nil {
		f.Last = &LastRun{last.RunID, last.Date, last.FinishedAt}
	}
	g := &gates{accept: o.Accept}
	j.readMarkers(date, g)
	p, err := prepare(ctx, &opener{job: j, date: date, now: o.Now, gates: g, secret: o.Secret, threads: o.Threads}, last)
	f.Gates = g.readings
	if p != nil {
		for _, in := range p.inputs() {
			f.Inputs = append(f.Inputs, in.info)
		}
	}
	if refusal := (*Refusal)(nil); err == nil {
		err = g.refusal()
	} else if !errors.As(err, &refusal) {
		return nil, err
	}
	return f, err
}

// nextTimes is when the job runs next, in its zone: the next n logical dates.
func (j *Job) nextTimes(now time.Time, n int) (times []time.Time) {
	for f := range j.Firings(now.Add(time.Second)) {
		if len(times) == n {
			break
		}
		times = append(times, f.At.In(j.Zone()))
	}
	return times
}
