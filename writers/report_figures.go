package writers

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Thousands writes a number with a comma between thousands.
func Thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// share writes a part of a whole in per cent. Some is never written as none,
// nor nearly all as all: one person in a million must not round away.
func share(part, whole int64) string {
	if whole <= 0 {
		return "–"
	}
	tenths := math.Round(float64(part) / float64(whole) * 1000)
	switch {
	case part > 0 && tenths < 1:
		return "<0.1%"
	case part < whole && tenths >= 1000:
		return ">99.9%"
	}
	return strconv.FormatFloat(tenths/10, 'f', 1, 64) + "%"
}

// noBreak keeps a number and its unit on one line.
const noBreak = "\u00a0"

// span writes a length of time in the two largest units that tell it apart, and
// in hours up to three days, as limits are mostly given in hours.
func span(d time.Duration) string {
	if d < 0 {
		return "−" + span(-d)
	}
	units := func(a int64, unit string, b int64, small string) string {
		if b == 0 {
			return fmt.Sprint(a, noBreak, unit)
		}
		return fmt.Sprint(a, noBreak, unit, " ", b, noBreak, small)
	}
	seconds := int64(d / time.Second)
	switch minutes := seconds / 60; {
	case seconds < 60:
		return units(seconds, "s", 0, "")
	case minutes < 60:
		return units(minutes, "min", seconds%60, "s")
	case minutes < 72*60:
		return units(minutes/60, "h", minutes%60, "min")
	default:
		return units(minutes/(24*60), "d", minutes/60%24, "h")
	}
}

// ofSeconds is the length of time of a manifest's seconds. What no duration
// can hold becomes the longest one.
func ofSeconds(s float64) time.Duration {
	if math.Abs(s) > math.MaxInt64/float64(time.Second) || math.IsNaN(s) {
		return math.MaxInt64
	}
	return time.Duration(s * float64(time.Second))
}

// moment writes a time in UTC: the machine's time zones would make the report
// depend on the machine.
func moment(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.UTC().Format("2006-01-02 15:04:05" + noBreak + "UTC")
}

// size writes bytes in decimal units.
func size(bytes int64) string {
	if bytes < 1000 {
		return Thousands(bytes) + noBreak + "B"
	}
	value, unit := float64(bytes), -1
	for value >= 999.95 && unit < len("kMGTPE")-1 {
		value, unit = value/1000, unit+1
	}
	return strconv.FormatFloat(value, 'f', 1, 64) + noBreak + "kMGTPE"[unit:unit+1] + "B"
}

func allVisible(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = visible(name)
	}
	return all
}

// visible returns a name as it stands, or quoted where something in it cannot
// be seen or would make its neighbours read differently: control characters,
// blanks of no width, a change of writing direction.
func visible(name string) string {
	if name == "" {
		return "(empty)"
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) ||
		strings.TrimSpace(name) != name {
		return strconv.Quote(name)
	}
	return name
}
