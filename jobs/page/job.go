package page

import (
	"net/http"
	"slices"

	"optout/jobs/history"
	"optout/jobs/serve"
)

// jobPage is the content of the page of a job.
type jobPage struct {
	jobView
	Attempts []history.Attempt // of the nights shown, the latest first
	Today    string
	Error    string // why what was asked for was not done
}

// find is the job of a request; without one the request is answered.
func (p *Page) find(w http.ResponseWriter, r *http.Request) *serve.State {
	for _, s := range p.o.Jobs.States() {
		if s.Job != nil && s.Job.Name == r.PathValue("job") {
			return &s
		}
	}
	p.fail(w, r, http.StatusNotFound, "There is no such job. Its file may be gone, or broken.")
	return nil
}

// job shows one job.
func (p *Page) job(w http.ResponseWriter, r *http.Request) {
	if s := p.find(w, r); s != nil {
		p.showJob(w, r, http.StatusOK, s, "")
	}
}

func (p *Page) showJob(w http.ResponseWriter, r *http.Request, status int, s *serve.State, problem string) {
	v, attempts := p.view(s)
	attempts = slices.Clone(attempts) // the view points into them
	slices.Reverse(attempts)
	p.show(w, r, status, "job", v.Name, jobPage{
		jobView: v, Attempts: attempts, Today: p.o.Now().In(v.Zone).Format("2006-01-02"), Error: problem,
	})
}
