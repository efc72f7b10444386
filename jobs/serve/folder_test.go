package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// background runs a daemon that looks each minute, until stop is called.
func (f *folder) background(change func(*Options)) (d *Daemon, stop func()) {
	ctx, cancel := context.WithCancel(f.t.Context())
	d = f.daemon(func(o *Options) {
		o.Look = time.Minute
		if change != nil {
			change(o)
		}
	})
	done := make(chan error)
	go func() { done <- d.Serve(ctx) }()
	return d, func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Error(err)
		}
	}
}

func (f *folder) remove(name string) {
	f.t.Helper()
	if err := os.Remove(filepath.Join(f.dir, name)); err != nil {
		f.t.Error(err)
	}
}

// TestFileAwayForAMoment: an editor puts a file in place of another. Its job is
// not run while it is away, and has missed nothing when it is back.
func TestFileAwayForAMoment(t *testing.T) {
	f := newFolder(t)
	text := with(t, "job: nightly\n", "job: nightly\ncatch_up: none\n")
	f.write("nightly.yaml", text)
	f.bubble(func() {
		_, stop := f.background(nil)
		<-time.After(89*time.Minute + 30*time.Second) // due after 90 minutes
		f.remove("nightly.yaml")
		<-time.After(40 * time.Second)
		f.checkRuns("while it is away")
		f.write("nightly.yaml", text)
		<-time.After(time.Hour)
		stop()
	})
	f.checkRuns("back again", "nightly 2000-01-01 schedule 2000-01-01 02:31 CET")
}

// TestFileGoneDuringRun: the run goes on, and nothing begins beside it.
func TestFileGoneDuringRun(t *testing.T) {
	f := newFolder(t)
	f.outcome = func(ctx context.Context, _ *jobs.Job, _ string) error { return linger(ctx, 3*time.Hour) }
	f.bubble(func() {
		d, stop := f.background(nil)
		<-time.After(2 * time.Hour)
		f.remove("nightly.yaml")
		<-time.After(10 * time.Minute)
		if states := d.States(); len(states) != 1 || states[0].Running == nil {
			f.t.Errorf("got %+v", states)
		}
		<-time.After(4 * time.Hour)
		if states := d.States(); len(states) != 0 {
			f.t.Errorf("when it has ended: got %+v", states)
		}
		stop()
	})
	f.checkHistory("nightly", "2000-01-01-001 published")
}

// TestTryAgain: a run that finds the job locked, or that cannot even write that it
// began, is tried again after a while, not at once.
func TestTryAgain(t *testing.T) {
	for _, err := range []error{fmt.Errorf("%w: it is locked", jobs.ErrLocked), errors.New("no space left")} {
		f := newFolder(t)
		tries := 0
		f.bubble(func() {
			_, stop := f.background(func(o *Options) {
				o.Run = func(ctx context.Context, j *jobs.Job, options jobs.Options) (*jobs.Result, error) {
					if tries++; tries > 30 {
						return f.run(ctx, j, options)
					}
					return nil, err
				}
			})
			<-time.After(12 * time.Hour)
			stop()
		})
		f.checkRuns(err.Error(), "nightly 2000-01-01 schedule 2000-01-01 03:00 CET")
	}
}

// TestClockSetBack: what is new is seen at once by the clock as it is now.
func TestClockSetBack(t *testing.T) {
	f := newFolder(t)
	var set atomic.Bool
	f.bubble(func() {
		_, stop := f.background(func(o *Options) {
			o.Now = func() time.Time {
				if set.Load() {
					return time.Now().Add(-2 * time.Hour)
				}
				return time.Now()
			}
		})
		<-time.After(3 * time.Hour)
		set.Store(true)
		f.write("second.yaml", with(t, "job: nightly\nschedule: \"30 2 * * *\"", "job: second\nschedule: \"30 3 * * *\""))
		<-time.After(2 * time.Hour)
		stop()
	})
	f.checkRuns("two jobs", "nightly 2000-01-01 schedule 2000-01-01 02:30 CET", "second 2000-01-01 schedule 2000-01-01 05:30 CET")
}

// TestAnotherSchedule: a job on another schedule is served from the moment when
// that is seen: a time of today that has passed is not made up for, one that comes
// while nothing serves is.
func TestAnotherSchedule(t *testing.T) {
	f := newFolder(t)
	f.bubble(func() {
		_, stop := f.background(nil)
		<-time.After(time.Hour)
		f.write("nightly.yaml", with(t, "30 2", "15 1"))
		<-time.After(11 * time.Hour)
		stop()
		<-time.After(day)
		_, stop = f.background(nil)
		<-time.After(day)
		stop()
	})
	f.checkRuns("another schedule", "nightly 2000-01-02 catch_up 2000-01-02 13:00 CET", "nightly 2000-01-03 schedule 2000-01-03 01:15 CET")
}

// TestSomebodyWasFaster: what was settled since the daemon asked the history is
// not run again: it asks once more under the lock.
func TestSomebodyWasFaster(t *testing.T) {
	f := newFolder(t)
	f.bubble(func() {
		_, stop := f.background(func(o *Options) {
			o.Run = func(ctx context.Context, j *jobs.Job, options jobs.Options) (*jobs.Result, error) {
				other := options
				other.By, other.Claim = history.ByHand, nil
				if _, err := f.run(ctx, j, other); err != nil {
					return nil, err
				}
				return f.run(ctx, j, options)
			}
		})
		<-time.After(3 * time.Hour)
		stop()
	})
	f.checkRuns("settled by hand", "nightly 2000-01-01 hand 2000-01-01 02:30 CET")
}
