package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs"
	"optout/jobs/history"
	"optout/jobs/serve"
)

// nights is a folder that is served for some weeks, by the clock of a bubble.
type nights struct {
	*world
	text *bytes.Buffer
	log  *slog.Logger // to it
	stop func()       // the daemon
}

// newNights makes a folder whose job waits for its snapshots, and catches up. It
// does not write zstd: encoders are kept for whoever writes next, and have a channel
// that only the bubble they were made in may use.
func newNights(t *testing.T) *nights {
	t.Helper()
	n := &nights{world: newWorld(t), text: &bytes.Buffer{}}
	n.log = slog.New(slog.NewTextHandler(n.text, nil))
	n.edit("as_of: path", "as_of: path\n  wait_for: {timeout: 3h}")
	n.edit("timezone: Europe/Paris", "timezone: Europe/Paris\ncatch_up: all")
	n.edit("  path: out\n", "  path: out\n  compression: snappy\n")
	return n
}

// serve begins a daemon in the bubble.
func (n *nights) serve() {
	ctx, cancel := context.WithCancel(n.t.Context())
	d := serve.New(serve.Options{
		Dir: n.dir, Now: time.Now, Look: time.Hour, Slots: 1, Grace: 0, Log: n.log, Run: jobs.Run,
		Each: jobs.Options{Threads: 1, Log: n.log, Version: "test", Step: n.step},
	})
	done := make(chan error)
	go func() { done <- d.Serve(ctx) }()
	n.stop = func() {
		cancel()
		if err := <-done; err != nil {
			n.t.Error(err)
		}
	}
}

// step lets a night's work take some minutes.
func (n *nights) step(name string) {
	if name == "stage made" {
		<-time.After(3 * time.Minute)
	}
}

// killed runs a daemon in a process of its own, from a second before the night's
// run on, and has it killed at a step of publication.
func (n *nights) killed(step string) {
	n.t.Helper()
	cmd := exec.Command("optout", "serve", ".")
	cmd.Dir = n.dir
	cmd.Env = append(os.Environ(), testNow+"="+time.Now().Format(time.RFC3339), testStep+"="+step+"=kill", "TMPDIR="+n.dir)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		n.t.Errorf("a daemon that is killed at %q: %v\n%s", step, err, out)
	}
}

// export writes the snapshots of a date, the marker last.
func (n *nights) export(date string, marker bool) {
	n.t.Helper()
	for _, kind := range []string{"profiles", "consents"} {
		dir := filepath.Join(n.dir, kind, "date="+date)
		text, err := os.ReadFile(filepath.Join(n.dir, kind, "date=2026-11-24", "part-0.parquet"))
		if err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "part-0.parquet"), text, 0o600)
		}
		if err == nil && marker {
			err = os.WriteFile(filepath.Join(dir, "_SUCCESS"), nil, 0o600)
		}
		if err != nil {
			n.t.Fatal(err)
		}
	}
}

// latestFile is the file that names the last run.
func (n *nights) latestFile() string {
	return filepath.Join(n.dir, "out", "nightly-marketing", "latest.json")
}

// sleepUntil waits for a time of a date by the clock on the wall in Paris.
func (n *nights) sleepUntil(date, clock string) {
	n.t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		n.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", date+" "+clock, zone)
	if err != nil {
		n.t.Fatal(err)
	}
	if wait := time.Until(at); wait > 0 {
		<-time.After(wait)
	}
}

// night is what happens to one date. It begins at noon of the day before and ends
// at noon.
func (n *nights) night(date string) {
	n.t.Helper()
	switch date {
	case "2000-03-12": // the output cannot be read for a while
		n.export(date, true)
		n.sleepUntil(date, "02:00:00")
		was, err := os.ReadFile(n.latestFile())
		if err != nil {
			n.t.Fatal(err)
		}
		mustWrite(n.t, n.latestFile(), []byte("{"))
		n.sleepUntil(date, "02:50:00")
		mustWrite(n.t, n.latestFile(), was)
	case "2000-03-14": // the snapshot is late
		n.export(date, false)
		n.sleepUntil(date, "04:40:00")
		n.export(date, true)
	case "2000-03-16": // and this one never comes to an end
		n.export(date, false)
	case "2000-03-18": // an old part lies among the new ones
		n.export(date, true)
		old := filepath.Join(n.dir, "consents", "date="+date, "dt=2000-01-01")
		if err := os.Mkdir(old, 0o700); err != nil {
			n.t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(n.dir, "consents", "date="+date, "part-0.parquet"), filepath.Join(old, "part-0.parquet")); err != nil {
			n.t.Fatal(err)
		}
	case "2000-03-20", "2000-03-22": // the daemon is killed in the middle, and comes back
		n.export(date, true)
		n.stop()
		n.sleepUntil(date, "02:29:59")
		n.killed(map[string]string{"2000-03-20": "synced", "2000-03-22": "renamed"}[date])
		n.sleepUntil(date, "03:10:00")
		n.serve()
	case "2000-03-24": // it is told to stop in the middle
		n.export(date, true)
		n.sleepUntil(date, "02:31:00")
		n.stop()
		n.sleepUntil(date, "02:45:00")
		n.serve()
	case "2000-03-28", "2000-03-29": // nothing serves
		n.export(date, true)
		n.stop()
		n.stop = func() {}
	case "2000-03-30": // it comes back in the morning
		n.export(date, true)
		n.sleepUntil(date, "11:30:00")
		n.serve()
	case "2000-04-02": // somebody is early
		n.export(date, true)
		n.sleepUntil(date, "01:00:00")
		job, err := jobs.Load(filepath.Join(n.dir, "job.yaml"))
		if err != nil {
			n.t.Fatal(err)
		}
		if _, err := jobs.Run(n.t.Context(), job, jobs.Options{Now: time.Now(), Threads: 1, Log: slog.New(slog.DiscardHandler)}); err != nil {
			n.t.Error(err)
		}
	case "2000-04-04": // two daemons
		n.export(date, true)
		first := n.stop
		n.serve()
		n.sleepUntil(date, "06:00:00")
		first()
	default:
		n.export(date, true)
	}
	n.sleepUntil(date, "12:00:00")
}

func mustWrite(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestThirtyNights: failures, a change of clocks, a late snapshot, gates that
// refuse, processes that are killed: every logical date ends with exactly one
// published run or one stated refusal.
func TestThirtyNights(t *testing.T) {
	n := newNights(t)
	synctest.Test(t, func(inside *testing.T) {
		n.t = inside
		n.sleepUntil("2000-03-09", "12:00:00")
		n.serve()
		for d := range 30 {
			n.night(time.Date(2000, 3, 10+d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		}
		n.stop()
	})
	n.t = t
	if err := checkRuns(n.dir); err != nil {
		t.Error(err)
	}
	dir := filepath.Join(n.dir, "out", "nightly-marketing")
	all, err := history.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	tries := map[string][]string{}
	for i := range all {
		a := &all[i]
		tries[a.Date] = append(tries[a.Date], fmt.Sprintf("%s %s %s", a.By, a.Status, a.StartedAt.In(mustZone(t)).Format("02 15:04")))
	}
	usual := func(day string) []string { return []string{"schedule published " + day + " 02:30"} }
	special := map[string][]string{
		"2000-03-12": {
			"schedule failed 12 02:30", "retry failed 12 02:31", "retry failed 12 02:33", "retry failed 12 02:37", "retry failed 12 02:45",
			"retry published 12 03:01",
		},
		"2000-03-16": {"schedule refused 16 02:30"},
		"2000-03-18": {"schedule refused 18 02:30"},
		"2000-03-20": {"schedule interrupted 20 02:30", "retry published 20 03:10"},
		"2000-03-22": {"schedule interrupted 22 02:30", "retry already_published 22 03:10"},
		"2000-03-24": {"schedule interrupted 24 02:30", "retry published 24 02:45"},
		"2000-03-26": {"schedule published 26 03:00"},
		"2000-03-28": {"catch_up refused 30 11:30"}, // its snapshots are too old by then
		"2000-03-29": {"catch_up published 30 11:30"},
		"2000-03-30": {"catch_up published 30 11:33"},
		"2000-04-02": {"hand published 02 01:00"},
	}
	for d := range 30 {
		day := time.Date(2000, 3, 10+d, 0, 0, 0, 0, time.UTC)
		date := day.Format(time.DateOnly)
		want := special[date]
		if want == nil {
			want = usual(day.Format("02"))
		}
		if diff := cmp.Diff(want, tries[date]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", date, diff)
		}
		runs, err := filepath.Glob(filepath.Join(dir, "date="+date, "run=*"))
		if err != nil {
			t.Fatal(err)
		}
		refusals := strings.Count(strings.Join(tries[date], "\n"), " refused ")
		if len(runs)+refusals != 1 {
			t.Errorf("%s ends with %d published runs and %d refusals", date, len(runs), refusals)
		}
	}
	if len(tries) != 30 {
		t.Errorf("the history has %d dates", len(tries))
	}
	for i := range all {
		if a := &all[i]; a.Status == history.Refused && (a.Error == "" || len(a.Gates) == 0) {
			t.Errorf("%s does not say why it was refused: %+v", a.ID(), a)
		}
	}
	if t.Failed() {
		t.Log(n.text)
	}
}

func mustZone(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
