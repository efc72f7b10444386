package jobs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optout/jobs/history"
)

// TestLockLost: a run whose lock file was removed or replaced publishes nothing,
// since another can have locked the new one.
func TestLockLost(t *testing.T) {
	for what, lose := range map[string]func(path string) error{
		"removed": os.Remove,
		"replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", nil, 0o600), os.Rename(path+".new", path))
		},
	} {
		p := newPlace(t)
		path := filepath.Join(p.dir, "out", "nightly", history.LockName)
		_, err := p.run(t.Context(), func(o *Options) {
			o.Step = func(step string) {
				if step == "synced" {
					if err := lose(path); err != nil {
						t.Error(err)
					}
				}
			}
		})
		if err == nil || !strings.Contains(err.Error(), "the lock of the job is lost") {
			t.Errorf("%s: got error %v", what, err)
		}
		p.checkNothing()
		if _, err := p.run(t.Context(), nil); err != nil {
			t.Errorf("%s, the next run: %v", what, err)
		}
	}
}

// TestClaim: a claim is asked under the lock, knows all attempts, and can end the
// run before it is one.
func TestClaim(t *testing.T) {
	p := newPlace(t)
	taken := errors.New("taken")
	asked := 0
	claim := func(o *Options) {
		o.Claim = func(all []history.Attempt) error {
			if _, err := p.run(t.Context(), nil); !errors.Is(err, ErrLocked) {
				t.Errorf("the lock is not held: got error %v", err)
			}
			if asked = len(all); asked == 0 {
				return nil
			}
			return taken
		}
	}
	if _, err := p.run(t.Context(), claim); err != nil {
		t.Fatal(err)
	}
	if _, err := p.run(t.Context(), claim); !errors.Is(err, taken) || asked != 1 {
		t.Errorf("got error %v, and %d attempts were known", err, asked)
	}
}

// TestOnce: what is published for the date is the run, also where inputs changed
// since; without it a second run would stand beside it.
func TestOnce(t *testing.T) {
	p := newPlace(t)
	once := func(o *Options) { o.Once = true }
	first, err := p.run(t.Context(), once)
	if err != nil || !first.Published {
		t.Fatalf("got %+v, error %v", first, err)
	}
	latest := filepath.Join(p.dir, "out", "nightly", "latest.json")
	if err := os.Remove(latest); err != nil { // as if it was killed before it wrote it
		t.Fatal(err)
	}
	p.table("consents.parquet", someConsents+"d n\n", 0)
	again, err := p.run(t.Context(), once)
	if err != nil || !again.Already || again.RunID != first.RunID {
		t.Errorf("got %+v, error %v", again, err)
	}
	if _, err := os.Stat(latest); err != nil {
		t.Error(err)
	}
	other, err := p.run(t.Context(), func(o *Options) { o.Now = o.Now.Add(time.Hour) })
	if err != nil || !other.Published || other.RunID == first.RunID {
		t.Errorf("got %+v, error %v", other, err)
	}
	// Of two runs the one published last.
	if again, err = p.run(t.Context(), once); err != nil || again.RunID != other.RunID {
		t.Errorf("got %+v, error %v", again, err)
	}
}
