package jobs

import (
	"errors"
	"testing"
	"time"
)

func parseAt(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestLogicalDate: the date is that of the job's zone, also where its day has 23
// or 25 hours, or no midnight.
func TestLogicalDate(t *testing.T) {
	for _, c := range []struct{ zone, now, date, want, end, yesterday string }{
		{"", "2026-11-24T23:59:59Z", "", "2026-11-24", "2026-11-25T00:00:00Z", "2026-11-23"},
		{"UTC", "2026-11-24T00:00:00Z", "", "2026-11-24", "2026-11-25T00:00:00Z", "2026-11-23"},
		{"Europe/Paris", "2026-11-24T22:59:59Z", "", "2026-11-24", "2026-11-24T23:00:00Z", "2026-11-23"},
		{"Europe/Paris", "2026-11-24T23:00:00Z", "", "2026-11-25", "2026-11-25T23:00:00Z", "2026-11-24"},
		{"America/New_York", "2026-11-24T04:59:59Z", "", "2026-11-23", "2026-11-24T05:00:00Z", "2026-11-22"},
		{"Pacific/Kiritimati", "2026-11-24T10:00:00Z", "", "2026-11-25", "2026-11-25T10:00:00Z", "2026-11-24"},
		// Spring: the day has 23 hours. Autumn: 25.
		{"Europe/Paris", "2026-03-29T12:00:00Z", "", "2026-03-29", "2026-03-29T22:00:00Z", "2026-03-28"},
		{"Europe/Paris", "2026-10-25T12:00:00Z", "", "2026-10-25", "2026-10-25T23:00:00Z", "2026-10-24"},
		{"Europe/Paris", "2026-03-28T23:30:00Z", "", "2026-03-29", "2026-03-29T22:00:00Z", "2026-03-28"},
		// No midnight: the clocks went from 24:00 to 01:00.
		{"America/Sao_Paulo", "2018-11-04T12:00:00Z", "", "2018-11-04", "2018-11-05T02:00:00Z", "2018-11-03"},
		{"America/Sao_Paulo", "2018-11-05T12:00:00Z", "2018-11-04", "2018-11-04", "2018-11-05T02:00:00Z", "2018-11-03"},
		{"America/Sao_Paulo", "2018-11-03T12:00:00Z", "", "2018-11-03", "2018-11-04T03:00:00Z", "2018-11-02"},
		// No such day at all: the island moved across the date line.
		{"Pacific/Apia", "2011-12-31T12:00:00Z", "", "2012-01-01", "2012-01-01T10:00:00Z", "2011-12-31"},
		// Months and leap years.
		{"UTC", "2028-03-01T12:00:00Z", "", "2028-03-01", "2028-03-02T00:00:00Z", "2028-02-29"},
		{"UTC", "2027-01-01T12:00:00Z", "2026-12-31", "2026-12-31", "2027-01-01T00:00:00Z", "2026-12-30"},
	} {
		j := &Job{Timezone: c.zone}
		date, err := j.newDate(c.date, parseAt(t, c.now))
		if err != nil {
			t.Errorf("%s at %s: %v", c.zone, c.now, err)
			continue
		}
		if date.String() != c.want {
			t.Errorf("%s at %s, date %q: got %s, want %s", c.zone, c.now, c.date, date, c.want)
		}
		if end := date.end().Format(time.RFC3339); end != c.end {
			t.Errorf("%s at %s: the day ends at %s, want %s", c.zone, c.now, end, c.end)
		}
		if got, want := date.expand("a/{{date}}/{{ yesterday }}/b"), "a/"+c.want+"/"+c.yesterday+"/b"; got != want {
			t.Errorf("%s at %s: expanded to %s, want %s", c.zone, c.now, got, want)
		}
	}
}

func TestDateMistakes(t *testing.T) {
	for _, c := range []struct{ zone, date, want string }{
		{"UTC", "2026-11-25", "2026-11-25 is after today, 2026-11-24 in UTC: its snapshots cannot be complete"},
		{"America/New_York", "2026-11-24", "2026-11-24 is after today, 2026-11-23 in America/New_York: its snapshots cannot be complete"},
		{"UTC", "24.11.2026", `"24.11.2026" is no date; write it as in 2026-11-24`},
		{"UTC", "2026-11-31", `"2026-11-31" is no date; write it as in 2026-11-24`},
		{"UTC", "2026-11-24T00:00:00Z", `"2026-11-24T00:00:00Z" is no date; write it as in 2026-11-24`},
		{"UTC", "today", `"today" is no date; write it as in 2026-11-24`},
	} {
		j := &Job{Timezone: c.zone}
		date, err := j.newDate(c.date, parseAt(t, "2026-11-24T03:00:00Z"))
		var usage *UsageError
		if !errors.As(err, &usage) || err.Error() != c.want {
			t.Errorf("%s in %s: got %v and error %v, want %s", c.date, c.zone, date, err, c.want)
		}
	}
}

func TestExpand(t *testing.T) {
	date, err := (&Job{}).newDate("", parseAt(t, "2026-11-24T03:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                              "",
		"plain":                         "plain",
		"{{date}}":                      "2026-11-24",
		"{{date}}{{date}}":              "2026-11-242026-11-24",
		"x/{{ date }}/{{yesterday}}.pq": "x/2026-11-24/2026-11-23.pq",
		"{date}":                        "{date}",
	} {
		if got := date.expand(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}
