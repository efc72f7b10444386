package jobs

import (
	"fmt"
	"strings"
	"time"
)

// A logicalDate is the day that a run is for, in the job's time zone.
type logicalDate struct {
	day  time.Time // its midnight in UTC, for the zone may have none that day
	zone *time.Location
}

func loadLocation(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	// "Local" would make the result depend on the machine.
	if strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("%q is no time zone; write it as in Europe/Paris", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is no time zone; write it as in Europe/Paris", name)
	}
	return zone, nil
}

// newDate is the date that text says, YYYY-MM-DD, or the day of now.
func (j *Job) newDate(text string, now time.Time) (logicalDate, error) {
	zone, err := loadLocation(j.Timezone)
	if err != nil {
		return logicalDate{}, err
	}
	year, month, number := now.In(zone).Date()
	today := time.Date(year, month, number, 0, 0, 0, 0, time.UTC)
	if text == "" {
		return logicalDate{today, zone}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return logicalDate{}, &UsageError{fmt.Errorf("%q is no date; write it as in 2026-11-24", text)}
	}
	if day.After(today) {
		return logicalDate{}, &UsageError{fmt.Errorf("%s is after today, %s in %s: its snapshots cannot be complete", text, today.Format(time.DateOnly), zone)}
	}
	return logicalDate{day, zone}, nil
}

func (d logicalDate) String() string { return d.day.Format(time.DateOnly) }

// end is the moment when the day is over: when messages count as sent unless
// their list says. It follows from the date alone, so that a run can be
// repeated to the byte.
func (d logicalDate) end() time.Time {
	next := d.day.AddDate(0, 0, 1)
	at := time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, d.zone)
	if at.Day() != next.Day() { // no midnight: the day begins when the clocks go forward
		_, at = at.ZoneBounds()
	}
	return at.UTC()
}

// expand fills the date into a path.
func (d logicalDate) expand(path string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(path, "{{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, rest, _ := strings.Cut(after, "}}")
		day := d.day
		if strings.TrimSpace(name) == "yesterday" {
			day = day.AddDate(0, 0, -1)
		}
		b.WriteString(day.Format(time.DateOnly))
		path = rest
	}
}

// A UsageError is a wrong argument of the command.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }
