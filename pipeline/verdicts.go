package pipeline

import (
	"math"
	"slices"
	"sync"

	"optout/pipeline/consent"
)

// verdicts are what was decided of the rows of one list. It is much the same of
// most, so a row is the number of one of a few hundred outcomes, two bytes, and
// ten more where its evidence has a time.
type verdicts struct {
	codes  []uint16 // of each row, by number in the list: its outcome
	blocks []blockTimes

	mu       sync.Mutex
	outcomes []decided // by code; the first is that of a row that nobody judged
	known    map[decided]uint16
	rare     map[int64]decided // by row: outcomes for which there was no code
	texts    map[int64]string  // of invalid values, by row
}

// blockTimes are the times of evidence of blockRows rows.
type blockTimes struct {
	mu    sync.Mutex
	rows  []uint16 // in the block, those that have one, rising
	times []int64
}

const (
	blockBits = 16
	blockRows = 1 << blockBits

	rareCode = math.MaxUint16
)

func newVerdicts(rows int64) *verdicts {
	return &verdicts{
		codes: make([]uint16, rows), blocks: make([]blockTimes, (rows+blockRows-1)/blockRows),
		outcomes: make([]decided, 1), known: map[decided]uint16{}, rare: map[int64]decided{}, texts: map[int64]string{},
	}
}

// code returns the number of an outcome, a new one where it has none.
func (v *verdicts) code(d decided) uint16 {
	v.mu.Lock()
	defer v.mu.Unlock()
	code, ok := v.known[d]
	if !ok && len(v.outcomes) == rareCode {
		return rareCode
	}
	if !ok {
		code = uint16(len(v.outcomes))
		v.known[d] = code
		v.outcomes = append(v.outcomes, d)
	}
	return code
}

// at is what was decided of a row.
func (v *verdicts) at(row int64) decided {
	if code := v.codes[row]; code != rareCode {
		return v.outcomes[code]
	}
	return v.rare[row]
}

// finding is the evidence of a row.
func (v *verdicts) finding(row int64) finding {
	d := v.at(row)
	f := d.finding()
	if d.timed() {
		b := &v.blocks[row>>blockBits]
		i, _ := slices.BinarySearch(b.rows, uint16(row))
		f.time = b.times[i]
	}
	if f.choice == consent.Invalid {
		f.text = v.texts[row]
	}
	return f
}

// A verdictWriter notes verdicts. It belongs to one worker, and rows come to it in
// rising order until flush is called.
type verdictWriter struct {
	*verdicts
	known map[decided]uint16 // codes that this worker met
	block int64              // whose times wait
	rows  []uint16
	times []int64
}

func (v *verdicts) writer() *verdictWriter {
	return &verdictWriter{verdicts: v, known: map[decided]uint16{}}
}

// set notes a verdict and its evidence. Each row is set once, by one worker.
func (w *verdictWriter) set(row int64, verdict consent.Verdict, generic bool, e finding) {
	d := newDecided(verdict, generic, e)
	code, ok := w.known[d]
	if !ok {
		code = w.code(d)
		w.known[d] = code
	}
	w.codes[row] = code
	if d.timed() {
		w.setTime(row, e.time)
	}
	if code == rareCode || e.text != "" {
		w.mu.Lock()
		defer w.mu.Unlock()
		if code == rareCode {
			w.rare[row] = d
		}
		if e.text != "" {
			w.texts[row] = e.text
		}
	}
}

func (w *verdictWriter) setTime(row, time int64) {
	if block := row >> blockBits; block != w.block {
		w.flush()
		w.block = block
	}
	w.rows, w.times = append(w.rows, uint16(row)), append(w.times, time)
}

// flush puts the times that wait into their block. Those of another partition
// may be there.
func (w *verdictWriter) flush() {
	if len(w.rows) == 0 {
		return
	}
	w.blocks[w.block].merge(w.rows, w.times)
	w.rows, w.times = w.rows[:0], w.times[:0]
}

func (b *blockTimes) merge(rows []uint16, times []int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.rows) + len(rows)
	allRows, allTimes := make([]uint16, 0, n), make([]int64, 0, n)
	old := 0
	for i, row := range rows {
		next := old
		for next < len(b.rows) && b.rows[next] < row {
			next++
		}
		allRows, allTimes = append(allRows, b.rows[old:next]...), append(allTimes, b.times[old:next]...)
		allRows, allTimes = append(allRows, row), append(allTimes, times[i])
		old = next
	}
	b.rows, b.times = append(allRows, b.rows[old:]...), append(allTimes, b.times[old:]...)
}
