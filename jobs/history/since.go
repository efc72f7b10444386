package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"optout/writers"
)

// since is since when a job is served by a schedule.
type since struct {
	Schedule string    `json:"schedule"`
	Since    time.Time `json:"since"`
}

const sinceName = "schedule.json"

// Since is since when a job is served by a schedule, which is any text that tells
// it from others: since now where it was another until now, or none. What came
// before that time nobody asks for.
func Since(jobDir, schedule string, now time.Time, modes Modes) (time.Time, error) {
	path := filepath.Join(jobDir, dirName, sinceName)
	var s since
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	switch {
	case err == nil && s.Schedule == schedule:
		return s.Since, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return time.Time{}, fmt.Errorf("read history: %s: %w; remove it, and the job is served from now on", path, err)
	}
	s = since{schedule, now.UTC().Truncate(time.Second)}
	if text, err = json.MarshalIndent(s, "", "  "); err != nil {
		return time.Time{}, fmt.Errorf("write history: %w", err)
	}
	if err := writers.MakeJobDir(filepath.Dir(path), modes.Dir); err != nil {
		return time.Time{}, fmt.Errorf("make directory of history: %w", err)
	}
	if err := writers.ReplaceFile(path, append(text, '\n'), modes.File); err != nil {
		return time.Time{}, fmt.Errorf("write history: %w", err)
	}
	return s.Since, nil
}
