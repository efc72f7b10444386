package pipeline

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// numbers is a table of one column of row numbers.
func numbers(c cutting, mem memory.Allocator, n int) Table {
	return textTable(c, mem, n, func(i int) []string { return []string{string(rune('A' + i%26))} })
}

// TestScan reads every row once, with its number, whatever the cutting.
func TestScan(t *testing.T) {
	mem := checked(t)
	for _, n := range []int{0, 1, 2, 7, 63, 64, 65} {
		for _, c := range []cutting{{part: 1, batch: 1}, {part: 3, batch: 2}, {part: 8, batch: 8}, {part: 100, batch: 7}} {
			for _, threads := range []int{1, 2, 9} {
				var mu sync.Mutex
				var got []int64
				workers := 0
				err := scan(context.Background(), numbers(c, mem, n), threads, func() func(int64, arrow.Record) error {
					mu.Lock()
					workers++
					mu.Unlock()
					return func(row int64, r arrow.Record) error {
						mu.Lock()
						defer mu.Unlock()
						for i := range r.NumRows() {
							got = append(got, row+i)
						}
						return nil
					}
				})
				slices.Sort(got)
				for i, row := range got {
					if int64(i) != row {
						t.Fatalf("%d rows, %+v, %d threads: row %d is missing or came twice", n, c, threads, i)
					}
				}
				if err != nil || len(got) != n || workers > threads {
					t.Errorf("%d rows, %+v, %d threads: got %d rows by %d workers, %v", n, c, threads, len(got), workers, err)
				}
			}
		}
	}
}

// TestScanErrors: whatever goes wrong is the error of the scan, and every source
// that was opened is closed.
func TestScanErrors(t *testing.T) {
	failure := errors.New("failure")
	for name, tt := range map[string]struct {
		change func(s *faultySource)
		open   error
		each   error
		want   string
	}{
		"open":               {open: failure, want: "failure"},
		"the first record":   {change: func(s *faultySource) { s.failAt, s.fail = 0, failure }, want: "failure"},
		"a later record":     {change: func(s *faultySource) { s.failAt, s.fail = 2, failure }, want: "failure"},
		"the consumer":       {each: failure, want: "failure"},
		"closing":            {change: func(s *faultySource) { s.closing = failure }, want: "failure"},
		"the end came early": {change: func(s *faultySource) { s.failAt, s.fail = 2, io.EOF }, want: "part 0 has 2 rows, not 5"},
		"rows too many":      {change: func(s *faultySource) { s.more = true }, want: "part 0 has more than 5 rows"},
	} {
		for _, threads := range []int{1, 3} {
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			var mu sync.Mutex
			opened, closed := 0, 0
			table := numbers(cutting{part: 5, batch: 1}, mem, 20)
			inner := table.Open
			table.Open = func(part int) (Source, error) {
				if part == 0 && tt.open != nil {
					return nil, tt.open
				}
				s, err := inner(part)
				if err != nil {
					return nil, err
				}
				mu.Lock()
				opened++
				mu.Unlock()
				f := &faultySource{Source: s, failAt: -1, mem: mem, closed: func() { mu.Lock(); closed++; mu.Unlock() }}
				if part == 0 && tt.change != nil {
					tt.change(f)
				}
				return f, nil
			}
			err := scan(context.Background(), table, threads, func() func(int64, arrow.Record) error {
				return func(int64, arrow.Record) error { return tt.each }
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s, %d threads: got %v, want %s", name, threads, err, tt.want)
			}
			if opened != closed {
				t.Errorf("%s, %d threads: %d sources opened, %d closed", name, threads, opened, closed)
			}
			mem.AssertSize(t, 0)
		}
	}
}

// TestScanCancelled: a cancelled scan is never a complete one.
func TestScanCancelled(t *testing.T) {
	mem := checked(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := scan(ctx, numbers(cutting{part: 2, batch: 1}, mem, 20), 2, func() func(int64, arrow.Record) error {
		return func(int64, arrow.Record) error { cancel(); return nil }
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestNoThreads: a plan that forgot the number of threads reads all the same.
// Reading nothing would mean that nobody opted out.
func TestNoThreads(t *testing.T) {
	mem := checked(t)
	rows := int64(0)
	err := scan(context.Background(), numbers(whole, mem, 20), 0, func() func(int64, arrow.Record) error {
		return func(_ int64, r arrow.Record) error { rows += r.NumRows(); return nil }
	})
	if err == nil && rows != 20 {
		t.Errorf("read %d rows and found no fault, want 20", rows)
	}
}

// faultySource is a source with one fault.
type faultySource struct {
	Source
	mem     memory.Allocator
	record  int // number of the next
	failAt  int
	fail    error
	closing error
	more    bool
	closed  func()
}

func (s *faultySource) Next(ctx context.Context) (arrow.Record, error) {
	if s.record == s.failAt {
		return nil, s.fail
	}
	s.record++
	r, err := s.Source.Next(ctx)
	if errors.Is(err, io.EOF) && s.more {
		s.more = false
		return numberRecord(s.mem), nil
	}
	return r, err
}

func numberRecord(mem memory.Allocator) arrow.Record {
	return record(1, textArray(mem, false, 0, 1, func(int) string { return "one too many" }))
}

func (s *faultySource) Close() error {
	s.closed()
	return errors.Join(s.closing, s.Source.Close())
}
