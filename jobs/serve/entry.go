package serve

import (
	"cmp"
	"time"

	"optout/jobs"
)

// An entry is a job file of the folder.
type entry struct {
	file  string
	read  []byte // what job, or broken, was made of
	seen  []byte // the file at the last look
	gone  bool   // it was not there at the last look
	job   *jobs.Job
	error error // what is wrong with the file; job then is its last good version

	from      time.Time // since when this daemon serves the job
	since     time.Time // firings before it are done with; zero where that is not known yet
	agenda    agenda
	wake      time.Time // when to look at it again
	notBefore time.Time // when the next run may begin
	running   *running
	trouble   string // why the job cannot be run
}

func byFile(a, b *entry) int { return cmp.Compare(a.file, b.file) }

// take makes a good version of the file the job. Where it is another job, or on
// another schedule, it is served from now on.
func (e *entry) take(j *jobs.Job, now time.Time) {
	old := e.job
	e.job, e.error, e.wake = j, nil, time.Time{}
	if old == nil || old.Name != j.Name || old.Schedule != j.Schedule || old.Timezone != j.Timezone || old.Output.Path != j.Output.Path {
		e.from, e.since, e.notBefore = now, time.Time{}, time.Time{}
	}
}
