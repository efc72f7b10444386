package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// partedWorld has one list whose rows go to all three files: every third is
// kept, every third opted out, every third has no address that could be one.
func partedWorld(rows int) *world {
	w := &world{
		inputs: []testInput{{name: "consents", rows: []consentRow{{id: "no", any: "n", time: 5}, {id: "yes", email: "y", personalize: "n", time: 5}}}},
		lists:  []testList{{name: "list", personal: true}},
		rules:  map[string]testRule{"": {mode: consent.OptIn}},
	}
	for i := range rows {
		r := listRow{profile: "yes", address: fmt.Sprintf("a%d@example.com", i), campaign: null}
		switch i % 3 {
		case 1:
			r.profile = "no"
		case 2:
			r.address = "bad"
		}
		w.lists[0].rows = append(w.lists[0].rows, r)
	}
	return w
}

// matched runs a plan up to its verdicts.
func matched(t *testing.T, p *Plan) *Run {
	t.Helper()
	r, err := Decide(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestUnits(t *testing.T) {
	for _, tt := range []struct {
		parts []int64
		least int64
		want  []unit
	}{
		{nil, 10, nil},
		{[]int64{5}, 10, []unit{{0, 1}}},
		{[]int64{10, 10}, 10, []unit{{0, 1}, {1, 2}}},
		{[]int64{9, 1, 9, 9, 1}, 10, []unit{{0, 2}, {2, 4}, {4, 5}}},
		{[]int64{0, 0, 30, 0}, 10, []unit{{0, 3}, {3, 4}}},
		{[]int64{1, 1, 1}, 1, []unit{{0, 1}, {1, 2}, {2, 3}}},
	} {
		var table Table
		for _, n := range tt.parts {
			table.Parts = append(table.Parts, Part{Rows: n})
		}
		if got := units(table, tt.least); !slices.Equal(got, tt.want) {
			t.Errorf("parts of %d rows, at least %d: got %v, want %v", tt.parts, tt.least, got, tt.want)
		}
	}
}

// TestEmitParts is the parting of a list: each row in one file, in the order of
// the list, whatever the number of threads and the size of what one worker does.
func TestEmitParts(t *testing.T) {
	const n = 100
	w := partedWorld(n)
	var audience, ledger, quarantine [][]string
	for i := range n {
		number, name := fmt.Sprint(i), fmt.Sprint("name ", i)
		switch i % 3 {
		case 0:
			audience = append(audience, []string{number, null, "false"})
		case 1:
			ledger = append(ledger, []string{number, "dropped", "opt_out_all", `["opt_out_all"]`, "marketing.any.val"})
		case 2:
			ledger = append(ledger, []string{number, "quarantined", "malformed_address", `["malformed_address"]`, null})
			quarantine = append(quarantine, []string{number, name, "malformed_address"})
		}
	}
	for _, threads := range []int{0, 1, 2, 5} {
		for _, c := range []cutting{{part: 1, batch: 1}, {part: 7, batch: 3}, {part: 100, batch: 100}} {
			for _, least := range []int64{1, 10, unitRows} {
				mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
				got, err := run(w.plan(c, threads, mem), c, least)
				if err != nil {
					t.Fatal(err)
				}
				var short [][]string
				for _, row := range got[0].ledger.rows {
					short = append(short, []string{row[3], row[6], row[7], row[8], row[10]})
				}
				if !equalRows(got[0].audience.rows, audience) || !equalRows(short, ledger) || !equalRows(got[0].quarantine.rows, quarantine) {
					t.Errorf("%d threads, %+v, units of %d: got %q, %q, %q", threads, c, least, got[0].audience.rows, short, got[0].quarantine.rows)
				}
				if c := got[0].counts; c.Planned != n || c.Decisions[consent.Kept] != 34 || c.Decisions[consent.Dropped] != 33 ||
					c.Decisions[consent.Quarantined] != 33 || c.Generic != 34 || c.Primary[consent.OptOutAll] != 33 {
					t.Errorf("%d threads, %+v, units of %d: got counts %+v", threads, c, least, got[0].counts)
				}
				mem.AssertSize(t, 0)
			}
		}
	}
}

// TestEmitFaults lets every call of every file fail in turn. Nothing is lost but
// the run: the error comes out, all groups are closed, all memory is given back,
// and what was committed is the beginning of the file.
func TestEmitFaults(t *testing.T) {
	w := partedWorld(60)
	failure := errors.New("failure")
	want, err := run(w.plan(cutting{part: 4, batch: 3}, 1, memory.DefaultAllocator), cutting{}, 8)
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 3} {
		for file := range 3 {
			for at := 1; ; at++ {
				mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
				p := w.plan(cutting{part: 4, batch: 3}, threads, mem)
				r := matched(t, p)
				var out outputs
				files := []*memoryOutput{&out.audience, &out.ledger, &out.quarantine}
				failed := false
				files[file].fail = func(call string, number int) error {
					if number == at {
						failed = true
						return failure
					}
					return nil
				}
				err := emit(context.Background(), p, 0, r.verdicts[0], out.all(), 8, r.seats)
				mem.AssertSize(t, 0)
				if !failed {
					if err != nil {
						t.Errorf("file %d: %v without a fault", file, err)
					}
					break
				}
				if !errors.Is(err, failure) {
					t.Errorf("%d threads, file %d, call %d: got %v, want %v", threads, file, at, err, failure)
				}
				for i, rows := range [][][]string{want[0].audience.rows, want[0].ledger.rows, want[0].quarantine.rows} {
					if got := files[i].rows; len(got) > len(rows) || !equalRows(got, rows[:len(got)]) {
						t.Errorf("%d threads, file %d, call %d: file %d has %q", threads, file, at, i, got)
					}
					if files[i].open != 0 {
						t.Errorf("%d threads, file %d, call %d: %d groups of file %d are open", threads, file, at, files[i].open, i)
					}
				}
			}
		}
	}
}

// TestEmitSourceFaults: so it is where the list cannot be read.
func TestEmitSourceFaults(t *testing.T) {
	failure := errors.New("failure")
	w := partedWorld(60)
	for part := range 15 {
		for failAt := -1; failAt < 2; failAt++ {
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			p := w.plan(cutting{part: 4, batch: 3}, 3, mem)
			r := matched(t, p)
			open := p.Lists[0].Rows.Open
			p.Lists[0].Rows.Open = func(i int) (Source, error) {
				s, err := open(i)
				if i == part && failAt < 0 {
					return nil, failure
				}
				if i == part {
					s = &faultySource{Source: s, failAt: failAt, fail: failure, closed: func() {}}
				}
				return s, err
			}
			var out outputs
			if err := emit(context.Background(), p, 0, r.verdicts[0], out.all(), 8, r.seats); !errors.Is(err, failure) {
				t.Errorf("part %d, record %d: got %v, want %v", part, failAt, err, failure)
			}
			if n := out.audience.open + out.ledger.open + out.quarantine.open; n != 0 {
				t.Errorf("part %d, record %d: %d groups are open", part, failAt, n)
			}
			mem.AssertSize(t, 0)
		}
	}
}

// TestEmitCancelled cancels at every call of a file.
func TestEmitCancelled(t *testing.T) {
	w := partedWorld(60)
	for _, threads := range []int{1, 2, 4} {
		for at := 1; at <= 20; at++ {
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			p := w.plan(cutting{part: 4, batch: 3}, threads, mem)
			r := matched(t, p)
			ctx, cancel := context.WithCancel(context.Background())
			var out outputs
			out.ledger.fail = func(call string, number int) error {
				if number == at {
					cancel()
				}
				return nil
			}
			err := emit(ctx, p, 0, r.verdicts[0], out.all(), 4, r.seats)
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%d threads, call %d: got %v, want %v", threads, at, err, context.Canceled)
			}
			if n := out.audience.open + out.ledger.open + out.quarantine.open; n != 0 {
				t.Errorf("%d threads, call %d: %d groups are open", threads, at, n)
			}
			mem.AssertSize(t, 0)
		}
	}
}

// TestTurns: turns are taken in order, and nobody waits for one that will not
// come, because its worker saw the end of the work first.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		var order []int
		var wg sync.WaitGroup
		for i := 9; i >= 0; i-- {
			wg.Go(func() {
				if err := turns.take(i, func() error { order = append(order, i); return nil }); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // all but the first wait
		}
		wg.Wait()
		if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(order, want) {
			t.Errorf("got turns in the order %d", order)
		}
		var stopped error
		wg.Go(func() { stopped = turns.take(11, func() error { t.Error("turn 11 came before 10"); return nil }) })
		synctest.Wait()
		turns.stop()
		wg.Wait()
		if !errors.Is(stopped, errStopped) {
			t.Errorf("who waited got %v, want %v", stopped, errStopped)
		}
		if err := turns.take(10, func() error { t.Error("a turn was taken after the end"); return nil }); !errors.Is(err, errStopped) {
			t.Errorf("who came later got %v, want %v", err, errStopped)
		}
	})
}

// TestCancelledWhileWaiting: a worker that waits for the turn of one that saw the
// cancellation between two units must not wait for ever.
func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		turns := newTurns()
		defer context.AfterFunc(ctx, turns.stop)()
		done := make(chan error)
		go func() { done <- turns.take(1, func() error { return nil }) }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, errStopped) {
			t.Errorf("got %v, want %v", err, errStopped)
		}
	})
}

// TestListChanged: a list that is no longer as long as when its keys were read
// is not judged by them.
func TestListChanged(t *testing.T) {
	w := partedWorld(10)
	for _, rows := range []int{0, 9, 11} {
		p := w.plan(whole, 1, memory.DefaultAllocator)
		r := matched(t, p)
		other := partedWorld(rows)
		p.Lists[0].Rows = other.lists[0].rowTable(whole, memory.DefaultAllocator)
		var out outputs
		err := r.Emit(context.Background(), 0, out.all())
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("read send list list: %d rows, of which 10 were judged", rows)) {
			t.Errorf("%d rows: got %v", rows, err)
		}
		if len(out.audience.rows) > 0 {
			t.Errorf("%d rows: %d were kept", rows, len(out.audience.rows))
		}
	}
}

// TestEmptyList: a list of nobody makes three empty files.
func TestEmptyList(t *testing.T) {
	w := partedWorld(0)
	got, err := run(w.plan(whole, 2, memory.DefaultAllocator), whole, unitRows)
	if err != nil {
		t.Fatal(err)
	}
	if c := got[0].counts; c.Planned != 0 || len(got[0].audience.rows)+len(got[0].ledger.rows)+len(got[0].quarantine.rows) != 0 {
		t.Errorf("got %+v and %q", c, got[0].audience.rows)
	}
}
