package outputtest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/pipeline"
)

// memoryOutput is an output that does all right, or all but one thing.
type memoryOutput struct {
	mu    sync.Mutex
	rows  []Row
	fault string
}

func (o *memoryOutput) subject() (Subject, error) {
	return Subject{
		Output: o,
		Commit: func() ([]Row, error) {
			if o.fault == "loses the last row" && len(o.rows) > 0 {
				return o.rows[1:], nil
			}
			return o.rows, nil
		},
		Abandon: func() error {
			if o.fault == "leaves something" {
				return errors.New("something is left")
			}
			return nil
		},
	}, nil
}

func (o *memoryOutput) Group() pipeline.Group { return &memoryGroup{out: o} }

type memoryGroup struct {
	out    *memoryOutput
	rows   []Row
	closed bool
}

func (g *memoryGroup) Write(record arrow.Record, chosen []int32) error {
	fault := g.out.fault
	if chosen == nil || fault == "takes no rows for all" && len(chosen) == 0 || fault == "writes all rows" {
		chosen = nil
		for i := range int32(record.NumRows()) {
			chosen = append(chosen, i)
		}
	}
	numbers, texts := record.Column(0).(*array.Int64), record.Column(1).(*array.String)
	values := numbers.Int64Values()
	if fault == "forgets slices" {
		values = arrow.Int64Traits.CastFromBytes(numbers.Data().Buffers()[1].Bytes())
	}
	for _, i := range chosen {
		r := Row{Number: values[i]}
		if texts.IsValid(int(i)) || fault == "forgets nulls" {
			r.Text = texts.Value(int(i))
			if fault != "keeps memory" {
				r.Text = strings.Clone(r.Text)
			}
			if fault == "forgets nulls" {
				r.Text += "!"
			}
		}
		g.rows = append(g.rows, r)
	}
	if fault == "keeps records" {
		record.Retain()
	}
	if fault == "writes at once" {
		return g.Commit()
	}
	return nil
}

func (g *memoryGroup) Commit() error {
	if g.closed && g.out.fault != "commits after close" {
		return errors.New("commit after close")
	}
	g.out.mu.Lock()
	defer g.out.mu.Unlock()
	if g.out.fault == "puts groups first" {
		g.out.rows = slices.Concat(g.rows, g.out.rows)
	} else {
		g.out.rows = append(g.out.rows, g.rows...)
	}
	g.rows = nil
	return nil
}

func (g *memoryGroup) Close() error {
	switch {
	case g.out.fault == "commits on close":
		return g.Commit()
	case g.closed && g.out.fault == "closes once":
		return errors.New("closed already")
	case g.out.fault != "commits after close":
		g.rows = nil
	}
	g.closed = true
	return nil
}

// TestSuite: the suite passes what is right and finds every fault.
func TestSuite(t *testing.T) {
	if err := TestOutput(func() (Subject, error) { return (&memoryOutput{}).subject() }); err != nil {
		t.Errorf("an output that does all right: %v", err)
	}
	for fault, want := range map[string]string{
		"loses the last row":    "a record whole",
		"leaves something":      "an output that is abandoned",
		"takes no rows for all": "a group without rows",
		"writes all rows":       "rows of a record",
		"forgets slices":        "a record whole",
		"forgets nulls":         "a record whole",
		"keeps memory":          "records that are freed once they are written",
		"keeps records":         "bytes of records were not given back",
		"writes at once":        "a group that is closed",
		"commits after close":   "a commit after the close",
		"puts groups first":     "groups that are filled in turn",
		"commits on close":      "a group that is closed",
		"closes once":           "closed already",
	} {
		err := TestOutput(func() (Subject, error) { return (&memoryOutput{fault: fault}).subject() })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("an output that %s: got %v, want %s", fault, err, want)
		}
	}
	failure := errors.New("failure")
	if err := TestOutput(func() (Subject, error) { return Subject{}, failure }); !errors.Is(err, failure) {
		t.Errorf("an output that cannot be opened: got %v, want %v", err, failure)
	}
}
