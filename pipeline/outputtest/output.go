package outputtest

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
)

// TestOutput checks the outputs that open makes, and returns everything that is
// wrong with them. It opens one for each check.
func TestOutput(open func() (Subject, error)) error {
	var all []error
	for _, check := range []struct {
		name string
		run  func(*session) error
		want []Row // nil where the check abandons
	}{
		{"no group", func(*session) error { return nil }, []Row{}},
		{"a group without rows", emptyGroup, []Row{}},
		{"a record whole", wholeRecord, rows(0, 20)},
		{"rows of a record", someRows, append(rows(2, 5), row(19))},
		{"records that are freed once they are written", freedRecords, rows(0, 60)},
		{"a group that is closed", closedGroup, append(rows(0, 10), rows(20, 30)...)},
		{"a group that is closed twice, and after its commit", closedTwice, rows(0, 20)},
		{"a commit after the close", committedLate, []Row{}},
		{"groups that are filled in turn", interleaved, rows(0, 40)},
		{"groups that are filled in parallel", parallel, rows(0, parallelGroups*parallelRows)},
		{"an output that is abandoned", wholeRecord, nil},
	} {
		if err := runCheck(open, check.run, check.want); err != nil {
			all = append(all, fmt.Errorf("%s: %w", check.name, err))
		}
	}
	return errors.Join(all...)
}

// session is one output at work.
type session struct {
	out pipeline.Output
	mem memory.Allocator
}

func runCheck(open func() (Subject, error), run func(*session) error, want []Row) error {
	subject, err := open()
	if err != nil {
		return err
	}
	mem := newScribbler()
	err = run(&session{subject.Output, mem})
	if used := mem.CurrentAlloc(); err == nil && used != 0 {
		err = fmt.Errorf("%d bytes of records were not given back", used)
	}
	if err != nil {
		return errors.Join(err, subject.Abandon())
	}
	if want == nil {
		return subject.Abandon()
	}
	got, err := subject.Commit()
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got %d rows %v, want %d rows %v", len(got), got, len(want), want)
	}
	return nil
}

// write writes rows into a group as one record, which it frees.
func (s *session) write(g pipeline.Group, all []Row, chosen []int32) error {
	record := newRecord(s.mem, all)
	defer record.Release()
	return g.Write(record, chosen)
}

// with fills a group and commits it.
func (s *session) with(fill func(g pipeline.Group) error) error {
	g := s.out.Group()
	if err := errors.Join(fill(g), g.Commit()); err != nil {
		return errors.Join(err, g.Close())
	}
	return g.Close()
}

func emptyGroup(s *session) error {
	return s.with(func(g pipeline.Group) error {
		// No rows is not the same as nil, which is all of them.
		return s.write(g, rows(0, 5), []int32{})
	})
}

func wholeRecord(s *session) error {
	return s.with(func(g pipeline.Group) error { return s.write(g, rows(0, 20), nil) })
}

func someRows(s *session) error {
	return s.with(func(g pipeline.Group) error { return s.write(g, rows(0, 20), []int32{2, 3, 4, 19}) })
}

func freedRecords(s *session) error {
	return s.with(func(g pipeline.Group) error {
		for i := range 6 {
			if err := s.write(g, rows(10*i, 10*i+10), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

func closedGroup(s *session) error {
	for i := range 3 {
		g := s.out.Group()
		err := s.write(g, rows(10*i, 10*i+10), nil)
		if err == nil && i != 1 {
			err = g.Commit()
		}
		if err = errors.Join(err, g.Close()); err != nil {
			return err
		}
	}
	return nil
}

func closedTwice(s *session) error {
	g := s.out.Group()
	if err := errors.Join(s.write(g, rows(0, 20), nil), g.Commit(), g.Close(), g.Close()); err != nil {
		return err
	}
	abandoned := s.out.Group()
	return errors.Join(s.write(abandoned, rows(0, 20), nil), abandoned.Close(), abandoned.Close())
}

// committedLate: after Close nothing of the group is written, whether or not
// Commit says so.
func committedLate(s *session) error {
	g := s.out.Group()
	if err := errors.Join(s.write(g, rows(0, 20), nil), g.Close()); err != nil {
		return err
	}
	_ = g.Commit() // an error is welcome, none is too
	return nil
}

func interleaved(s *session) error {
	groups := []pipeline.Group{s.out.Group(), s.out.Group()}
	for i := range 4 {
		// The second group's rows come first.
		n := i % 2
		from := 20*(1-n) + 10*(i/2)
		if err := s.write(groups[1-n], rows(from, from+10), nil); err != nil {
			return err
		}
	}
	var all []error
	for _, g := range groups {
		all = append(all, g.Commit(), g.Close())
	}
	return errors.Join(all...)
}

const (
	parallelGroups = 16
	parallelRows   = 100
)

// parallel fills groups in goroutines of their own while earlier ones are
// committed.
func parallel(s *session) error {
	var wg sync.WaitGroup
	turns := make([]chan struct{}, parallelGroups+1)
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	close(turns[0])
	failures := make([]error, parallelGroups)
	for i := range parallelGroups {
		wg.Go(func() {
			g := s.out.Group()
			var err error
			for k := 0; k < parallelRows && err == nil; k += 10 {
				from := i*parallelRows + k
				err = s.write(g, rows(from, from+10), nil)
			}
			<-turns[i]
			if err == nil {
				err = g.Commit()
			}
			close(turns[i+1])
			failures[i] = errors.Join(err, g.Close())
		})
	}
	wg.Wait()
	return errors.Join(failures...)
}
