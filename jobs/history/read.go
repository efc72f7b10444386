package history

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/gofrs/flock"
)

// LockName is the file in a job's output directory that a run locks.
const LockName = ".lock"

const (
	dirName   = "attempts"
	extension = ".json"
)

// Read lists all attempts of a job by date, and of one date in their order. It
// needs no lock. An attempt that cannot be read is a failed one of its date.
func Read(jobDir string) ([]Attempt, error) { return ReadFrom(jobDir, "") }

// ReadFrom is Read for a logical date and those after it.
func ReadFrom(jobDir, date string) ([]Attempt, error) {
	names, err := list(jobDir)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n fileName) bool { return n.date < date })
	all := make([]Attempt, 0, len(names))
	last := -1 // of those that run in their files, the one that began last
	for _, n := range names {
		a := readFile(jobDir, n)
		if a.Status == Running && (last < 0 || !a.StartedAt.Before(all[last].StartedAt)) {
			last = len(all)
		}
		all = append(all, a)
	}
	if last < 0 {
		return all, nil
	}
	held, err := held(jobDir)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Status != Running || held && i == last {
			continue
		}
		// It may have ended since; if not, its end cannot come any more.
		if all[i] = readFile(jobDir, names[i]); all[i].Status == Running {
			all[i].interrupt()
		}
	}
	return all, nil
}

// held reports whether a run holds the job's lock.
func held(jobDir string) (bool, error) {
	l := flock.New(filepath.Join(jobDir, LockName), flock.SetFlag(os.O_RDONLY))
	free, err := l.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look at the job's lock: %w", err)
	}
	return !free, l.Close()
}

// fileName is the name of an attempt's file.
type fileName struct {
	text   string
	date   string
	number int
}

var nameShape = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})-(\d{3,9})\.json$`)

// list finds the files of all attempts in order.
func list(jobDir string) (names []fileName, err error) {
	entries, err := os.ReadDir(filepath.Join(jobDir, dirName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	for _, e := range entries {
		m := nameShape.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
			continue
		}
		number, _ := strconv.Atoi(m[2])
		names = append(names, fileName{e.Name(), m[1], number})
	}
	slices.SortFunc(names, func(a, b fileName) int {
		return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.number, b.number))
	})
	return names, nil
}
