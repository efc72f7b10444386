package pagetest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"optout/jobs"
	"optout/jobs/history"
	"optout/jobs/page"
	"optout/jobs/serve"
	"optout/writers"
)

// Token is what runs are started with.
const Token = "the token of the tests"

// Now is the time in all worlds.
func Now() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }

// T is what a test gives: *testing.T does.
type T interface {
	Helper()
	Error(args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	TempDir() string
	Cleanup(end func())
}

// A World is a folder of jobs, with a daemon and its page.
type World struct {
	t    T
	Dir  string
	Log  *Log
	page page.Options

	mu     sync.Mutex
	starts []string
	Block  bool // runs do not end before the world does
	daemon *serve.Daemon
}

// Log is what was logged.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to the log.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// New makes a world without jobs.
func New(t T) *World {
	t.Helper()
	w := &World{t: t, Dir: t.TempDir(), Log: &Log{}}
	log := slog.New(slog.NewTextHandler(w.Log, nil))
	w.daemon = serve.New(serve.Options{Dir: w.Dir, Now: Now, Look: time.Hour, Slots: 2, Log: log, Run: w.run})
	w.page = page.Options{Jobs: w.daemon, Now: Now, Token: []byte(Token), Version: "v1.2.3", Log: log}
	return w
}

const jobText = `job: NAME
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

// Job writes a job file, in which the texts of changes stand in place of others.
func (w *World) Job(name string, changes ...string) {
	w.t.Helper()
	text := strings.NewReplacer(append([]string{"NAME", name}, changes...)...).Replace(jobText)
	w.write(filepath.Join(w.Dir, name+".yaml"), text)
}

// Night writes down an attempt that began at half past two of a date, and ended so.
// Change, which may be nil, changes it before.
func (w *World) Night(job, date string, status history.Status, change func(a *history.Attempt)) {
	w.t.Helper()
	start, err := time.Parse(time.DateOnly, date)
	if err != nil {
		w.t.Fatal(err)
	}
	start = start.Add(90 * time.Minute)
	end, exit := start.Add(3*time.Minute+20*time.Second), 0
	a := &history.Attempt{
		Job: job, Date: date, Status: history.Running, By: history.BySchedule, Due: &start, StartedAt: start,
		Accepted: []string{}, Gates: gates(), Inputs: inputs(start),
		Program: writers.Program{Name: "optout", Version: "v1.2.3"}, Host: "night-1", Process: 1,
	}
	dir, modes := filepath.Join(w.Dir, "out", job), history.Modes{File: 0o600, Dir: 0o700}
	record, err := history.Begin(dir, a, modes)
	if err != nil {
		w.t.Fatal(err)
	}
	a.Status, a.FinishedAt, a.Exit = status, &end, &exit
	switch status {
	case history.Published, history.Already:
		a.RunID, a.Summary = "d06a68755ec52b26", summary(job, date)
		a.Path = "date=" + date + "/run=" + a.RunID
		report := filepath.Join(dir, a.Path, "report.html")
		if err := os.MkdirAll(filepath.Dir(report), 0o700); err != nil {
			w.t.Fatal(err)
		}
		w.write(report, "<!doctype html><html lang=en><title>Report</title><h1>The report of "+date+"</h1>")
	case history.Refused:
		exit = 3
		age, most := 40*time.Hour.Seconds(), 26*time.Hour.Seconds()
		a.Inputs[0].Age, a.Inputs[0].MaxAge = &age, &most
		a.Gates[0] = writers.Gate{Name: "max_age", Subject: "consents", Reading: "40h0m old (as of 2026-11-23T10:30:00Z)", Limit: "26h0m"}
		a.Gates[1] = writers.Gate{Name: "max_shrink", Subject: "consents", Reading: "31.4% fewer rows than in the last published run", Limit: "20%"}
		a.Error = "refused: gate max_age: consents: 40h0m old (as of 2026-11-23T10:30:00Z), limit 26h0m (to let it through once: --accept max_age:consents)\n" +
			"         gate max_shrink: consents: 31.4% fewer rows than in the last published run, limit 20% (to let it through once: --accept max_shrink:consents)"
	case history.Failed:
		exit = 1
		a.Error = "write audiences/vip/part-00000.parquet: no space left on device"
	}
	if change != nil {
		change(a)
	}
	if err := record.End(a); err != nil {
		w.t.Fatal(err)
	}
}

func gates() []writers.Gate {
	return []writers.Gate{
		{Name: "max_age", Subject: "consents", Reading: "10h30m old (as of 2026-11-24T16:00:00Z)", Limit: "26h0m", Passed: true},
		{Name: "max_shrink", Subject: "consents", Reading: "0.3% more rows than in the last published run", Limit: "20%", Passed: true},
		{Name: "require_opt_outs", Subject: "consents", Reading: "48,112 opt-outs", Limit: "at least 1", Passed: true},
		{Name: "max_quarantined", Subject: "vip", Reading: "0.1% of rows quarantined", Limit: "5%", Passed: true},
	}
}

func inputs(start time.Time) []history.Input {
	age, most, of := 10.5*time.Hour.Seconds(), 26*time.Hour.Seconds(), start.Add(-10*time.Hour-30*time.Minute)
	return []history.Input{
		{Name: "consents", Kind: "consents", Path: "consents.parquet", Rows: 1_204_552, AsOf: &of, Age: &age, MaxAge: &most},
		{Name: "vip", Kind: "send_list", Path: "vip.parquet", Rows: 18_240},
	}
}

// summary counts a little more each day, and says why.
func summary(job, date string) *writers.Summary {
	day, _ := time.Parse(time.DateOnly, date)
	n := int64(day.YearDay())
	counts := writers.Counts{Planned: 18_000 + n, Kept: 15_200 + 2*n, Dropped: 2_780 - n, Quarantined: 20}
	return &writers.Summary{
		RunID: "d06a68755ec52b26", Job: job, Date: date, Total: counts,
		Lists: []writers.ListSummary{{
			Name: "vip", Channel: "email", Category: "marketing", Counts: counts,
			Reasons: []writers.ReasonCount{
				{Decision: "dropped", Reason: "opt_out_channel", Rows: 1_900 - n, Listed: 2_000},
				{Decision: "dropped", Reason: "consent_expired", Rows: 880, Listed: 900},
				{Decision: "quarantined", Reason: "malformed_address", Rows: 20, Listed: 20},
			},
		}},
	}
}

// Start serves the folder until the test ends, and returns the page's handler.
// Change, which may be nil, changes the page's options before.
func (w *World) Start(change func(o *page.Options)) http.Handler {
	w.t.Helper()
	if change != nil {
		change(&w.page)
	}
	p, err := page.New(w.page)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.daemon.Serve(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
	files, err := jobs.Files(w.Dir)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Await("the daemon has read the folder", func() bool { return len(w.daemon.States()) == len(files) })
	return p.Handler()
}

// Await waits until something is so.
func (w *World) Await(what string, is func() bool) {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 2000 {
		if is() {
			return
		}
		<-tick.C
	}
	w.t.Fatalf("waited in vain: %s\n%s", what, w.Log)
}

// Run starts a job, which then runs until the world ends.
func (w *World) Run(job string) {
	w.t.Helper()
	w.Block = true
	if err := w.daemon.Start(job, "", nil); err != nil {
		w.t.Fatal(err)
	}
	w.Await("it works", func() bool {
		for _, s := range w.daemon.States() {
			if s.Job != nil && s.Job.Name == job && s.Running != nil && s.Running.Working {
				return true
			}
		}
		return false
	})
}

// Daemon is what runs the jobs.
func (w *World) Daemon() *serve.Daemon { return w.daemon }

// Running reports whether some job runs.
func (w *World) Running() bool {
	return slices.ContainsFunc(w.daemon.States(), func(s serve.State) bool { return s.Running != nil })
}

// Starts lists the runs that were started, with what was let through.
func (w *World) Starts() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.starts...)
}

// run is a run that reads nothing: it is published at once, or when the world ends.
func (w *World) run(ctx context.Context, j *jobs.Job, o jobs.Options) (*jobs.Result, error) {
	w.mu.Lock()
	w.starts = append(w.starts, fmt.Sprint(j.Name, " ", o.Date, " ", o.By, " ", o.Accept))
	w.mu.Unlock()
	free, err := o.Slot(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	if w.Block {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	w.Night(j.Name, o.Date, history.Published, func(a *history.Attempt) { a.By, a.Accepted = o.By, append(a.Accepted, o.Accept...) })
	return &jobs.Result{RunID: "d06a68755ec52b26", Job: j.Name, Date: o.Date}, nil
}

func (w *World) write(path, text string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Broken writes a job file that is none.
func (w *World) Broken(name string) {
	w.t.Helper()
	w.write(filepath.Join(w.Dir, name), "jub: nightly\n")
}
