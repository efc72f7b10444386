package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"optout/jobs/history"
)

// waiting is the sound job that waits for its consents, in a folder of their own,
// and for its list.
func waiting(t *testing.T, p *place) {
	t.Helper()
	text := strings.Replace(with(t, "consents.parquet", "consents/date={{date}}/"), "key: profile_id\n", "key: profile_id\n  wait_for: {timeout: 3h}\n", 1)
	text = strings.Replace(text, "    address: email\n", "    address: email\n    wait_for: {marker: \"vip-{{date}}.done\", timeout: 1h}\n", 1)
	p.write("job.yaml", text)
	if err := os.MkdirAll(filepath.Join(p.dir, "consents/date=2026-11-24"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// bubble runs do by the clock of a bubble. The job does not write zstd: encoders
// are kept for whoever writes next, and have a channel that only the bubble they
// were made in may use.
func (p *place) bubble(do func(t *testing.T)) {
	p.t.Helper()
	path := filepath.Join(p.dir, "job.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write("job.yaml", string(text)+"  compression: snappy\n") // of output, which is last
	synctest.Test(p.t, do)
}

// after runs do some time later in the bubble.
func after(d time.Duration, do func()) { go func() { <-time.After(d); do() }() }

func TestWaitForInputs(t *testing.T) {
	p := newPlace(t)
	waiting(t, p)
	p.bubble(func(t *testing.T) {
		after(40*time.Minute, func() { p.write("vip-2026-11-24.done", "") })
		after(2*time.Hour, func() { p.table("consents/date=2026-11-24/part.parquet", someConsents, 0) })
		after(2*time.Hour+30*time.Minute, func() { p.write("consents/date=2026-11-24/_SUCCESS", "") })
		slots, start := 0, time.Now()
		r, err := p.run(t.Context(), func(o *Options) {
			o.Slot = func(context.Context) (func(), error) {
				if slots++; time.Since(start) < 150*time.Minute {
					t.Error("the work began before the inputs were complete")
				}
				return func() { slots-- }, nil
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.Summary.Total.Kept != 2 || slots != 0 {
			t.Errorf("got %+v and %d slots held", r.Summary.Total, slots)
		}
		readings := fmt.Sprint(r.Manifest.Gates)
		for _, want := range []string{"consents/date=2026-11-24/_SUCCESS is there", "vip-2026-11-24.done is there within 1h0m"} {
			if !strings.Contains(readings, want) {
				t.Errorf("the manifest does not say %q: %s", want, readings)
			}
		}
		if took := r.Manifest.FinishedAt.Sub(r.Manifest.StartedAt); took < 150*time.Minute || took > 151*time.Minute {
			t.Errorf("the run took %s", took)
		}
	})
}

func TestWaitForInputsRefuses(t *testing.T) {
	p := newPlace(t)
	waiting(t, p)
	p.bubble(func(t *testing.T) {
		start := time.Now()
		_, err := p.run(t.Context(), nil)
		want := "refused: gate incomplete: vip: vip-2026-11-24.done is not there, limit within 1h0m"
		if err == nil || err.Error() != want || time.Since(start) != time.Hour {
			t.Errorf("after %s: got error %v, want %s", time.Since(start), err, want)
		}
		p.write("vip-2026-11-24.done", "")
		_, err = p.run(t.Context(), nil)
		want = "refused: gate incomplete: consents: consents/date=2026-11-24/_SUCCESS is not there, limit within 3h0m"
		if err == nil || err.Error() != want {
			t.Errorf("got error %v, want %s", err, want)
		}
		if err := os.RemoveAll(filepath.Join(p.dir, "consents")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		after(time.Hour, cancel)
		if _, err = p.run(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted while waiting: got error %v", err)
		}
	})
	p.checkNothing()
	all, err := history.Read(filepath.Join(p.dir, "out", "nightly"))
	if err != nil || len(all) != 3 || all[0].Status != history.Refused || len(all[0].Gates) != 1 || all[2].Status != history.Interrupted {
		t.Errorf("got history %+v, error %v", all, err)
	}
}

// TestMarker: where a marker is looked for.
func TestMarker(t *testing.T) {
	p := newPlace(t)
	j, err := load(sound)
	if err != nil {
		t.Fatal(err)
	}
	j.dir = p.dir
	date, err := j.newDate("2026-11-24", parseAt(t, "2026-11-24T10:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "in", "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.write("in/_SUCCESS", "")
	p.write("in/part.parquet", "")
	for path, want := range map[string]string{
		"in":                "in/_SUCCESS true",
		"in/":               "in/_SUCCESS true",
		"in/part.parquet":   "in/_SUCCESS true",
		"in/*.parquet":      "in/_SUCCESS true",
		"in/none.parquet":   "in/none.parquet false",
		"in/empty":          "in/empty/_SUCCESS false",
		"none/":             "none/_SUCCESS false",
		"none/part.parquet": "none/part.parquet false",
		"vip.parquet":       "_SUCCESS false",
	} {
		at, there, err := j.marker(awaited{"consents", path, &WaitFor{}}, date)
		if got := fmt.Sprint(at, " ", there); err != nil || got != want {
			t.Errorf("%s: got %s and error %v, want %s", path, got, err, want)
		}
	}
}

// TestTimeLimit: a run past its limit fails; waiting for a slot or for inputs
// does not count.
func TestTimeLimit(t *testing.T) {
	p := newPlace(t)
	p.write("job.yaml", with(t, "job: nightly\n", "job: nightly\ntime_limit: 30m\n"))
	p.bubble(func(t *testing.T) {
		linger := func(d time.Duration) func(*Options) {
			return func(o *Options) {
				o.Slot = func(context.Context) (func(), error) {
					<-time.After(5 * time.Hour)
					return func() {}, nil
				}
				once("reading consents", func() { <-time.After(d) })(o)
			}
		}
		_, err := p.run(t.Context(), linger(31*time.Minute))
		if want := "stopped after the time_limit of 30m0s: raise it, or find out what was slow"; err == nil || err.Error() != want {
			t.Errorf("got error %v, want %s", err, want)
		}
		p.checkNothing()
		if _, err := p.run(t.Context(), linger(29*time.Minute)); err != nil {
			t.Error(err)
		}
	})
}

// TestEveryInputIsAwaited: whatever input has a marker, the run waits for it.
func TestEveryInputIsAwaited(t *testing.T) {
	j := mustLoad(t, everyKey)
	got := map[string]bool{}
	for _, a := range j.awaited(logicalDate{}) {
		got[a.name] = true
	}
	if want := strings.Count(everyKey, "wait_for"); len(got) != want {
		t.Errorf("the run waits for %v, which are not the %d inputs with wait_for", got, want)
	}
}
