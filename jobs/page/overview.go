package page

import (
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"optout/jobs/history"
	"optout/jobs/serve"
)

// jobView is how things stand with one job file.
type jobView struct {
	Name    string // of the job, or of its file where that is broken and never was good
	Good    bool   // there is a job to look at
	Zone    *time.Location
	Problem string // why it is not run, or not as its file says
	Old     bool   // a version before the file's is the one that is run
	When    string // schedule
	Next    *serve.Next
	Running *serve.Running
	Strip   strip
	Last    *history.Attempt // that began last
	Success *history.Attempt // the latest that stands published, of those shown
}

// view looks at a job, and returns the attempts of the nights that are shown.
func (p *Page) view(s *serve.State) (v jobView, attempts []history.Attempt) {
	v = jobView{Name: filepath.Base(s.File), Zone: time.UTC, Next: s.Next, Running: s.Running, Problem: s.Trouble}
	if s.Error != nil {
		v.Problem = s.Error.Error()
	}
	if s.Job == nil {
		return v, nil
	}
	v.Name, v.Good, v.Zone, v.Old = s.Job.Name, true, s.Job.Zone(), s.Error != nil
	v.When = s.Job.Schedule
	attempts, first, err := p.attemptsShown(s.Job)
	if err != nil {
		p.o.Log.Error("a history is not shown", "job", v.Name, "error", err.Error())
		v.Problem = err.Error()
		return v, nil
	}
	v.Strip = newStrip(attempts, first)
	for i := range attempts {
		a := &attempts[i]
		if v.Last == nil || !a.StartedAt.Before(v.Last.StartedAt) {
			v.Last = a
		}
		if a.Status.Good() {
			v.Success = a
		}
	}
	return v, attempts
}

// overviewView is the content of the first page.
type overviewView struct {
	Jobs    []jobView // those that need a look first
	Broken  []jobView // files that never were a job here
	Trouble int       // how many need a look
	Running int
}

// overview shows all jobs.
func (p *Page) overview(w http.ResponseWriter, r *http.Request) {
	var all overviewView
	for _, s := range p.o.Jobs.States() {
		v, _ := p.view(&s)
		if v.Good {
			all.Jobs = append(all.Jobs, v)
		} else {
			all.Broken = append(all.Broken, v)
		}
		if v.InTrouble() {
			all.Trouble++
		}
		if v.IsRunning() {
			all.Running++
		}
	}
	slices.SortStableFunc(all.Jobs, func(a, b jobView) int {
		switch {
		case a.InTrouble() == b.InTrouble():
			return 0
		case a.InTrouble():
			return -1
		}
		return 1
	})
	p.show(w, r, http.StatusOK, "overview", "Jobs", all)
}

// Files is how many job files there are.
func (v overviewView) Files() int { return len(v.Jobs) + len(v.Broken) }

// IsRunning reports whether a run of the job is under way, here or elsewhere.
func (v *jobView) IsRunning() bool {
	return v.Running != nil || v.Last != nil && v.Last.Status == history.Running
}

// InTrouble reports whether somebody should look at the job.
func (v *jobView) InTrouble() bool {
	if v.Problem != "" {
		return true
	}
	return v.Last != nil && (v.Last.Status == history.Refused || v.Last.Status == history.Failed || v.Last.Status == history.Interrupted)
}
