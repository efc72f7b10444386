package pipeline

import "optout/pipeline/consent"

// decided is what a run remembers of a row between judging it and writing it:
// why it is refused, and the record that decided, but for its time. Everything
// else can be forgotten, which is what lets recipients be taken in partitions.
type decided struct {
	reasons uint32 // consent.Reasons, granted, generic and timed
	field   uint16 // in Plan.Fields
	source  uint8  // number of the input that decided, among those of its kind
	rest    uint8  // kind of evidence, choice or category
}

const (
	granted     = 1 << 31 // of reasons: all rules permit; the zero value is no permission
	genericBit  = 1 << 30 // of reasons
	timedBit    = 1 << 29 // of reasons: the evidence has a time
	reasonBits  = timedBit - 1
	choiceShift = 4 // of rest
	kindMask    = 1<<choiceShift - 1
)

func newDecided(verdict consent.Verdict, generic bool, e finding) decided {
	d := decided{reasons: uint32(verdict.Reasons), field: uint16(e.field), source: e.source}
	if verdict.Decision == consent.Kept {
		d.reasons |= granted
	}
	if generic {
		d.reasons |= genericBit
	}
	if e.time != consent.NoTime {
		d.reasons |= timedBit
	}
	d.rest = uint8(e.kind) | uint8(e.choice)<<choiceShift
	if e.kind == foundScreening {
		d.rest = uint8(e.kind) | uint8(e.category)<<choiceShift
	}
	return d
}

func (d decided) decision() consent.Decision {
	switch reasons := d.why(); {
	case reasons != 0:
		return reasons.Primary().Decision()
	case d.reasons&granted != 0:
		return consent.Kept
	}
	return consent.NotGranted
}

// why is the reasons against the row.
func (d decided) why() consent.Reasons { return consent.Reasons(d.reasons & reasonBits) }

func (d decided) generic() bool { return d.reasons&genericBit != 0 }

func (d decided) timed() bool { return d.reasons&timedBit != 0 }

// finding is the evidence, without the time and the text of an invalid value.
func (d decided) finding() finding {
	f := finding{
		kind: findingKind(d.rest & kindMask), field: Field(d.field), source: d.source, time: consent.NoTime,
		choice: consent.Choice(d.rest >> choiceShift),
	}
	if f.kind == foundScreening {
		f.choice, f.category = consent.Absent, consent.Category(d.rest>>choiceShift)
	}
	return f
}
