package main

import (
	"context"
	"errors"

	"optout/jobs"
)

// Exit statuses, a contract with cron and whoever else calls.
const (
	statusPublished   = 0   // or nothing to object
	statusFailed      = 1   // something broke: a full disk, a bug
	statusUsage       = 2   // the command or the job file is wrong
	statusRefused     = 3   // an input cannot be trusted; nothing was published
	statusLocked      = 4   // another run of the job is under way
	statusInterrupted = 130 // by a signal
)

// errTold marks an error that was printed already.
var errTold = errors.New("told")

// exitStatus is the one place where an error becomes a status.
func exitStatus(err error) int {
	var mistakes jobs.Mistakes
	var usage *jobs.UsageError
	var refusal *jobs.Refusal
	switch {
	case err == nil:
		return statusPublished
	case errors.Is(err, context.Canceled):
		return statusInterrupted
	case errors.As(err, &mistakes), errors.As(err, &usage):
		return statusUsage
	case errors.As(err, &refusal):
		return statusRefused
	case errors.Is(err, jobs.ErrLocked):
		return statusLocked
	}
	return statusFailed
}
