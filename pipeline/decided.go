package pipeline

import (
	"sync"

	"optout/pipeline/consent"
)

// decided is what a run remembers of a row between judging it and writing it:
// why it is refused, and the record that decided. Everything else can be
// forgotten, which is what lets recipients be taken in partitions.
type decided struct {
	time    int64  // of the evidence, or consent.NoTime
	reasons uint32 // consent.Reasons, granted and generic
	field   uint16 // in Plan.Fields
	source  uint8  // number of the input that decided, among those of its kind
	rest    uint8  // kind of evidence, choice or category
}

const (
	decidedSize = 16

	granted     = 1 << 31 // of reasons: all rules permit; the zero value is no permission
	genericBit  = 1 << 30 // of reasons
	reasonBits  = genericBit - 1
	choiceShift = 4 // of rest
	kindMask    = 1<<choiceShift - 1
)

// verdicts are what was decided of the rows of one list.
type verdicts struct {
	rows []decided // by number in the list

	mu    sync.Mutex
	texts map[int64]string // of invalid values, by row
}

func newVerdicts(rows int64) *verdicts {
	return &verdicts{rows: make([]decided, rows), texts: map[int64]string{}}
}

// set notes a verdict and its evidence. Each row is set once, by one worker.
func (v *verdicts) set(row int64, verdict consent.Verdict, generic bool, e finding) {
	d := decided{time: e.time, reasons: uint32(verdict.Reasons), field: uint16(e.field), source: e.source}
	if verdict.Decision == consent.Kept {
		d.reasons |= granted
	}
	d.rest = uint8(e.kind) | uint8(e.choice)<<choiceShift
	if e.kind == foundScreening {
		d.rest = uint8(e.kind) | uint8(e.category)<<choiceShift
	}
	if generic {
		d.reasons |= genericBit
	}
	if e.text != "" {
		v.mu.Lock()
		v.texts[row] = e.text
		v.mu.Unlock()
	}
	v.rows[row] = d
}

func (d *decided) decision() consent.Decision {
	switch reasons := d.why(); {
	case reasons != 0:
		return reasons.Primary().Decision()
	case d.reasons&granted != 0:
		return consent.Kept
	}
	return consent.NotGranted
}

// why is the reasons against the row.
func (d *decided) why() consent.Reasons { return consent.Reasons(d.reasons & reasonBits) }

func (d *decided) generic() bool { return d.reasons&genericBit != 0 }

// finding is the evidence of a row.
func (v *verdicts) finding(row int64) finding {
	d := &v.rows[row]
	f := finding{
		kind: findingKind(d.rest & kindMask), field: Field(d.field), source: d.source, time: d.time,
		choice: consent.Choice(d.rest >> choiceShift),
	}
	if f.kind == foundScreening {
		f.choice, f.category = consent.Absent, consent.Category(d.rest>>choiceShift)
	}
	if f.choice == consent.Invalid {
		f.text = v.texts[row]
	}
	return f
}
