package page

import (
	"html/template"
	"strconv"
	"time"

	"optout/jobs/history"
)

// words are the functions of the templates beside those of the report.
var words = template.FuncMap{
	"running": func() history.Status { return history.Running }, "status": statusWord, "mark": statusMark, "kind": statusKind, "starter": starter,
	"at": at, "soon": soon, "day": day, "night": short, "away": away, "length": length,
}

// starter says who began an attempt.
func starter(s history.Starter) string {
	switch s {
	case history.ByHand:
		return "by hand"
	case history.BySchedule:
		return "by schedule"
	case history.ByCatchUp:
		return "to catch up"
	case history.ByRetry:
		return "to try again"
	case history.ByPage:
		return "from this page"
	}
	return string(s)
}

// at writes a time in a job's zone.
func at(t time.Time, zone *time.Location) string {
	if t.IsZero() { // of an attempt whose file cannot be read
		return "at a time not known"
	}
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04\u00a0MST")
}

// soon is at without the year.
func soon(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan, 15:04\u00a0MST")
}

// day writes a logical date.
func day(date string) string { return dateAs(date, "Mon 2 Jan 2006") }

// short is day without the year.
func short(date string) string { return dateAs(date, "Mon 2 Jan") }

func dateAs(date, layout string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format(layout)
}

// away says how far off a time is.
func away(t, now time.Time) string {
	if d := t.Sub(now); d >= time.Minute {
		return "in " + length(d)
	}
	return "now"
}

// length writes a length of time in its largest unit.
func length(d time.Duration) string {
	n, unit := d.Round(time.Second)/time.Second, "s"
	switch {
	case d >= 48*time.Hour:
		n, unit = d.Round(24*time.Hour)/(24*time.Hour), "days"
	case d >= 2*time.Hour:
		n, unit = d.Round(time.Hour)/time.Hour, "h"
	case d >= time.Minute:
		n, unit = d.Round(time.Minute)/time.Minute, "min"
	}
	return strconv.FormatInt(int64(n), 10) + "\u00a0" + unit
}
