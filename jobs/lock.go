package jobs

import (
	"context"
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
func lock(ctx context.Context, jobDir string, fileMode, dirMode os.FileMode) (*flock.Flock, error) {
	if err := writers.MakeJobDir(jobDir, dirMode); err != nil {
		return nil, fmt.Errorf("make output directory: %w", err)
	}
	l := flock.New(filepath.Join(jobDir, history.LockName), flock.SetPermissions(fileMode))
	// Who reads the history holds the lock for a moment, to see whether a run does.
	const patience, pause = 300 * time.Millisecond, 20 * time.Millisecond
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	free, err := l.TryLockContext(short, pause)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && short.Err() == nil:
		return nil, fmt.Errorf("lock job: %w", err)
	case !free:
		return nil, fmt.Errorf("%w: %s is locked; wait until it is done", ErrLocked, l.Path())
	}
	return l, nil
}
