package notify

import (
	"time"

	"optout/jobs/history"
	"optout/writers"
)

// A Notice is what became of an attempt to run a job. It holds no person.
type Notice struct {
	Version    int             `json:"notice_version"` // 1
	Job        string          `json:"job"`
	Date       string          `json:"date"`    // logical date, YYYY-MM-DD
	Attempt    string          `json:"attempt"` // as in 2026-11-24-001
	Status     history.Status  `json:"status"`
	Exit       *int            `json:"exit_status"`
	By         history.Starter `json:"started_by"`
	StartedAt  time.Time       `json:"started_at"`
	FinishedAt *time.Time      `json:"finished_at"`
	RunID      string          `json:"run_id,omitempty"`
	Path       string          `json:"path,omitempty"`  // of the run, below the job's output directory
	Error      string          `json:"error,omitempty"` // why nothing was published
	Accepted   []string        `json:"accepted"`        // gates that were let through
	Refused    []writers.Gate  `json:"refused"`         // gates that did not pass
	Total      *writers.Counts `json:"total"`           // null where nothing was published
}

// NoticeOf is the notice of an attempt that has ended.
func NoticeOf(a *history.Attempt) Notice {
	n := Notice{
		Version: 1, Job: a.Job, Date: a.Date, Attempt: a.ID(), Status: a.Status, Exit: a.Exit, By: a.By,
		StartedAt: a.StartedAt, FinishedAt: a.FinishedAt, RunID: a.RunID, Path: a.Path, Error: a.Error,
		Accepted: append([]string{}, a.Accepted...), Refused: []writers.Gate{},
	}
	for _, g := range a.Gates {
		if !g.Passed && !g.Accepted {
			n.Refused = append(n.Refused, g)
		}
	}
	if a.Summary != nil {
		total := a.Summary.Total
		n.Total = &total
	}
	return n
}
