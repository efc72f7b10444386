package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"optout/jobs/history"
)

// Options are what a run needs to know that is not in the job file.
type Options struct {
	Now     time.Time                        // of the start; ages are counted from it
	Date    string                           // logical date, YYYY-MM-DD; empty for the day of Now in the job's time zone
	Out     string                           // in place of output.path; relative to the working directory
	DryRun  bool                             // judge and count, write nothing
	Accept  []string                         // gates let through: a name, or name:subject
	Threads int                              // at least 1
	Memory  int64                            // bytes to stay under, 0 for any number
	HashKey []byte                           // of address hashes; empty for plain SHA-256
	Secret  func(name string) ([]byte, bool) // keys of hashed lists, by environment variable; may be nil
	Version string                           // of the program, for the manifest
	Log     *slog.Logger

	// Of the attempt in the history: who started it (by hand if empty), when it
	// was due by its schedule (zero if it was not) and the machine's name.
	By   history.Starter
	Due  time.Time
	Host string

	// Once makes a run that is published for the date the run, whatever its inputs
	// were; else a run of other inputs is published beside it.
	Once bool

	// Claim is asked before anything is done, with the lock held and all attempts
	// known; its error ends the run, which is no attempt then. It may be nil.
	Claim func([]history.Attempt) error

	// Slot is called once the inputs are complete, and returns when the work may
	// begin; free is called when it ends. It may be nil.
	Slot func(ctx context.Context) (free func(), err error)

	// Ended is told of the attempt when it has ended, as it is written down; it may
	// be nil.
	Ended func(history.Attempt)

	// Progress is told how far each stage has come, in rows; it may be nil and
	// is called from several goroutines. A total of 0 is not known.
	Progress func(stage string, rows, total int64)

	// Step is called after each step of publication; it may be nil.
	Step func(name string)
}

// ErrLocked means that another run of the job is under way.
var ErrLocked = errors.New("another run of this job is under way")

// Check says what is wrong with options before a run begins, and which logical
// date it would be for.
func (j *Job) Check(o Options) (date string, err error) {
	if err := j.checkAccept(o.Accept); err != nil {
		return "", err
	}
	d, err := j.newDate(o.Date, o.Now)
	if err != nil {
		return "", err
	}
	return d.String(), nil
}
