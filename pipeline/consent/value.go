package consent

import "math"

// NoTime is the effective time of a value that has none. It is less than every
// other time.
const NoTime int64 = math.MinInt64

// A Value is a choice and the time it took effect, in microseconds since 1970
// UTC, or NoTime. The zero Value has the epoch as its time, which no rule
// reads, since an absent choice has no time.
type Value struct {
	Choice Choice
	Time   int64

	// Expires is when a yes ends, in microseconds since 1970 UTC; 0 where it says
	// nothing of an end.
	Expires int64
}

// Restrict folds two values of one field found in two records of one profile:
// the more restrictive choice wins. Of equal choices the time that helps the
// sender least is kept: unknown first, then for a no the latest (hardest to
// answer), for all others the earliest (soonest expired), and the earliest end. It is commutative,
// associative and idempotent.
func Restrict(a, b Value) Value {
	if a.Choice < b.Choice {
		a, b = b, a
	}
	switch {
	case a.Choice == b.Choice:
		a.Time = restrictTime(a.Choice, a.Time, b.Time)
		a.Expires = restrictEnd(a.Expires, b.Expires)
	case a.Choice.Class() == ClassBasis && b.Choice.Class() == ClassBasis:
		// Which basis the policy accepts is not known here, so two different
		// ones become a basis that no policy accepts.
		return Value{Choice: Bases, Time: restrictTime(Bases, a.Time, b.Time), Expires: restrictEnd(a.Expires, b.Expires)}
	}
	return a
}

func restrictTime(c Choice, a, b int64) int64 {
	if c.Class() == ClassNo && a != NoTime && b != NoTime {
		return max(a, b)
	}
	return min(a, b)
}

// restrictEnd is the earlier end.
func restrictEnd(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Latest folds two values of one field by effective time: the later wins, and
// ties go to the more restrictive (policy `duplicates: latest`). A no or an
// invalid value of unknown time may be the latest, so it beats every known
// time; any other value of unknown time yields to every known one (ours). An
// absent value yields to all.
func Latest(a, b Value) Value {
	switch {
	case a.Choice == Absent:
		return b
	case b.Choice == Absent:
		return a
	}
	ta, tb := a.order(), b.order()
	switch {
	case ta > tb:
		return a
	case ta < tb:
		return b
	}
	return Restrict(a, b)
}

func (v Value) order() int64 {
	if v.Time != NoTime {
		return v.Time
	}
	switch v.Choice.Class() {
	case ClassNo, ClassInvalid:
		return math.MaxInt64
	}
	return NoTime
}
