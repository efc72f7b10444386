package writers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// LastSummaries returns the summaries of the published runs of the latest
// dates, at least n where there are so many, the latest date first. A run that
// is being deleted is passed over.
func LastSummaries(jobDir string, n int) (all []Summary, err error) {
	dates, err := below(jobDir, "date=")
	if err != nil {
		return nil, err
	}
	for _, date := range slices.Backward(dates) {
		if len(all) >= n {
			break
		}
		runs, err := below(date, "run=")
		if err != nil {
			return nil, err
		}
		for _, run := range runs {
			if _, err := os.Stat(filepath.Join(run, successName)); err != nil {
				continue
			}
			var s Summary
			switch err := readJSON(filepath.Join(run, "summary.json"), &s); {
			case errors.Is(err, fs.ErrNotExist):
				continue
			case err != nil:
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// below lists the directories in dir whose names begin with prefix, in order;
// none where dir is not there.
func below(dir, prefix string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, err
}
