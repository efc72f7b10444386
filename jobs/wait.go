package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"optout/writers"
)

// lookEvery is how often a run looks whether an input that it waits for is
// complete.
const lookEvery = 10 * time.Second

// awaited is an input that is complete once its marker is there.
type awaited struct {
	name string
	path string // as the job names it, date filled in
	*WaitFor
}

// awaited lists the inputs that the job waits for.
func (j *Job) awaited(date logicalDate) (all []awaited) {
	add := func(name, path string, w *WaitFor) {
		if w != nil {
			all = append(all, awaited{name, date.expand(path), w})
		}
	}
	if p := j.Profiles; p != nil {
		add(profilesName, p.Path, p.WaitFor)
	}
	for i := range j.Consents {
		add(consentsName(i, len(j.Consents)), j.Consents[i].Path, j.Consents[i].WaitFor)
	}
	for _, s := range j.screenings() {
		add(s.name, s.Path, s.WaitFor)
	}
	for i := range j.Events {
		add(j.Events[i].Name, j.Events[i].Path, j.Events[i].WaitFor)
	}
	for i := range j.SendLists {
		add(j.SendLists[i].Name, j.SendLists[i].Path, j.SendLists[i].WaitFor)
	}
	return all
}

// marker is where the marker of an input stands, and whether it is there: in the
// directory that the path names, or beside the files that it names.
func (j *Job) marker(a awaited, date logicalDate) (path string, there bool, err error) {
	name := date.expand(orDefaultText(a.Marker, defaultMarker))
	full := j.resolve(a.path)
	dir := full
	info, err := os.Stat(full)
	switch {
	case strings.HasSuffix(a.path, "/"), err == nil && info.IsDir():
	case err == nil, isPattern(a.path):
		dir = filepath.Dir(full)
	case errors.Is(err, fs.ErrNotExist):
		return a.path, false, nil
	default:
		return a.path, false, err
	}
	path = filepath.Join(dir, name)
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return j.relative(path, a.path), false, nil
	}
	return j.relative(path, a.path), err == nil, err
}

// isPattern reports whether a path of a job file is a glob pattern.
func isPattern(path string) bool { return strings.ContainsAny(path, "*?[") }

// readMarkers reads the gate on every input that has a marker, and lists those
// that are not complete.
func (j *Job) readMarkers(date logicalDate, g *gates) (missing []awaited) {
	for _, a := range j.awaited(date) {
		path, there, err := j.marker(a, date)
		reading := path + " is there"
		switch {
		case err != nil:
			reading = j.relativeError(err)
		case !there:
			reading = path + " is not there"
		}
		if g.read(gateIncomplete, a.name, there, reading, "within "+span(time.Duration(a.Timeout))); !there {
			missing = append(missing, a)
		}
	}
	return missing
}

// wait returns once all inputs are complete, with the readings that say so and
// the time, and refuses when one is not within its time.
func (r *run) wait(ctx context.Context, j *Job) (g *gates, at time.Time, err error) {
	at = r.options.Now
	for told := ""; ; at = elapsed(r.options.Now, r.begun) {
		g = &gates{accept: r.options.Accept}
		missing := j.readMarkers(r.day, g)
		if missing == nil {
			return g, at, nil
		}
		waited := at.Sub(r.options.Now)
		left := time.Duration(missing[0].Timeout) - waited
		for _, a := range missing {
			left = min(left, time.Duration(a.Timeout)-waited)
		}
		if left <= 0 {
			return nil, at, &Refusal{Gates: late(g.closed(), missing, waited)}
		}
		if names := namesOf(missing); names != told {
			told = names
			r.log.Info("waiting for inputs to be complete", "inputs", names, "at_most", left.String())
		}
		timer := time.NewTimer(min(left, lookEvery))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, at, fmt.Errorf("wait for %s: %w", told, context.Cause(ctx))
		case <-timer.C:
		}
	}
}

// late keeps of the gates of missing inputs those whose time is over.
func late(gates []writers.Gate, missing []awaited, waited time.Duration) (over []writers.Gate) {
	for i, a := range missing {
		if time.Duration(a.Timeout) <= waited {
			over = append(over, gates[i])
		}
	}
	return over
}

func namesOf(all []awaited) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.name
	}
	return strings.Join(names, ", ")
}

// checkWaitFor makes sure that a marker can be found.
func checkWaitFor(m *mistakes, key, path string, w *WaitFor) {
	if w == nil {
		return
	}
	key += ".wait_for"
	if w.Timeout == 0 {
		m.add(key+".timeout", "missing: how long a run waits at most, as in 3h")
	}
	if strings.ContainsAny(w.Marker, `/\*?[`) || w.Marker == "." || w.Marker == ".." {
		m.add(key+".marker", "%q is no name of a file: the marker stands in the directory of the input", w.Marker)
	}
	checkPath(m, key+".marker", w.Marker)
	if isPattern(filepath.Dir(path)) {
		m.add(key, "the path has a pattern among its directories, so nothing says which of them has the marker")
	}
}
