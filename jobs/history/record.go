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

// Settle writes down as interrupted what still runs in its file, and lists all
// attempts. The caller holds the job's lock, so their processes are gone.
func Settle(jobDir string, modes Modes) ([]Attempt, error) {
	names, err := list(jobDir)
	if err != nil {
		return nil, err
	}
	all := make([]Attempt, len(names))
	for i, n := range names {
		if all[i] = readFile(jobDir, n); all[i].Status != Running {
			continue
		}
		all[i].interrupt()
		if err := write(jobDir, &all[i], modes); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Begin writes down that an attempt begins, and gives it its number. The caller
// holds the job's lock; attempts before it are settled.
func Begin(jobDir string, a *Attempt, modes Modes) (*Record, error) {
	if err := writers.MakeJobDir(filepath.Join(jobDir, dirName), modes.Dir); err != nil {
		return nil, fmt.Errorf("make directory of history: %w", err)
	}
	all, err := Settle(jobDir, modes)
	if err != nil {
		return nil, err
	}
	a.Version, a.Number = 1, 1
	for i := range all {
		if all[i].Date == a.Date {
			a.Number = max(a.Number, all[i].Number+1)
		}
	}
	return &Record{jobDir, modes}, write(jobDir, a, modes)
}

// End replaces what Begin wrote.
func (r *Record) End(a *Attempt) error { return write(r.jobDir, a, r.modes) }

// Amend replaces an attempt that ended. The caller holds the job's lock.
func Amend(jobDir string, a *Attempt, modes Modes) error { return write(jobDir, a, modes) }

func write(jobDir string, a *Attempt, modes Modes) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	path := filepath.Join(jobDir, dirName, a.ID()+extension)
	if err := writers.ReplaceFile(path, append(text, '\n'), modes.File); err != nil {
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
