package pipeline

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// somebody must not be in any error.
const somebody = "ada@example.com"

// isBug checks that an error says where the program broke and nothing of the data.
func isBug(t *testing.T, what string, err error, stage string) {
	t.Helper()
	if err == nil {
		t.Fatalf("%s: got no error", what)
	}
	want := regexp.MustCompile(`^` + stage + `this is a bug in the program, at [a-z_]+\.go:[0-9]+; please report it$`)
	if !want.MatchString(err.Error()) || strings.Contains(err.Error(), somebody) {
		t.Errorf("%s: got %q, want %s", what, err, want)
	}
}

// TestGuard: whatever panics becomes an error that names a line of ours.
func TestGuard(t *testing.T) {
	var none map[string]int
	var nobody *world
	numbers := []int{3, 1, 2}
	for name, work := range map[string]func(){
		"a text":       func() { panic(somebody) },
		"an error":     func() { panic(errors.New(somebody)) },
		"an index":     func() { numbers[len(numbers)+len(none)]++ },
		"a nil map":    func() { none[somebody] = 1 },
		"a nil world":  func() { nobody.rules = nil },
		"deep in Go's": func() { slices.SortFunc(numbers, func(int, int) int { panic(somebody) }) },
	} {
		err := Guard(func() error {
			work()
			return nil
		})
		isBug(t, name, err, "")
		if err != nil && !strings.Contains(err.Error(), "together_test.go:") {
			t.Errorf("%s: got %q, which does not name the line", name, err)
		}
	}
	failure := errors.New("failure")
	for _, want := range []error{nil, failure} {
		if err := Guard(func() error { return want }); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

// TestTogether: an error of one and a panic of one end the others.
func TestTogether(t *testing.T) {
	failure := errors.New("failure")
	wait := func(ctx context.Context, worker int, last func() error) error {
		if worker == 2 {
			return last()
		}
		<-ctx.Done()
		return nil
	}
	err := together(t.Context(), 3, func(ctx context.Context, worker int) error {
		return wait(ctx, worker, func() error { return failure })
	})
	if !errors.Is(err, failure) {
		t.Errorf("got %v, want %v", err, failure)
	}
	err = together(t.Context(), 3, func(ctx context.Context, worker int) error {
		return wait(ctx, worker, func() error { panic(somebody) })
	})
	isBug(t, "a panic", err, "")
}

// brokenWorld has all inputs that there are.
func brokenWorld() *world {
	w := partedWorld(60)
	w.profiles = []profileRow{{id: "yes", country: null, email: somebody}, {id: "no", country: null, email: null}}
	w.screening = []testScreening{{name: "bounces", use: UseSuppression, match: "email", entries: entriesOf(somebody)}}
	w.logs = []testLog{{name: "clicks", snapshotAt: consent.NoTime, events: []testEvent{{profile: "yes", channel: "email", scope: "channel", choice: "STOP", time: 9}}}}
	return w
}

// TestPanics: a panic of a worker, at whatever stage, is the error of that stage.
func TestPanics(t *testing.T) {
	for stage, prefix := range map[Stage]string{
		StageRecipients: "read send list list: ", StageProfiles: "read profiles: ", StageScreening: "read list bounces: ",
		StageEvents: "read events clicks: ", StageConsents: "read consents consents: ", StageEmit: "write send list list: ",
	} {
		for _, threads := range []int{1, 3} {
			p := brokenWorld().plan(cutting{part: 4, batch: 3}, threads, memory.DefaultAllocator)
			p.Progress = func(at Stage, _ int64) {
				if at == stage {
					panic(somebody)
				}
			}
			r, err := Decide(t.Context(), p)
			if stage == StageEmit && err == nil {
				var out outputs
				err = emit(t.Context(), p, 0, r.verdicts[0], out.all(), 8, r.seats)
				for i, o := range []*memoryOutput{&out.audience, &out.ledger, &out.quarantine} {
					if o.open != 0 {
						t.Errorf("%d groups of file %d are open", o.open, i)
					}
				}
				if len(r.seats) > 0 {
					t.Errorf("%d seats are taken", len(r.seats))
				}
			}
			isBug(t, stage.String(), err, prefix)
		}
	}
}

// TestPanicsBetween: so is that of a worker who reads nothing.
func TestPanicsBetween(t *testing.T) {
	p := brokenWorld().plan(cutting{part: 4, batch: 3}, 3, memory.DefaultAllocator)
	judge := func(spoil func(r *Run)) error {
		r := newRun(p)
		spoil(r)
		return r.decide(t.Context(), partition{0, 1}, newHashers())
	}
	isBug(t, "verdicts", judge(func(r *Run) { r.verdicts[0] = newVerdicts(0) }), "judge send list list: ")
	isBug(t, "counts", judge(func(r *Run) { r.Counts[0] = nil }), "judge send list list: ")

	c := newChanges(10)
	c.add(0, change{subject: 3, person: anyone})
	c.starts = nil
	isBug(t, "changes", c.settle(t.Context(), 2), "")

	x := newDigestIndex(planned(t, nil, []string{somebody}).addresses[identity.Email], EntryHash{Algorithm: identity.MD5}, 2)
	d := x.newDigester()
	x.keys.keys = nil
	for range 2 {
		_, err := d.lookupAll([]hexDigest{{}})
		isBug(t, "digests", err, "")
	}
}

// TestPanicsUnlock: who panics under a lock leaves it to others, who would wait for
// ever.
func TestPanicsUnlock(t *testing.T) {
	p := brokenWorld().plan(whole, 1, memory.DefaultAllocator)
	f := newFacts(p, planned(t, []string{"yes"}, nil))
	w := &consentWorker{facts: f, consents: &p.Consents[0], fields: make([]fieldReader, 1)}
	isBug(t, "a row", Guard(func() error {
		w.flatRow(f.people, nil, 0, 0)
		return nil
	}), "")
	if !f.people.lock(0).TryLock() {
		t.Error("the lock of a subject is held")
	}
	x := f.recipients.people
	isBug(t, "a batch", Guard(func() error {
		return (&keyBatch{status: []identity.Status{identity.Valid}}).number(x, nil, new([]slot))
	}), "")
	if !x.filling.TryLock() {
		t.Error("the lock of an index is held")
	}
}
