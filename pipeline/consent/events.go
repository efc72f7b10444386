package consent

// Events are what somebody said in one field since the snapshot, folded by
// [Latest]: the last opt-out, an [N], and the last opt-in, a [Y]. Each is absent
// where there was none. An opt-out without a time is later than every other;
// opt-ins without one must be left out, since they lift nothing.
type Events struct {
	OptOut, OptIn Value
}

// Over lays the events over what the snapshot says of the same subject:
// consent.md, section 6. Adding an opt-out never turns a no into anything else.
func (e Events) Over(v Value) Value {
	lifted := Lift(v, e.OptIn)
	if e.OptOut.Choice == Absent || Answers(e.OptIn, e.OptOut) || Answers(lifted, e.OptOut) {
		return lifted
	}
	return Restrict(lifted, e.OptOut)
}

// Lift lays an opt-in of known time over a value of the snapshot. It stands in
// place of no answer, and of every answer known to be earlier; of unknown time it
// replaces a yes only. An invalid value stays: nobody knows what it said (ours).
func Lift(v, in Value) Value {
	if in.Choice != Y || in.Time == NoTime {
		return v
	}
	known := v.Time != NoTime && v.Time < in.Time
	switch v.Choice.Class() {
	case ClassAbsent:
		return in
	case ClassYes:
		if known || v.Time == NoTime {
			return in
		}
	case ClassBasis, ClassOpen, ClassNo:
		if known {
			return in
		}
	}
	return v
}

// Answers reports whether a value answers an opt-out event, so that it no longer
// holds: only an explicit yes of a later time does. A default of yes, a legal
// basis or an open answer is nobody's permission, and a value of unknown time may
// be older (ours). Nothing answers an opt-out without a time.
func Answers(v, optOut Value) bool {
	return v.Choice == Y && v.Time != NoTime && optOut.Time != NoTime && v.Time > optOut.Time
}
