package page

import (
	"io"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"optout/jobs/metrics"
)

// metrics answers with how all jobs stand. A job whose history cannot be read has
// no numbers, rather than wrong ones.
func (p *Page) metrics(w http.ResponseWriter, r *http.Request) {
	var all []metrics.Job
	for _, s := range p.o.Jobs.States() {
		if s.Job == nil {
			continue
		}
		attempts, err := s.Job.Attempts(p.o.Out)
		if err != nil {
			p.o.Log.Error("no metrics of a job", "job", s.Job.Name, "error", err.Error())
			continue
		}
		all = append(all, metrics.Job{Name: s.Job.Name, Attempts: attempts})
	}
	promhttp.HandlerFor(metrics.New(p.o.Version, all), promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// healthz answers once the daemon does.
func (p *Page) healthz(w http.ResponseWriter, _ *http.Request) {
	p.o.Jobs.States()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}
