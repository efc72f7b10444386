package pipeline

import (
	"errors"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
)

// memoryOutput keeps the rows of a file as texts.
type memoryOutput struct {
	mu    sync.Mutex
	rows  [][]string
	open  int // groups not closed
	calls int
	fail  func(call string, number int) error // nil for none
}

func (o *memoryOutput) Group() Group {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open++
	return &memoryGroup{out: o}
}

func (o *memoryOutput) call(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	if o.fail == nil {
		return nil
	}
	return o.fail(name, o.calls)
}

type memoryGroup struct {
	out    *memoryOutput
	rows   [][]string
	closed bool
}

func (g *memoryGroup) Write(record arrow.Record, rows []int32) error {
	if err := g.out.call("write"); err != nil {
		return err
	}
	if rows == nil {
		for i := range int32(record.NumRows()) {
			rows = append(rows, i)
		}
	}
	for _, i := range rows {
		var cells []string
		for k, c := range record.Columns() {
			if !isKey(record.ColumnName(k)) {
				cells = append(cells, cellText(c, int(i)))
			}
		}
		g.rows = append(g.rows, cells)
	}
	return nil
}

func cellText(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return null
	}
	return a.ValueStr(i)
}

func (g *memoryGroup) Commit() error {
	if g.closed {
		return errors.New("commit after close")
	}
	if err := g.out.call("commit"); err != nil {
		return err
	}
	g.out.mu.Lock()
	defer g.out.mu.Unlock()
	g.out.rows = slices.Concat(g.out.rows, g.rows)
	g.rows = nil
	return nil
}

func (g *memoryGroup) Close() error {
	g.out.mu.Lock()
	defer g.out.mu.Unlock()
	if !g.closed {
		g.closed = true
		g.out.open--
	}
	return nil
}

// outputs are three files in memory.
type outputs struct{ audience, ledger, quarantine memoryOutput }

func (o *outputs) all() Outputs { return Outputs{&o.audience, &o.ledger, &o.quarantine} }
