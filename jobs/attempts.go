package jobs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"optout/jobs/history"
)

// Attempts lists what became of every attempt to run the job, by date. Out is as
// in Options.
func (j *Job) Attempts(out string) ([]history.Attempt, error) { return history.Read(j.jobDir(out)) }

// Zone is the job's time zone.
func (j *Job) Zone() *time.Location {
	zone, err := loadLocation(j.Timezone)
	if err != nil { // Load let none through
		return time.UTC
	}
	return zone
}

// Files lists the job files in a directory by name: those that end in .yaml or
// .yml and do not begin with a dot. A path that is no directory is a job file
// itself.
func Files(path string) (files []string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("find job files: %w", err)}
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("find job files: %w", err)}
	}
	for _, e := range entries {
		name := e.Name()
		if ext := filepath.Ext(name); !e.IsDir() && !strings.HasPrefix(name, ".") && slices.Contains([]string{".yaml", ".yml"}, ext) {
			files = append(files, filepath.Join(path, name))
		}
	}
	return files, nil
}
