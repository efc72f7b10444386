package oracle

import (
	"strings"
	"time"
)

// sending is when most lists go out; the job's logical date is its day.
var sending = time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)

const logicalDate = "2026-11-05"

// spans are how long a consent may hold.
var spans = map[string]time.Duration{"30d": 30 * 24 * time.Hour, "730d": 730 * 24 * time.Hour, "36h": 36 * time.Hour}

// stamp writes a time as DuckDB reads it.
func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05.000000") }

// An answerer draws what people answered. Few instants stand for all times, so
// that times tie, and some lie on the brink of expiry.
type answerer struct {
	dice
	mild     bool // most say yes: else few rows would be kept
	instants []string
}

func newAnswerer(d dice) answerer {
	a := answerer{dice: d, mild: d.chance(60)}
	for range 6 {
		span := spans[one(d, "30d", "730d", "36h")]
		shift := one(d, 0, -time.Microsecond, time.Microsecond, time.Hour, 24*time.Hour, -1000*time.Hour)
		a.instants = append(a.instants, stamp(sending.Add(shift-span)))
	}
	return a
}

// at is an instant, or unknown.
func (a answerer) at() any {
	if a.chance(12) {
		return nil
	}
	return one(a.dice, a.instants...)
}

// end is when a yes ends, if it says so: on the brink of sending, long before or after.
func (a answerer) end() any {
	if a.chance(35) {
		return nil
	}
	shift := one(a.dice, 0, -time.Microsecond, time.Microsecond, -1000*time.Hour, 1000*time.Hour)
	return stamp(sending.Add(shift))
}

// val is a choice value as an input may hold it.
func (a answerer) val() any {
	if a.mild && a.chance(60) {
		return one[any](a.dice, "y", "y", "y", "Y", nil)
	}
	var v string
	switch n := a.IntN(100); {
	case n < 22:
		return nil
	case n < 24:
		return ""
	case n < 48:
		v = "y"
	case n < 56:
		v = "n"
	case n < 62:
		v = "dn"
	case n < 69:
		v = "dy"
	case n < 75:
		v = "p"
	case n < 81:
		v = "u"
	case n < 87:
		v = "LI"
	case n < 95:
		v = one(a.dice, "LI", "CT", "CP", "VI", "PI")
	default:
		return one(a.dice, "yes", "no", "true", "1", " ", "y ", "LIT", "nn")
	}
	if a.chance(10) {
		v = one(a.dice, strings.ToUpper(v), strings.ToLower(v), strings.ToUpper(v[:1])+v[1:])
	}
	return v
}
