package serve

import (
	"context"
	"log/slog"
	"time"

	"optout/jobs"
)

// Options are what a daemon needs to know.
type Options struct {
	Dir   string           // of job files
	Now   func() time.Time // the clock on the wall
	Look  time.Duration    // how often to look at the folder
	Slots int              // how many runs may work at once, at least 1
	Grace time.Duration    // how long runs may go on once the daemon is told to stop
	Log   *slog.Logger

	// Run runs a job: jobs.Run.
	Run func(context.Context, *jobs.Job, jobs.Options) (*jobs.Result, error)
	// Each is what the options of all runs have in common.
	Each jobs.Options
}
