package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"optout/jobs/history"
	"optout/writers"
)

// lock takes the job's lock: one run of a job at a time. The system frees it
// when the process ends, however it ends.
func lock(ctx context.Context, jobDir string, modes writers.Modes) (*flock.Flock, error) {
	if err := writers.MakeJobDir(jobDir, modes.Dir); err != nil {
		return nil, fmt.Errorf("make output directory: %w", err)
	}
	l := flock.New(filepath.Join(jobDir, history.LockName), flock.SetPermissions(modes.File))
	// Who reads the history holds the lock for a moment, to see whether a run does.
	const patience, pause = 300 * time.Millisecond, 20 * time.Millisecond
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	free, err := l.TryLockContext(short, pause)
	if free && stillLocked(l) != nil { // the file went away while it was opened
		free = false
		err = l.Close()
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("lock job: %w", err)
	case !free:
		return nil, fmt.Errorf("%w: %s is locked; wait until it is done", ErrLocked, l.Path())
	}
	return l, nil
}

// stillLocked tells an error where the file that a run locked is not there any
// more, or is another: then a second run can have locked the new one.
func stillLocked(l *flock.Flock) error {
	held, err := l.Stat()
	if err != nil {
		return fmt.Errorf("look at the job's lock: %w", err)
	}
	now, err := os.Stat(l.Path())
	if err != nil || !os.SameFile(held, now) {
		return fmt.Errorf("the lock of the job is lost: %s was removed or replaced during the run; run again, and leave the file alone", l.Path())
	}
	return nil
}
