package page

import (
	"errors"
	"net/http"

	"optout/jobs"
	"optout/jobs/serve"
)

// run runs a job now, with the gates let through that the form names.
func (p *Page) run(w http.ResponseWriter, r *http.Request) {
	s := p.find(w, r)
	if s == nil {
		return
	}
	if !p.mayChange(r) {
		p.showJob(w, r, http.StatusForbidden, s, "Nothing was done: sign in first. The form may be of a session that ended.")
		return
	}
	date, accept := r.PostFormValue("date"), r.PostForm["accept"]
	if r.PostForm.Has("approve") && len(accept) == 0 {
		p.showJob(w, r, http.StatusBadRequest, s, "Nothing was done: no gate was ticked.")
		return
	}
	err := p.o.Jobs.Start(s.Job.Name, date, accept)
	var usage *jobs.UsageError
	switch {
	case err == nil:
		p.o.Log.Info("somebody on the page started a run", "job", s.Job.Name, "date", date, "accept", accept)
		http.Redirect(w, r, "/jobs/"+s.Job.Name, http.StatusSeeOther)
	case errors.As(err, &usage):
		p.showJob(w, r, http.StatusBadRequest, s, "Nothing was done: "+err.Error())
	case errors.Is(err, serve.ErrBusy), errors.Is(err, serve.ErrStopped), errors.Is(err, serve.ErrUnknown):
		p.showJob(w, r, http.StatusConflict, s, "Nothing was done: "+err.Error())
	default:
		p.o.Log.Error("a run was not started", "job", s.Job.Name, "error", err.Error())
		p.showJob(w, r, http.StatusInternalServerError, s, "Nothing was done; the log says why.")
	}
}
