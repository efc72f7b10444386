package page

import (
	"net/http"
	"slices"
	"time"

	"optout/jobs"
	"optout/jobs/history"
	"optout/writers"
)

// attemptPage is the content of the page of an attempt.
type attemptPage struct {
	Job        string
	Zone       *time.Location
	A          *history.Attempt
	Comparison *comparison // with the night before; nil where either published nothing
	Gates      []gateView
	Inputs     []inputView
	Report     bool // there is one to show
	Open       bool // the date still waits for somebody to let a gate through
}

// gateView is a gate and what can be done about it.
type gateView struct {
	writers.Gate
	Acceptable bool
}

// inputView is an input, and whether it was recent enough.
type inputView struct {
	history.Input
	TooOld bool
}

// attempt shows one attempt.
func (p *Page) attempt(w http.ResponseWriter, r *http.Request) {
	s := p.find(w, r)
	if s == nil {
		return
	}
	attempts, err := s.Job.Attempts(p.o.Out)
	if err != nil {
		p.o.Log.Error("a history is not shown", "job", s.Job.Name, "error", err.Error())
		p.fail(w, r, http.StatusInternalServerError, "The history of the job cannot be read; the log says why.")
		return
	}
	i := slices.IndexFunc(attempts, func(a history.Attempt) bool { return a.ID() == r.PathValue("attempt") })
	if i < 0 {
		p.fail(w, r, http.StatusNotFound, "There is no such attempt.")
		return
	}
	p.show(w, r, http.StatusOK, "attempt", s.Job.Name+", "+attempts[i].Date, newAttemptPage(s.Job, attempts, i))
}

// newAttemptPage tells of one of a job's attempts.
func newAttemptPage(j *jobs.Job, attempts []history.Attempt, i int) attemptPage {
	a := &attempts[i]
	v := attemptPage{Job: j.Name, Zone: j.Zone(), A: a, Report: a.Status.Good() && a.Path != ""}
	for _, r := range a.Removed {
		v.Report = v.Report && r.What != "run"
	}
	for _, g := range a.Gates {
		v.Gates = append(v.Gates, gateView{g, !g.Passed && !g.Accepted && jobs.Acceptable(g.Name)})
	}
	for _, in := range a.Inputs {
		v.Inputs = append(v.Inputs, inputView{in, slices.ContainsFunc(a.Gates, func(g writers.Gate) bool {
			return g.Name == "max_age" && g.Subject == in.Name && !g.Passed
		})})
	}
	// The last word on the date is a refusal, and all that closed can be let through.
	v.Open = a.Status == history.Refused && len(a.Gates) > 0
	for _, g := range v.Gates {
		v.Open = v.Open && (g.Passed || g.Accepted || g.Acceptable)
	}
	for k := i + 1; k < len(attempts) && attempts[k].Date == a.Date; k++ {
		v.Open = false
	}
	v.Comparison = compare(attempts, i)
	return v
}

// Took is how long the attempt took, empty where nobody knows.
func (v attemptPage) Took(now time.Time) string {
	d, known := v.A.Duration(now)
	if !known {
		return ""
	}
	return length(d)
}
