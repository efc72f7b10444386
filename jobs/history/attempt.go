package history

import (
	"fmt"
	"time"

	"optout/writers"
)

// An Attempt is one try to run a job for a logical date.
type Attempt struct {
	Version int    `json:"attempt_version"` // 1
	Job     string `json:"job"`
	Date    string `json:"date"`    // logical date, YYYY-MM-DD
	Number  int    `json:"attempt"` // of this job and date, from 1

	Status Status  `json:"status"`
	Exit   *int    `json:"exit_status"` // null while it runs, and where no process lived to have one
	By     Starter `json:"started_by"`

	Due        *time.Time `json:"due_at"` // by the schedule; null where somebody started it
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"` // null while it runs, and where nobody saw its end

	RunID    string   `json:"run_id,omitempty"`
	Path     string   `json:"path,omitempty"`    // of the run, below the job's output directory, with slashes
	Error    string   `json:"error,omitempty"`   // why nothing was published
	Warning  string   `json:"warning,omitempty"` // what went wrong beside it: what was to be deleted is still there
	Accepted []string `json:"accepted"`          // gates that were let through

	Gates   []writers.Gate   `json:"gates"`   // all that were read
	Inputs  []Input          `json:"inputs"`  // all that were opened
	Summary *writers.Summary `json:"summary"` // null where nothing was published

	Removed []Removal `json:"removed,omitempty"` // what retention deleted of the run since

	Program writers.Program `json:"program"`
	Host    string          `json:"host,omitempty"`
	Process int             `json:"process"`
}

// Input is how large and how old an input was.
type Input struct {
	Name   string     `json:"name"`
	Kind   string     `json:"kind"`
	Path   string     `json:"path"` // as the job names it, dates filled in
	Rows   int64      `json:"rows"`
	AsOf   *time.Time `json:"as_of"`
	Age    *float64   `json:"age_seconds"`
	MaxAge *float64   `json:"max_age_seconds"`
}

// A Removal is what was deleted of a run, and when.
type Removal struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // run, or audiences: with the quarantine
}

// ID names an attempt among those of its job, as in 2026-11-24-001.
func (a *Attempt) ID() string { return fmt.Sprintf("%s-%03d", a.Date, a.Number) }

// Duration is how long the attempt took, or has been running at a time; false
// where nobody saw its end.
func (a *Attempt) Duration(now time.Time) (d time.Duration, known bool) {
	switch {
	case a.FinishedAt != nil:
		return a.FinishedAt.Sub(a.StartedAt), true
	case a.Status == Running:
		return now.Sub(a.StartedAt), true
	}
	return 0, false
}

// InputsOf is what an attempt keeps of the inputs of a run.
func InputsOf(all []writers.Input) []Input {
	kept := make([]Input, 0, len(all))
	for i := range all {
		in := &all[i]
		kept = append(kept, Input{in.Name, in.Kind, in.Path, in.Rows, in.AsOf, in.Age, in.MaxAge})
	}
	return kept
}
