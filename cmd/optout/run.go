package main

import (
	"fmt"
	"path/filepath"
	"runtime/debug"

	"optout/jobs"
	"optout/jobs/history"
	"optout/jobs/metrics"
)

// gcPercent is how much garbage the collector lets grow beside what is in use.
const gcPercent = 25

// runCommand is optout run.
type runCommand struct {
	jobFlags
	webhookFlags
	DryRun  bool `help:"Judge and count, and write nothing."`
	Memory  size `help:"Memory to stay under, as in 2GiB. Default: three quarters of what the machine or container has." placeholder:"SIZE"`
	Threads int  `help:"Rows are read, judged and written by so many threads. Default: the processors." placeholder:"N"`

	MetricsTextfile string `help:"Write metrics of the job for node_exporter's textfile collector when the run has ended, however it did." type:"path" placeholder:"FILE"`
}

func (r *runCommand) Help() string {
	return `Runs belong to a logical date and are published once: the same job, date and inputs give the same
run id, and a second run finds the first and changes nothing. Address hashes in the ledger are made
with the key in ` + hashKeyVariable + `, plain SHA-256 where there is none.`
}

// Run runs the job and prints what became of its lists.
func (r *runCommand) Run(c *console) error {
	job, err := jobs.Load(r.Job)
	if err != nil {
		return tell(c, r.JSON, err)
	}
	if r.Threads < 0 {
		return &jobs.UsageError{Err: fmt.Errorf("--threads %d: at least 1", r.Threads)}
	}
	if r.MetricsTextfile != "" && filepath.Ext(r.MetricsTextfile) != ".prom" {
		return &jobs.UsageError{Err: fmt.Errorf("--metrics-textfile %s: must end in .prom, or node_exporter leaves it out", r.MetricsTextfile)}
	}
	notify, err := r.open(c, c.log)
	if err != nil {
		return err
	}
	o := r.options(c)
	o.Memory = r.Memory.orDefault()
	debug.SetMemoryLimit(o.Memory)
	// What a run holds is mostly large arrays without pointers, which cost the
	// collector nothing to look at: it may look often, and memory stays low.
	debug.SetGCPercent(gcPercent)
	o.DryRun = r.DryRun
	if r.Threads > 0 {
		o.Threads = r.Threads
	}
	bar := newProgress(c)
	o.Progress = bar.update
	o.Step = c.step
	var ended *history.Attempt
	o.Ended = func(a history.Attempt) { ended = &a }
	result, err := jobs.Run(c.ctx, job, o)
	bar.finish()
	r.writeMetrics(c, job)
	if ended != nil {
		defer notify(*ended) // who waits for the result is told first
	}
	if err != nil {
		return tell(c, r.JSON, err)
	}
	if r.JSON {
		return printJSON(c.stdout, result)
	}
	return printResult(c.stdout, result, r.DryRun)
}

// writeMetrics writes the text file of metrics. That it cannot be written changes
// nothing about the run.
func (r *runCommand) writeMetrics(c *console, job *jobs.Job) {
	if r.MetricsTextfile == "" || r.DryRun {
		return
	}
	attempts, err := job.Attempts(r.Out)
	if err == nil {
		err = metrics.WriteFile(r.MetricsTextfile, version(), []metrics.Job{{Name: job.Name, Attempts: attempts}})
	}
	if err != nil {
		c.log.Error("metrics are not written", "job", job.Name, "error", err.Error())
	}
}
