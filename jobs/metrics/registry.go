package metrics

import (
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"optout/jobs/history"
)

// A Job is a job by its name, and the attempts to run it.
type Job struct {
	Name     string
	Attempts []history.Attempt
}

// statuses are all that an attempt can have.
var statuses = []history.Status{
	history.Running, history.Published, history.Already, history.Refused, history.Failed, history.Interrupted, history.Skipped,
}

// New makes a registry with the metrics of jobs; version is the program's.
func New(version string, jobs []Job) *prometheus.Registry {
	r := prometheus.NewRegistry()
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "optout", Name: name, Help: help}, labels)
		r.MustRegister(g)
		return g
	}
	build := gauge("build_info", "The program; always 1.", "version", "goversion")
	success := gauge("job_last_success_timestamp_seconds", "When the last attempt ended that left a run of its date published, by this attempt or before.", "job")
	rows := gauge("job_last_success_rows", "Rows of the send lists of that run, by decision.", "job", "decision")
	started := gauge("job_last_attempt_timestamp_seconds", "When the last attempt began.", "job")
	took := gauge("job_last_attempt_duration_seconds", "How long the last attempt took that came to an end.", "job")
	status := gauge("job_last_attempt_status", "1 for the status of the last attempt, 0 for all others.", "job", "status")
	refused := gauge("job_last_attempt_refused_gates", "For each gate that refused the last attempt: of how many inputs or lists it did.", "job", "gate")

	build.WithLabelValues(version, runtime.Version()).Set(1)
	for _, j := range jobs {
		if a := last(j.Attempts, func(a *history.Attempt) bool { return a.Status.Good() && a.FinishedAt != nil }); a != nil {
			success.WithLabelValues(j.Name).Set(seconds(*a.FinishedAt))
			if s := a.Summary; s != nil {
				rows.WithLabelValues(j.Name, "kept").Set(float64(s.Total.Kept))
				rows.WithLabelValues(j.Name, "dropped").Set(float64(s.Total.Dropped))
				rows.WithLabelValues(j.Name, "quarantined").Set(float64(s.Total.Quarantined))
			}
		}
		if a := last(j.Attempts, func(a *history.Attempt) bool { return a.FinishedAt != nil }); a != nil {
			took.WithLabelValues(j.Name).Set(a.FinishedAt.Sub(a.StartedAt).Seconds())
		}
		a := last(j.Attempts, func(*history.Attempt) bool { return true })
		if a == nil {
			continue
		}
		started.WithLabelValues(j.Name).Set(seconds(a.StartedAt))
		for _, s := range statuses {
			is := 0.0
			if a.Status == s {
				is = 1
			}
			status.WithLabelValues(j.Name, string(s)).Set(is)
		}
		for _, g := range a.Gates {
			if a.Status == history.Refused && !g.Passed && !g.Accepted {
				refused.WithLabelValues(j.Name, g.Name).Inc()
			}
		}
	}
	return r
}

// last is the attempt that began last of those that are meant, nil for none.
func last(attempts []history.Attempt, meant func(*history.Attempt) bool) (found *history.Attempt) {
	for i := range attempts {
		a := &attempts[i]
		if meant(a) && (found == nil || !a.StartedAt.Before(found.StartedAt)) {
			found = a
		}
	}
	return found
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
