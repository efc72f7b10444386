package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs"
	"optout/jobs/history"
	"optout/writers"
)

// jobText is a job file, whose inputs are never read here.
const jobText = `job: nightly
schedule: "30 2 * * *"
timezone: Europe/Paris
consents:
  path: consents.parquet
  key: profile_id
send_lists:
  - name: vip
    path: vip.parquet
    channel: email
    profile: profile_id
    address: email
policy:
  propagate_by_address: false
output:
  path: out
`

// folder is a folder of jobs, and the nights that a daemon makes of them. Its runs
// write the history as jobs.Run does, and come to what the test says.
type folder struct {
	t   *testing.T
	dir string
	log *bytes.Buffer
	to  *slog.Logger // it

	mu    sync.Mutex
	runs  []string // job, date, starter and time of every run that began
	most  int      // runs that worked at once
	works map[string]bool

	// outcome is what becomes of a run; nil for published at once.
	outcome func(ctx context.Context, j *jobs.Job, date string) error
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{t: t, dir: t.TempDir(), log: &bytes.Buffer{}, works: map[string]bool{}}
	f.to = slog.New(slog.NewTextHandler(f.log, nil))
	f.write("nightly.yaml", jobText)
	return f
}

func (f *folder) write(name, text string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
		f.t.Error(err)
	}
}

// with is the job with a text in place of another.
func with(t *testing.T, old, changed string) string {
	t.Helper()
	if !strings.Contains(jobText, old) {
		t.Fatalf("the job has no %q", old)
	}
	return strings.Replace(jobText, old, changed, 1)
}

// daemon makes a daemon on the folder.
func (f *folder) daemon(change func(*Options)) *Daemon {
	o := Options{
		Dir: f.dir, Now: time.Now, Look: time.Hour, Slots: 1, Grace: time.Minute,
		Log: f.to, Run: f.run,
	}
	if change != nil {
		change(&o)
	}
	return New(o)
}

// bubble runs a test by a clock of its own, which begins at midnight of
// 2000-01-01 in UTC.
func (f *folder) bubble(do func()) {
	outside := f.t
	synctest.Test(outside, func(t *testing.T) {
		f.t = t
		do()
	})
	f.t = outside
}

// serve runs a daemon for a while.
func (f *folder) serve(d time.Duration, change func(*Options)) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), d)
	defer cancel()
	if err := f.daemon(change).Serve(ctx); err != nil {
		f.t.Error(err)
	}
}

// run is jobs.Run without inputs and outputs.
func (f *folder) run(ctx context.Context, j *jobs.Job, o jobs.Options) (*jobs.Result, error) {
	dir, modes := filepath.Join(f.dir, "out", j.Name), history.Modes{File: 0o600, Dir: 0o700}
	all, err := history.Settle(dir, modes)
	if err != nil {
		return nil, err
	}
	if o.Claim != nil {
		if err := o.Claim(all); err != nil {
			return nil, err
		}
	}
	f.begin(j, o)
	a := &history.Attempt{Job: j.Name, Date: o.Date, Status: history.Running, By: o.By, StartedAt: o.Now.UTC()}
	record, err := history.Begin(dir, a, modes)
	if err != nil {
		return nil, err
	}
	free, err := o.Slot(ctx)
	if err == nil {
		defer free()
		err = f.work(ctx, j, o.Date)
	}
	at := time.Now().UTC()
	a.FinishedAt, a.Status = &at, history.Published
	var refusal *jobs.Refusal
	switch {
	case errors.Is(err, errKilled):
		return nil, err
	case errors.Is(err, context.Canceled):
		a.Status = history.Interrupted
	case errors.As(err, &refusal):
		a.Status = history.Refused
	case err != nil:
		a.Status = history.Failed
	}
	return &jobs.Result{RunID: "id", Job: j.Name, Date: o.Date}, errors.Join(err, record.End(a))
}

// errKilled is a run whose process is killed: it does not say how it ended.
var errKilled = errors.New("killed")

func (f *folder) begin(j *jobs.Job, o jobs.Options) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.runs = append(f.runs, fmt.Sprintf("%s %s %s %s", j.Name, o.Date, o.By, time.Now().In(j.Zone()).Format("2006-01-02 15:04 MST")))
}

func (f *folder) work(ctx context.Context, j *jobs.Job, date string) error {
	f.mu.Lock()
	if f.works[j.Name] {
		f.t.Errorf("%s: two runs of %s at once", date, j.Name)
	}
	f.works[j.Name] = true
	f.most = max(f.most, len(f.works))
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.works, j.Name)
		f.mu.Unlock()
	}()
	if f.outcome == nil {
		return nil
	}
	return f.outcome(ctx, j, date)
}

// take lists the runs since it was called last.
func (f *folder) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	runs := f.runs
	f.runs = nil
	return runs
}

func (f *folder) checkRuns(when string, want ...string) {
	f.t.Helper()
	if diff := cmp.Diff(want, f.take()); diff != "" {
		f.t.Errorf("%s (-want +got):\n%s\n%s", when, diff, f.log)
	}
}

// checkHistory compares lines of id and status.
func (f *folder) checkHistory(job string, want ...string) {
	f.t.Helper()
	all, err := history.Read(filepath.Join(f.dir, "out", job))
	if err != nil {
		f.t.Fatal(err)
	}
	var got []string
	for i := range all {
		got = append(got, all[i].ID()+" "+string(all[i].Status))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Errorf("history of %s (-want +got):\n%s", job, diff)
	}
}

// linger is work that takes a while.
func linger(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

var refusal = &jobs.Refusal{Gates: []writers.Gate{{Name: "max_age", Subject: "consents", Reading: "old"}}}

const day = 24 * time.Hour

// TestYear: every date of a leap year, both changes of clocks in it, is run for
// once, at its time.
func TestYear(t *testing.T) {
	f := newFolder(t)
	f.bubble(func() {
		f.serve(366*day, func(o *Options) { o.Look = 7 * day })
	})
	var want []string
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for date := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); date.Year() == 2000; date = date.AddDate(0, 0, 1) {
		clock := time.Date(2000, date.Month(), date.Day(), 2, 30, 0, 0, zone).Format("15:04 MST")
		switch date.Format(time.DateOnly) {
		case "2000-03-26":
			clock = "03:00 CEST"
		case "2000-10-29":
			clock = "02:30 CEST"
		}
		text := date.Format(time.DateOnly)
		want = append(want, fmt.Sprintf("nightly %s schedule %s %s", text, text, clock))
	}
	f.checkRuns("a year", want...)
	if !slices.Contains(want, "nightly 2000-02-29 schedule 2000-02-29 02:30 CET") {
		t.Error("the year has no leap day")
	}
}

// TestFailures: a failure is tried again, later and later; a refusal never.
func TestFailures(t *testing.T) {
	f := newFolder(t)
	failures := map[string]int{"2000-01-01": 3, "2000-01-02": 100, "2000-01-03": 1}
	f.outcome = func(_ context.Context, _ *jobs.Job, date string) error {
		if failures[date]--; failures[date] >= 0 {
			return errors.New("disk full")
		}
		if date == "2000-01-04" {
			return refusal
		}
		if date == "2000-01-05" {
			panic("a bug")
		}
		return nil
	}
	f.write("nightly.yaml", with(t, "job: nightly\n", "job: nightly\nretry: {times: 4, wait: 10m, max_wait: 30m}\n"))
	f.bubble(func() { f.serve(4*day+12*time.Hour, nil) })
	f.checkRuns("nights with failures",
		"nightly 2000-01-01 schedule 2000-01-01 02:30 CET", "nightly 2000-01-01 retry 2000-01-01 02:40 CET",
		"nightly 2000-01-01 retry 2000-01-01 03:00 CET", "nightly 2000-01-01 retry 2000-01-01 03:30 CET",
		"nightly 2000-01-02 schedule 2000-01-02 02:30 CET", "nightly 2000-01-02 retry 2000-01-02 02:40 CET",
		"nightly 2000-01-02 retry 2000-01-02 03:00 CET", "nightly 2000-01-02 retry 2000-01-02 03:30 CET",
		"nightly 2000-01-02 retry 2000-01-02 04:00 CET",
		"nightly 2000-01-03 schedule 2000-01-03 02:30 CET", "nightly 2000-01-03 retry 2000-01-03 02:40 CET",
		"nightly 2000-01-04 schedule 2000-01-04 02:30 CET",
		"nightly 2000-01-05 schedule 2000-01-05 02:30 CET",
		"nightly 2000-01-05 retry 2000-01-05 02:40 CET", "nightly 2000-01-05 retry 2000-01-05 03:00 CET",
		"nightly 2000-01-05 retry 2000-01-05 03:30 CET", "nightly 2000-01-05 retry 2000-01-05 04:00 CET",
	)
}
