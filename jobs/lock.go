package jobs

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"optout/writers"
)

// lock takes the job's lock: one run of a job at a time. The system frees it
// when the process ends, however it ends.
func lock(jobDir string, fileMode, dirMode os.FileMode) (*flock.Flock, error) {
	if err := writers.MakeJobDir(jobDir, dirMode); err != nil {
		return nil, fmt.Errorf("make output directory: %w", err)
	}
	l := flock.New(filepath.Join(jobDir, ".lock"), flock.SetPermissions(fileMode))
	free, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock job: %w", err)
	}
	if !free {
		return nil, fmt.Errorf("%w: %s is locked; wait until it is done", ErrLocked, l.Path())
	}
	return l, nil
}
