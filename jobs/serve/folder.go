package serve

import (
	"bytes"
	"fmt"
	"path/filepath"
	"time"

	"optout/jobs"
)

// look reads job files that are new or have changed. A change counts once two
// looks see the same: half a file can be a job, too, and one that lacks whom it
// excludes.
func (d *Daemon) look(now time.Time) {
	files, err := jobs.Files(d.o.Dir)
	if err != nil {
		if text := err.Error(); text != d.lost {
			d.lost = text
			d.o.Log.Error("the folder cannot be read; its jobs go on as they are", "error", text)
		}
		return
	}
	d.lost = ""
	there := map[string]bool{}
	for _, file := range files {
		there[file] = true
		text, err := jobs.ReadFile(file)
		e := d.entries[file]
		if e == nil {
			e = &entry{file: file}
			if d.looked.IsZero() { // what is there from the start is not being written
				e.seen = text
			}
			d.entries[file] = e
		}
		stable := bytes.Equal(text, e.seen)
		if e.gone {
			e.gone, e.wake = false, time.Time{}
		}
		e.seen = text
		switch {
		case !stable:
		case err != nil:
			d.refuse(e, err)
		case e.error != nil || e.job == nil || !bytes.Equal(text, e.read):
			d.read(e, text, now)
		}
	}
	for file, e := range d.entries {
		switch {
		case there[file]:
		case !e.gone:
			e.gone = true
		case e.running == nil:
			delete(d.entries, file)
			d.o.Log.Info("a job file is gone", "file", file)
		}
	}
}

// read makes a job of a file, if it is one.
func (d *Daemon) read(e *entry, text []byte, now time.Time) {
	j, err := jobs.Parse(e.file, text)
	if err == nil {
		err = d.checkName(e, j.Name)
	}
	if err != nil {
		d.refuse(e, err)
		return
	}
	e.read = text
	e.take(j, now)
	d.o.Log.Info("read a job file", "file", e.file, "job", j.Name, "schedule", j.Schedule)
}

// checkName makes sure that no two files have a job of the same name, which goes
// by its name on pages and in logs.
func (d *Daemon) checkName(e *entry, name string) error {
	for _, other := range d.sorted() {
		if other != e && other.job != nil && other.job.Name == name {
			return fmt.Errorf("%s: job: another file has the job %s: %s", filepath.Base(e.file), name, filepath.Base(other.file))
		}
	}
	return nil
}

// refuse notes that a file is broken, and says so once.
func (d *Daemon) refuse(e *entry, err error) {
	if e.error == nil || e.error.Error() != err.Error() {
		goes := "there is no good version, so it is not run"
		if e.job != nil {
			goes = "its last good version goes on"
		}
		d.o.Log.Error("a job file is broken; "+goes, "file", e.file, "error", err.Error())
	}
	e.error = err
}
