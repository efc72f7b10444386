package readers

import (
	"bytes"
	"errors"
	"time"
)

var (
	errInstant = errors.New("no time: write it as 2026-11-25T10:00:00Z, as a date, or in seconds, milliseconds, microseconds or nanoseconds since 1970")
	errYear    = errors.New("a time outside of the years 1990 to 2200; its unit may be another than its digits say")
)

// The years in between are times that somebody can mean here. A time outside is a
// unit guessed wrong, or a clock that was never set.
const (
	firstYear = 1990
	lastYear  = 2200
)

// parseInstant reads a time of text in microseconds since 1970 UTC: in the form
// of RFC 3339, with a space in place of the T as well, and with or without a
// fraction and a zone, UTC where there is none; a date, which is its first
// moment; or a number of seconds, milliseconds, microseconds or nanoseconds, of
// 10, 13, 16 or 19 digits.
func parseInstant(text []byte) (int64, error) {
	if micros, ok := plainInstant(text); ok {
		return micros, nil
	}
	return parseAnyInstant(text)
}

func parseAnyInstant(text []byte) (int64, error) {
	t, ok := parseDigits(text)
	if !ok {
		t, ok = parseDateTime(text)
	}
	if !ok {
		return 0, errInstant
	}
	if y := t.Year(); y < firstYear || y > lastYear {
		return 0, errYear
	}
	return t.UnixMicro(), nil
}

// parseDigits reads a time since 1970.
func parseDigits(text []byte) (t time.Time, ok bool) {
	v, ok := number(text)
	if !ok {
		return t, false
	}
	switch len(text) {
	case 10:
		return time.Unix(v, 0).UTC(), true
	case 13:
		return time.UnixMilli(v).UTC(), true
	case 16:
		return time.UnixMicro(v).UTC(), true
	case 19:
		return time.Unix(0, v).UTC(), true
	}
	return t, false
}

// number reads decimal digits, at most 19.
func number(text []byte) (v int64, ok bool) {
	if len(text) == 0 || len(text) > 19 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = 10*v + int64(c-'0')
	}
	return v, v >= 0
}

// parseDateTime reads a date, with or without a time of day.
func parseDateTime(text []byte) (t time.Time, ok bool) {
	r := instantReader{text, true}
	year := r.digits(4)
	r.skip("-")
	month := r.digits(2)
	r.skip("-")
	day := r.digits(2)
	var hour, minute, second, nanos, zone int
	if len(r.text) > 0 {
		r.skip("Tt ")
		hour = r.digits(2)
		r.skip(":")
		minute = r.digits(2)
		if r.next(":") {
			second = r.digits(2)
			nanos = r.fraction()
		}
		zone = r.zone()
	}
	if !r.ok || len(r.text) > 0 || hour > 23 || minute > 59 || second > 59 {
		return t, false
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second-zone, nanos, time.UTC)
	// A day that the month does not have has become one of the next.
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, month >= 1 && d.Month() == time.Month(month) && d.Day() == day
}

// instantReader reads the parts of a time. Once ok is false it stays so.
type instantReader struct {
	text []byte
	ok   bool
}

// next passes one of some characters, where it is there.
func (r *instantReader) next(of string) bool {
	if len(r.text) == 0 || bytes.IndexByte([]byte(of), r.text[0]) < 0 {
		return false
	}
	r.text = r.text[1:]
	return true
}

func (r *instantReader) skip(of string) { r.ok = r.next(of) && r.ok }

func (r *instantReader) digits(n int) int {
	if len(r.text) < n {
		r.ok = false
		return 0
	}
	v, ok := number(r.text[:n])
	r.text, r.ok = r.text[n:], r.ok && ok
	return int(v)
}

// fraction reads up to nine digits of a second, in nanoseconds.
func (r *instantReader) fraction() (nanos int) {
	if !r.next(".,") {
		return 0
	}
	n := 0
	for ; len(r.text) > 0 && r.text[0] >= '0' && r.text[0] <= '9'; n++ {
		nanos = 10*nanos + r.digits(1)
		if n == 9 {
			r.ok = false
			return 0
		}
	}
	r.ok = r.ok && n > 0
	for ; n < 9; n++ {
		nanos *= 10
	}
	return nanos
}

// zone reads how many seconds a zone is ahead of UTC.
func (r *instantReader) zone() (seconds int) {
	if rest, ok := bytes.CutPrefix(r.text, []byte(" UTC")); ok {
		r.text = rest
		return 0
	}
	if len(r.text) == 0 || r.next("Zz") {
		return 0
	}
	sign := 1
	if r.next("-") {
		sign = -1
	} else {
		r.skip("+")
	}
	hours := r.digits(2)
	minutes := 0
	if r.next(":") || len(r.text) > 0 {
		minutes = r.digits(2)
	}
	r.ok = r.ok && hours <= 23 && minutes <= 59
	return sign * (3600*hours + 60*minutes)
}
