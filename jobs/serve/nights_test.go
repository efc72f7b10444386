package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// TestCatchUp: what a daemon does that comes back after some nights.
func TestCatchUp(t *testing.T) {
	for catchUp, want := range map[string][]string{
		"latest": {"nightly 2000-01-05 catch_up 2000-01-05 13:00 CET", "nightly 2000-01-06 schedule 2000-01-06 02:30 CET"},
		"none":   {"nightly 2000-01-06 schedule 2000-01-06 02:30 CET"},
		"all": {
			"nightly 2000-01-02 catch_up 2000-01-05 13:00 CET", "nightly 2000-01-03 catch_up 2000-01-05 13:00 CET",
			"nightly 2000-01-04 catch_up 2000-01-05 13:00 CET", "nightly 2000-01-05 catch_up 2000-01-05 13:00 CET",
			"nightly 2000-01-06 schedule 2000-01-06 02:30 CET",
		},
	} {
		t.Run(catchUp, func(t *testing.T) {
			f := newFolder(t)
			f.write("nightly.yaml", with(t, "job: nightly\n", "job: nightly\ncatch_up: "+catchUp+"\n"))
			f.bubble(func() {
				f.serve(12*time.Hour, nil)
				f.checkRuns("the first night", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET")
				<-time.After(4 * day)
				f.serve(18*time.Hour, nil)
				f.checkRuns("back again", want...)
				f.serve(time.Hour, nil)
				f.checkRuns("once more")
			})
			settled := map[string]string{}
			all, err := history.Read(filepath.Join(f.dir, "out", "nightly"))
			if err != nil {
				t.Fatal(err)
			}
			for i := range all {
				settled[all[i].Date] += string(all[i].Status)
			}
			for date := 1; date <= 6; date++ {
				text := fmt.Sprintf("2000-01-%02d", date)
				if got := settled[text]; got != "published" && (got != "skipped" || catchUp == "all") {
					t.Errorf("%s: got %q", text, got)
				}
			}
		})
	}
}

// TestFirstSight: what came before a job was served nobody asks for, and a job on
// another schedule is served from then on.
func TestFirstSight(t *testing.T) {
	f := newFolder(t)
	f.bubble(func() {
		<-time.After(3 * day)
		f.serve(time.Hour, nil)
		f.checkRuns("at first sight")
		<-time.After(12 * time.Hour)
		f.write("nightly.yaml", with(t, "30 2", "45 2"))
		f.serve(day, nil)
		f.checkRuns("on another schedule", "nightly 2000-01-05 schedule 2000-01-05 02:45 CET")
	})
}

// TestOverlap: a run that takes longer than a day is not overtaken; the night it
// missed comes after it.
func TestOverlap(t *testing.T) {
	f := newFolder(t)
	f.outcome = func(ctx context.Context, _ *jobs.Job, date string) error {
		if date == "2000-01-01" {
			return linger(ctx, 53*time.Hour)
		}
		return nil
	}
	f.bubble(func() { f.serve(4*day, nil) })
	f.checkRuns("a long night", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET", "nightly 2000-01-02 schedule 2000-01-03 07:30 CET",
		"nightly 2000-01-03 schedule 2000-01-03 07:30 CET", "nightly 2000-01-04 schedule 2000-01-04 02:30 CET")
}

// TestSlots: only so many runs work at once, the others wait; jitter parts them.
func TestSlots(t *testing.T) {
	for _, slots := range []int{1, 3, 20} {
		f := newFolder(t)
		f.outcome = func(ctx context.Context, _ *jobs.Job, _ string) error { return linger(ctx, 10*time.Minute) }
		for i := range 9 {
			f.write(fmt.Sprintf("job-%d.yaml", i), with(t, "job: nightly", fmt.Sprintf("job: job-%d", i)))
		}
		f.bubble(func() { f.serve(5*time.Hour, func(o *Options) { o.Slots = slots }) })
		if got, want := f.most, min(slots, 10); got != want || len(f.take()) != 10 {
			t.Errorf("%d slots: %d worked at once, want %d", slots, got, want)
		}
	}
	f := newFolder(t)
	f.write("nightly.yaml", with(t, "job: nightly\n", "job: nightly\njitter: 1h\n"))
	f.bubble(func() { f.serve(12*time.Hour, nil) })
	f.checkRuns("with jitter", "nightly 2000-01-01 schedule 2000-01-01 02:53 CET")
}

// TestFiles: job files come, change, break, are mended and go.
func TestFiles(t *testing.T) {
	f := newFolder(t)
	if err := os.Remove(filepath.Join(f.dir, "nightly.yaml")); err != nil {
		t.Fatal(err)
	}
	f.bubble(func() {
		ctx, cancel := context.WithCancel(f.t.Context())
		defer cancel()
		d := f.daemon(func(o *Options) { o.Look = time.Minute })
		done := make(chan error)
		go func() { done <- d.Serve(ctx) }()
		state := func() string {
			var b strings.Builder
			for _, s := range d.States() {
				fmt.Fprintf(&b, "%s", filepath.Base(s.File))
				if s.Job != nil {
					fmt.Fprintf(&b, " %s %q", s.Job.Name, s.Job.Schedule)
				}
				if s.Error != nil {
					b.WriteString(" broken")
				}
				if s.Next != nil {
					fmt.Fprintf(&b, " next %s %s", s.Next.By, s.Next.At.UTC().Format("01-02 15:04"))
				}
				b.WriteByte('\n')
			}
			return b.String()
		}
		check := func(when string, want ...string) {
			f.t.Helper()
			if got := strings.TrimSpace(state()); got != strings.Join(want, "\n") {
				f.t.Errorf("%s: got\n%s\nwant\n%s", when, got, strings.Join(want, "\n"))
			}
		}
		after := func(d time.Duration) { <-time.After(d + time.Second) }

		after(0)
		check("an empty folder")
		f.write("a.yaml", jobText[:len(jobText)/2])
		after(time.Minute)
		check("half a file", "a.yaml")
		f.write("a.yaml", jobText)
		after(time.Minute)
		check("a whole file that was just written", "a.yaml")
		after(time.Minute)
		check("a file", `a.yaml nightly "30 2 * * *" next schedule 01-01 01:30`)

		after(12 * time.Hour)
		f.checkRuns("a night", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET")
		f.write("a.yaml", with(t, "send_lists", "sendlists"))
		after(3 * time.Minute)
		check("a broken file", `a.yaml nightly "30 2 * * *" broken next schedule 01-02 01:30`)
		after(day)
		f.checkRuns("its last good version", "nightly 2000-01-02 schedule 2000-01-02 02:30 CET")
		if n := strings.Count(f.log.String(), "a job file is broken; its last good version goes on"); n != 1 {
			f.t.Errorf("the log says %d times that the file is broken:\n%s", n, f.log)
		}

		f.write("a.yaml", with(t, "30 2", "0 22"))
		f.write("b.yaml", with(t, "job: nightly", "job: nightly "))
		after(3 * time.Minute)
		check("mended, and another of the same name", `a.yaml nightly "0 22 * * *" next schedule 01-03 21:00`, "b.yaml broken")
		after(10 * time.Hour)
		f.checkRuns("on the new schedule, for a date that is settled")
		if err := os.Remove(filepath.Join(f.dir, "a.yaml")); err != nil {
			f.t.Error(err)
		}
		after(4 * time.Minute)
		check("gone, and its name free", `b.yaml nightly "30 2 * * *" next schedule 01-03 01:30`)
		after(day)
		f.checkRuns("the other file", "nightly 2000-01-03 schedule 2000-01-03 02:30 CET")
		cancel()
		if err := <-done; err != nil {
			f.t.Error(err)
		}
	})
}

// TestStop: runs that work may end within the time that they are given; then they
// are abandoned, and the next daemon goes on with them at once.
func TestStop(t *testing.T) {
	for took, want := range map[time.Duration]string{30 * time.Second: "published", 2 * time.Minute: "interrupted"} {
		f := newFolder(t)
		f.write("second.yaml", with(t, "job: nightly", "job: second"))
		f.outcome = func(ctx context.Context, _ *jobs.Job, _ string) error { return linger(ctx, took+10*time.Second) }
		f.bubble(func() {
			start := time.Now()
			f.serve(90*time.Minute+10*time.Second, nil)
			if stopped := time.Since(start) - 90*time.Minute - 10*time.Second; stopped != min(took, time.Minute) {
				f.t.Errorf("the daemon took %s to end", stopped)
			}
			// Of the two jobs one works, the other waits for its place.
			f.take()
			all := map[string]int{}
			for _, name := range []string{"nightly", "second"} {
				attempts, err := history.Read(filepath.Join(f.dir, "out", name))
				if err != nil || len(attempts) != 1 {
					f.t.Fatalf("got %v, error %v", attempts, err)
				}
				all[string(attempts[0].Status)]++
			}
			if all[want] == 0 || all["interrupted"] == 0 {
				f.t.Errorf("runs of %s: got %v", took, all)
			}
			<-time.After(time.Hour)
			f.serve(time.Hour, nil)
			again := f.take()
			if len(again) != all["interrupted"] || !strings.Contains(again[0], "retry 2000-01-01 03:3") {
				f.t.Errorf("the next daemon did %q", again)
			}
		})
	}
}

// TestKilledDaemon: a daemon that is killed leaves an attempt without an end; the
// next one tries again, without being asked to catch up.
func TestKilledDaemon(t *testing.T) {
	f := newFolder(t)
	f.write("nightly.yaml", with(t, "job: nightly\n", "job: nightly\ncatch_up: none\n"))
	f.outcome = func(context.Context, *jobs.Job, string) error { return errKilled }
	f.bubble(func() {
		f.serve(90*time.Minute+time.Second, nil)
		f.outcome = nil
		<-time.After(10 * time.Hour)
		f.serve(time.Hour, nil)
	})
	f.checkRuns("killed, and back again", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET", "nightly 2000-01-01 retry 2000-01-01 12:30 CET")
	f.checkHistory("nightly", "2000-01-01-001 interrupted", "2000-01-01-002 published")
}

// TestTwoDaemons: two on one folder run each night once.
func TestTwoDaemons(t *testing.T) {
	f := newFolder(t)
	f.outcome = func(ctx context.Context, _ *jobs.Job, date string) error {
		if strings.HasSuffix(date, "3") {
			return refusal
		}
		return linger(ctx, time.Hour)
	}
	running := make(chan struct{}, 1) // the job's lock
	locked := func(ctx context.Context, j *jobs.Job, o jobs.Options) (*jobs.Result, error) {
		select {
		case running <- struct{}{}:
		default:
			return nil, fmt.Errorf("%w: it is locked", jobs.ErrLocked)
		}
		defer func() { <-running }()
		return f.run(ctx, j, o)
	}
	f.bubble(func() {
		second := make(chan struct{})
		go func() {
			defer close(second)
			f.serve(20*day, func(o *Options) { o.Run = locked })
		}()
		f.serve(20*day, func(o *Options) { o.Run = locked })
		<-second
	})
	var want []string
	for date := 1; date <= 20; date++ {
		want = append(want, fmt.Sprintf("nightly 2000-01-%02d schedule 2000-01-%02d 02:30 CET", date, date))
	}
	f.checkRuns("two daemons", want...)
}

// TestTrouble: a job whose history cannot be read or written is not run, and says
// why; it does not hold up others.
func TestTrouble(t *testing.T) {
	f := newFolder(t)
	f.write("other.yaml", strings.Replace(with(t, "job: nightly", "job: other"), "path: out", "path: elsewhere", 1))
	f.write("elsewhere", "")
	f.bubble(func() {
		f.serve(2*time.Hour, nil)
		f.checkRuns("an output path that is a file", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET")
		if n := strings.Count(f.log.String(), "the job is not run: "); n != 1 {
			f.t.Errorf("the log says it %d times:\n%s", n, f.log)
		}
	})
	if err := (&Daemon{o: Options{Dir: filepath.Join(f.dir, "none")}}).Serve(t.Context()); err == nil {
		t.Error("no folder: got no error")
	}
}

// TestClock: a clock that is set back or forward doubles nothing, and what it
// jumped over is run.
func TestClock(t *testing.T) {
	f := newFolder(t)
	var shift atomic.Int64
	f.bubble(func() {
		go func() {
			<-time.After(200 * time.Minute)
			shift.Store(int64(-2 * time.Hour))
			<-time.After(10 * time.Hour)
			shift.Store(int64(20 * time.Hour))
		}()
		f.serve(day, func(o *Options) { o.Now = func() time.Time { return time.Now().Add(time.Duration(shift.Load())) } })
	})
	f.checkRuns("a clock that is set", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET", "nightly 2000-01-02 schedule 2000-01-01 15:00 CET")
}

// TestStart: what somebody on the page begins.
func TestStart(t *testing.T) {
	f := newFolder(t)
	f.outcome = func(ctx context.Context, _ *jobs.Job, _ string) error { return linger(ctx, time.Hour) }
	f.bubble(func() {
		ctx, cancel := context.WithCancel(f.t.Context())
		d := f.daemon(nil)
		if err := d.Start("nightly", "", nil); !errors.Is(err, ErrStopped) {
			f.t.Errorf("before it serves: got error %v", err)
		}
		done := make(chan error)
		go func() { done <- d.Serve(ctx) }()
		<-time.After(time.Minute)
		var usage *jobs.UsageError
		for _, c := range []struct {
			name, date string
			accept     []string
			want       func(error) bool
		}{
			{"none", "", nil, func(err error) bool { return errors.Is(err, ErrUnknown) }},
			{"nightly", "2000-01-02", nil, func(err error) bool { return errors.As(err, &usage) }},
			{"nightly", "", []string{"missing"}, func(err error) bool { return errors.As(err, &usage) }},
			{"nightly", "1999-12-31", []string{"max_age"}, func(err error) bool { return err == nil }},
			{"nightly", "", nil, func(err error) bool { return errors.Is(err, ErrBusy) }},
		} {
			if err := d.Start(c.name, c.date, c.accept); !c.want(err) {
				f.t.Errorf("%s %s %s: got error %v", c.name, c.date, c.accept, err)
			}
		}
		<-time.After(time.Minute)
		r := d.States()[0].Running
		if r == nil || r.Date != "1999-12-31" || r.By != history.ByPage || !r.Working {
			f.t.Errorf("got %+v", r)
		}
		<-time.After(200 * time.Minute)
		if r := d.States()[0].Running; r != nil {
			f.t.Errorf("got %+v", r)
		}
		cancel()
		if err := <-done; err != nil {
			f.t.Error(err)
		}
		if err := d.Start("nightly", "", nil); !errors.Is(err, ErrStopped) {
			f.t.Errorf("after it served: got error %v", err)
		}
	})
	f.checkRuns("by hand", "nightly 1999-12-31 page 2000-01-01 01:01 CET", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET")
}
