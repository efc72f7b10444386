package page

import (
	"net/http"
	"slices"

	"optout/jobs/history"
)

// report shows the report of a published run as it was published.
func (p *Page) report(w http.ResponseWriter, r *http.Request) {
	s := p.find(w, r)
	if s == nil {
		return
	}
	attempts, err := s.Job.Attempts(p.o.Out)
	i := slices.IndexFunc(attempts, func(a history.Attempt) bool { return a.ID() == r.PathValue("attempt") })
	if err != nil || i < 0 || attempts[i].Path == "" {
		p.fail(w, r, http.StatusNotFound, "There is no such report.")
		return
	}
	text, err := s.Job.Report(p.o.Out, &attempts[i])
	if err != nil {
		p.o.Log.Warn("a report is not shown", "job", s.Job.Name, "attempt", attempts[i].ID(), "error", err.Error())
		p.fail(w, r, http.StatusNotFound, "The report is not there any more, or cannot be read; the log says why.")
		return
	}
	w.Header().Set("Content-Security-Policy", reportPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text)
}
