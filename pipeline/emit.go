package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
)

// unitRows is the least number of rows that one worker reads and writes at a
// time. Units are made of whole parts, so that what is written depends on
// the input alone.
const unitRows = 1 << 17

// unit is a run of consecutive parts of a send list.
type unit struct{ first, last int } // parts, last not included

func units(t Table, least int64) (list []unit) {
	rows, first := int64(0), 0
	for i, p := range t.Parts {
		if rows += p.Rows; rows >= least || i == len(t.Parts)-1 {
			list = append(list, unit{first, i + 1})
			rows, first = 0, i+1
		}
	}
	return list
}

// Outputs are the files that a send list becomes.
type Outputs struct {
	Audience, Ledger, Quarantine Output
}

// seats are for units at work, of all lists that are being written: as many as a plan
// has threads. Who waits in one for its turn waits for a unit of the same list that has one,
// too, since units get theirs in order.
type seats chan struct{}

func newSeats(p *Plan) seats { return make(seats, max(p.Threads, 1)) }

// emit reads a send list whole and parts its rows by their verdicts. Workers take
// units in order and fill row groups in parallel; the groups are committed in
// the order of the list.
func emit(ctx context.Context, p *Plan, number int, v *verdicts, out Outputs, least int64, at seats) error {
	l := &p.Lists[number]
	if rows, judged := l.Rows.NumRows(), int64(len(v.codes)); rows != judged {
		return fmt.Errorf("read send list %s: %d rows, of which %d were judged", l.Name, rows, judged)
	}
	work := units(l.Rows, least)
	turns := newTurns()
	var next atomic.Int64
	err := together(ctx, min(max(p.Threads, 1), len(work)), func(ctx context.Context, _ int) error {
		// Whatever ends the work wakes those who wait for a turn that will not come.
		defer context.AfterFunc(ctx, turns.stop)()
		e := newEmitter(p, l, v, out)
		defer e.close()
		for more := true; more && ctx.Err() == nil && at.take(ctx); {
			var err error
			if more, err = e.next(ctx, work, &next, turns, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write send list %s: %w", l.Name, err)
	}
	return nil
}

// take waits for a seat. It reports false where the work is at an end.
func (s seats) take(ctx context.Context) bool {
	select {
	case s <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s seats) leave() { <-s }

// turns lets workers commit in order.
type turns struct {
	mu      sync.Mutex
	changed sync.Cond
	next    int
	stopped bool
}

func newTurns() *turns {
	t := &turns{}
	t.changed.L = &t.mu
	return t
}

var errStopped = errors.New("stopped because another worker failed")

// take runs do once every smaller turn is over.
func (t *turns) take(turn int, do func() error) error {
	t.mu.Lock()
	for t.next != turn && !t.stopped {
		t.changed.Wait()
	}
	stopped := t.stopped
	t.mu.Unlock()
	if stopped {
		return errStopped
	}
	if err := do(); err != nil {
		return err
	}
	t.mu.Lock()
	t.next++
	t.mu.Unlock()
	t.changed.Broadcast()
	return nil
}

func (t *turns) stop() {
	t.mu.Lock()
	t.stopped = true
	t.mu.Unlock()
	t.changed.Broadcast()
}

// emitter is what one worker needs to part rows.
type emitter struct {
	plan     *Plan
	list     *List
	verdicts *verdicts
	ledger   *ledger
	keys     rowKeys
	out      Outputs

	groups      [3]Group  // audience, ledger, quarantine of the unit at work
	rows        []decided // of the record at work
	kept        []int32
	quarantined []int32
	generic     []bool
	reasons     *wordBuilder
}

func newEmitter(p *Plan, l *List, v *verdicts, out Outputs) *emitter {
	return &emitter{
		plan: p, list: l, verdicts: v, out: out, keys: rowKeys{plan: p, list: l},
		ledger: newLedger(p, l), reasons: newWordBuilder(p.Memory),
	}
}

func (e *emitter) close() {
	e.ledger.release()
	e.reasons.release()
}

// next does the next unit, if there is one, and leaves the seat that it has.
func (e *emitter) next(ctx context.Context, work []unit, next *atomic.Int64, turns *turns, at seats) (more bool, err error) {
	defer at.leave()
	i := int(next.Add(1) - 1)
	if i >= len(work) {
		return false, nil
	}
	return true, e.unit(ctx, work[i], i, turns)
}

// unit parts the rows of one unit and commits its groups when its turn comes.
func (e *emitter) unit(ctx context.Context, u unit, turn int, turns *turns) (err error) {
	e.groups = [3]Group{e.out.Audience.Group(), e.out.Ledger.Group(), e.out.Quarantine.Group()}
	defer func() {
		for _, g := range e.groups {
			err = errors.Join(err, g.Close())
		}
	}()
	for part := u.first; part < u.last; part++ {
		err := scanPart(ctx, e.list.Rows, part, func(row int64, record arrow.Record) error {
			e.plan.progress(StageEmit, record.NumRows())
			return e.record(row, record)
		})
		if err != nil {
			return err
		}
	}
	return turns.take(turn, func() error {
		for _, g := range e.groups {
			if err := g.Commit(); err != nil {
				return err
			}
		}
		return nil
	})
}

// errNotDecided guards against writing rows that nobody judged.
var errNotDecided = errors.New("a row was neither granted nor refused")

// record parts the rows of a record and writes them where they belong.
func (e *emitter) record(first int64, record arrow.Record) error {
	if err := e.keys.bind(record); err != nil {
		return err
	}
	defer e.keys.release()
	e.kept, e.quarantined, e.generic = e.kept[:0], e.quarantined[:0], e.generic[:0]
	e.rows = e.rows[:0]
	for i := range record.NumRows() {
		e.rows = append(e.rows, e.verdicts.at(first+i))
	}
	rows := e.rows
	e.ledger.reserve(e.ledgerRows(rows))
	for i := range rows {
		row, d := first+int64(i), rows[i]
		decision := d.decision()
		switch decision {
		case consent.Kept:
			e.kept = append(e.kept, int32(i))
		case consent.Quarantined:
			e.quarantined = append(e.quarantined, int32(i))
		case consent.NotGranted:
			return errNotDecided
		}
		e.generic = append(e.generic, d.generic())
		if decision != consent.Kept || e.plan.LedgerAll {
			e.ledger.add(row, d, e.plan.evidence(e.list, e.verdicts.finding(row)), &e.keys, i)
		}
	}
	return errors.Join(e.writeKept(record), e.writeQuarantined(record, rows), e.writeLedger())
}

// ledgerRows counts the rows that the ledger has.
func (e *emitter) ledgerRows(rows []decided) (n int) {
	if e.plan.LedgerAll {
		return len(rows)
	}
	for i := range rows {
		if rows[i].why() != 0 {
			n++
		}
	}
	return n
}

func (e *emitter) writeKept(record arrow.Record) error {
	if len(e.kept) == 0 {
		return nil
	}
	if e.list.Personalize == NoField {
		return e.groups[0].Write(record, e.kept)
	}
	record, err := personalize(record, e.list.Personalized, e.generic, e.plan.Memory)
	if err != nil {
		return err
	}
	defer record.Release()
	return e.groups[0].Write(record, e.kept)
}

// writeQuarantined writes the rows to be mended, each with its reason.
func (e *emitter) writeQuarantined(record arrow.Record, rows []decided) error {
	if len(e.quarantined) == 0 {
		return nil
	}
	for i := range rows {
		reason := ""
		if rows[i].decision() == consent.Quarantined {
			reason = rows[i].why().Primary().String()
		}
		e.reasons.append(reason)
	}
	reasons := e.reasons.newArray()
	defer reasons.Release()
	record = newRecord(record, record.Columns(), ReasonColumn, reasons)
	defer record.Release()
	return e.groups[2].Write(record, e.quarantined)
}

func (e *emitter) writeLedger() error {
	if e.ledger.rows == 0 {
		return nil
	}
	record := e.ledger.record()
	defer record.Release()
	return e.groups[1].Write(record, nil)
}
