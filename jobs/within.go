package jobs

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Within is how long a request may wait: a span of time, or a number of business
// days.
type Within struct {
	span Duration
	days int // business days; 0 for a span
}

const mostBusinessDays = 1000

var businessShape = regexp.MustCompile(`^([1-9][0-9]{0,3}) business days?$`)

func (w *Within) parse(text string) error {
	if found := businessShape.FindStringSubmatch(text); found != nil {
		if w.days, _ = strconv.Atoi(found[1]); w.days > mostBusinessDays {
			return fmt.Errorf("%q is too long; %d business days is the most", text, mostBusinessDays)
		}
		return nil
	}
	if err := w.span.parse(text); err != nil {
		return fmt.Errorf("%q is no time to wait; write it as in 48h, 2d or 10 business days", text)
	}
	return nil
}

func (Within) pattern() string {
	return strings.TrimSuffix(Duration.pattern(0), ")$") + "|[1-9][0-9]{0,3} business days?)$"
}

func (w Within) String() string {
	switch {
	case w.days == 1:
		return "1 business day"
	case w.days > 0:
		return fmt.Sprintf("%d business days", w.days)
	case time.Duration(w.span)%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", time.Duration(w.span)/(24*time.Hour))
	}
	return span(time.Duration(w.span))
}

// due is when a request must be honoured at the latest: of business days the end
// of the last, by the clock of a zone. The day of the request does not count.
func (w Within) due(request time.Time, zone *time.Location, holidays []Day) time.Time {
	if w.days == 0 {
		return request.Add(time.Duration(w.span))
	}
	year, month, number := request.In(zone).Date()
	day := logicalDate{time.Date(year, month, number, 0, 0, 0, 0, time.UTC), zone}
	for left := w.days; left > 0; {
		if day.day = day.day.AddDate(0, 0, 1); isBusinessDay(day.day, holidays) {
			left--
		}
	}
	return day.end()
}

func isBusinessDay(day time.Time, holidays []Day) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !slices.Contains(holidays, Day(day.Format(time.DateOnly)))
}

// A Day is a day of the calendar, YYYY-MM-DD.
type Day string

func (d *Day) parse(text string) error {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return fmt.Errorf("%q is no day; write it as in 2026-12-25", text)
	}
	*d = Day(text)
	return nil
}

// Without quotes some editors read a day as a time.
func (Day) pattern() string { return "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00:00(\\.000)?Z)?$" }
