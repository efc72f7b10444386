package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// world is a directory with the job of testdata/base and its inputs.
type world struct {
	t   *testing.T
	dir string
	now time.Time // a minute later with each run
}

func newWorld(t *testing.T) *world {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t, t.TempDir(), at}
	if err := layBase(w.dir); err != nil {
		t.Fatal(err)
	}
	return w
}

// edit replaces a text of the job file.
func (w *world) edit(old, changed string) {
	w.t.Helper()
	path := filepath.Join(w.dir, "job.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		w.t.Fatalf("the job has no %q", old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(changed)), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// start runs the job in a process of its own, with an accident or with none.
func (w *world) start(accident string) error {
	w.t.Helper()
	cmd := exec.Command("optout", "run", "job.yaml")
	cmd.Dir = w.dir
	w.now = w.now.Add(time.Minute)
	cmd.Env = append(os.Environ(), testNow+"="+w.now.Format(time.RFC3339), testStep+"="+accident, "TMPDIR="+w.dir)
	out, err := cmd.CombinedOutput()
	w.t.Logf("%s", out)
	return err
}

// publish runs the job undisturbed and returns the directory of the run.
func (w *world) publish() string {
	w.t.Helper()
	if err := w.start(""); err != nil {
		w.t.Fatalf("an undisturbed run: %v", err)
	}
	if err := checkRuns(w.dir); err != nil {
		w.t.Fatal(err)
	}
	return w.latest()
}

func (w *world) latest() string {
	w.t.Helper()
	dir, err := latestRun(filepath.Join(w.dir, "out", "nightly-marketing"))
	if err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// TestKilled kills the process at each step of publication. Nothing may be
// visible that is not whole, and the next run must do as if nothing had been.
func TestKilled(t *testing.T) {
	undisturbed := newWorld(t)
	steps := undisturbed.steps()
	if len(steps) < 6 {
		t.Fatalf("a run has only the steps %q", steps)
	}
	run := undisturbed.latest()
	want, err := dataFiles(run)
	if err != nil {
		t.Fatal(err)
	}
	renamed := slices.Index(steps, "renamed")
	for i, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.edit("default_region: FR", "default_region: DE")
			earlier := w.publish()
			w.edit("default_region: DE", "default_region: FR")

			err := w.start(step + "=kill")
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("got %v, want the process killed", err)
			}
			mine := filepath.Join(w.dir, "out", "nightly-marketing", "date=2026-11-24", filepath.Base(run))
			_, err = os.Stat(mine)
			if visible := err == nil; visible != (i >= renamed) {
				t.Errorf("killed at %q: is the run visible: %v", step, visible)
			} else if visible {
				if err := checkRun(mine); err != nil {
					t.Errorf("killed at %q, the visible run is not whole: %v", step, err)
				}
			}
			if latest := w.latest(); latest != earlier && latest != mine {
				t.Errorf("killed at %q, latest.json names %s", step, latest)
			}

			if got := w.publish(); got != mine {
				t.Errorf("the run after it published %s, want %s", got, mine)
			}
			got, err := dataFiles(mine)
			if err != nil {
				t.Fatal(err)
			}
			if diff := diffFiles(want, got); diff != "" {
				t.Errorf("the run after it differs from an undisturbed one: %s", diff)
			}
		})
	}
}

// steps runs the job in this process and lists the steps of publication.
func (w *world) steps() (names []string) {
	w.t.Helper()
	var log bytes.Buffer
	args := []string{"run", filepath.Join(w.dir, "job.yaml")}
	status := runAt(context.Background(), w.now, args, io.Discard, &log, func(name string) { names = append(names, name) })
	if status != statusPublished {
		w.t.Fatalf("exit status %d: %s", status, &log)
	}
	return names
}
