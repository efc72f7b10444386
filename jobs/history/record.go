package history

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"optout/writers"
)

// Modes are the permissions of the files and their directory.
type Modes = writers.Modes

// A Record is an attempt on disk that is under way.
type Record struct {
	jobDir string
	modes  Modes
}

// Begin writes down that an attempt begins, and gives it its number. Attempts
// that still run in their files are written down as interrupted first: the
// caller holds the job's lock, so their processes are gone.
func Begin(jobDir string, a *Attempt, modes Modes) (*Record, error) {
	if err := writers.MakeJobDir(filepath.Join(jobDir, dirName), modes.Dir); err != nil {
		return nil, fmt.Errorf("make directory of history: %w", err)
	}
	r := &Record{jobDir, modes}
	names, err := list(jobDir)
	if err != nil {
		return nil, err
	}
	a.Version, a.Number = 1, 1
	for _, n := range names {
		if n.date == a.Date {
			a.Number = max(a.Number, n.number+1)
		}
		if old := readFile(jobDir, n); old.Status == Running {
			old.interrupt()
			if err := r.write(&old); err != nil {
				return nil, err
			}
		}
	}
	return r, r.write(a)
}

// End replaces what Begin wrote.
func (r *Record) End(a *Attempt) error { return r.write(a) }

// Amend replaces an attempt that ended. The caller holds the job's lock.
func Amend(jobDir string, a *Attempt, modes Modes) error { return (&Record{jobDir, modes}).write(a) }

func (r *Record) write(a *Attempt) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	path := filepath.Join(r.jobDir, dirName, a.ID()+extension)
	if err := writers.ReplaceFile(path, append(text, '\n'), r.modes.File); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return nil
}

// interrupt makes an attempt whose process is gone one that was interrupted.
func (a *Attempt) interrupt() {
	a.Status = Interrupted
	a.Error = "its process ended without a word: it was killed, or the machine went down"
}

// readFile reads one attempt. What cannot be read is a failed attempt of its
// date: it must not be taken for a good one, nor hide the others.
func readFile(jobDir string, n fileName) Attempt {
	path := filepath.Join(jobDir, dirName, n.text)
	var a Attempt
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err == nil && (a.Date != n.date || a.Number != n.number) {
		err = fmt.Errorf("it is of attempt %s", a.ID())
	}
	if err != nil {
		a = Attempt{Date: n.date, Number: n.number, Status: Failed, Error: fmt.Sprintf("read history: %s: %v", n.text, err)}
	}
	return a
}
