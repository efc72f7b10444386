package pipeline

import "optout/pipeline/consent"

// An answer is what a snapshot says of a subject in one field, with what the
// ledger shows of it.
type answer struct {
	consent.Value
	source uint8  // number in Plan.Consents, or of an event in Plan.Events
	event  bool   // somebody said it since the snapshot
	text   string // of an invalid value: what stands in the file
}

// join folds two answers. The one whose value stands is the evidence; of several
// that do, that of a snapshot, the one of the smaller source and, within it, of
// the smaller text, so that no order shows.
func join(fold func(a, b consent.Value) consent.Value, a, b answer) answer {
	switch {
	case b.Choice == consent.Absent:
		return a
	case a.Choice == consent.Absent:
		return b
	}
	merged := fold(a.Value, b.Value)
	standsA, standsB := stands(merged, a.Value), stands(merged, b.Value)
	if standsA && standsB {
		standsA = !a.before(b)
	}
	if !standsA {
		a = b
	}
	a.Value = merged
	return a
}

// before reports whether b is the better evidence of two answers of one value.
func (a answer) before(b answer) bool {
	switch {
	case a.event != b.event:
		return a.event
	case a.source != b.source:
		return a.source > b.source
	}
	return a.text > b.text
}

// stands reports whether v is what a fold left standing. Of several bases that
// became one, those whose time is now its time are.
func stands(merged, v consent.Value) bool {
	if v.Time != merged.Time {
		return false
	}
	return v.Choice == merged.Choice || merged.Choice == consent.Bases && v.Choice.Class() == consent.ClassBasis
}
