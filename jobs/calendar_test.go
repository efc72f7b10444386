package jobs

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// firings lists the first n firings of a schedule from a time on.
func firings(t *testing.T, schedule, zone, from string, n int) (lines []string) {
	t.Helper()
	j := &Job{Name: "nightly", Schedule: schedule, Timezone: zone}
	for f := range j.Firings(parseAt(t, from)) {
		if len(lines) == n {
			break
		}
		lines = append(lines, f.Date+" "+f.At.In(j.Zone()).Format("2006-01-02T15:04Z07:00"))
	}
	return lines
}

func TestFirings(t *testing.T) {
	for _, c := range []struct {
		what, schedule, zone, from string
		want                       []string
	}{
		{"the same moment counts", "30 2 * * *", "", "2026-11-24T02:30:00Z", []string{"2026-11-24 2026-11-24T02:30Z", "2026-11-25 2026-11-25T02:30Z"}},
		{"a moment later does not", "30 2 * * *", "", "2026-11-24T02:30:01Z", []string{"2026-11-25 2026-11-25T02:30Z"}},
		{"clocks go forward", "30 2 * * *", "Europe/Paris", "2026-03-28T00:00:00Z", []string{
			"2026-03-28 2026-03-28T02:30+01:00", "2026-03-29 2026-03-29T03:00+02:00", "2026-03-30 2026-03-30T02:30+02:00",
		}},
		{"clocks go back", "30 2 * * *", "Europe/Paris", "2026-10-24T00:00:00Z", []string{
			"2026-10-24 2026-10-24T02:30+02:00", "2026-10-25 2026-10-25T02:30+02:00", "2026-10-26 2026-10-26T02:30+01:00",
		}},
		{"clocks go back at midnight", "30 23 * * *", "America/Havana", "2026-10-31T12:00:00Z", []string{
			"2026-10-31 2026-10-31T23:30-04:00", "2026-11-01 2026-11-01T23:30-05:00",
		}},
		{"no midnight", "0 0 * * *", "America/Santiago", "2026-09-05T00:00:00Z", []string{
			"2026-09-05 2026-09-05T00:00-04:00", "2026-09-06 2026-09-06T01:00-03:00", "2026-09-07 2026-09-07T00:00-03:00",
		}},
		{"half an hour forward", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", []string{
			"2026-10-04 2026-10-04T02:30+11:00", "2026-10-05 2026-10-05T02:15+11:00",
		}},
		{"clocks go forward over midnight", "45 23 * * *", "America/Toronto", "1919-03-30T12:00:00Z", []string{
			"1919-03-30 1919-03-31T00:30-04:00", "1919-03-31 1919-03-31T23:45-04:00",
		}},
		{"a day that was jumped over", "30 2 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", []string{
			"2011-12-29 2011-12-29T02:30-10:00", "2011-12-31 2011-12-31T02:30+14:00",
		}},
		{"several times a day", "*/15 6,18 * * *", "", "2026-11-24T00:00:00Z", []string{"2026-11-24 2026-11-24T06:00Z", "2026-11-25 2026-11-25T06:00Z"}},
		{"leap days", "0 0 29 2 *", "", "2026-11-24T00:00:00Z", []string{"2028-02-29 2028-02-29T00:00Z", "2032-02-29 2032-02-29T00:00Z"}},
		{"no leap day in 2100", "0 0 29 2 *", "", "2097-01-01T00:00:00Z", []string{"2104-02-29 2104-02-29T00:00Z"}},
		{"no schedule", "", "", "2026-11-24T00:00:00Z", nil},
	} {
		n := max(len(c.want), 1)
		if diff := cmp.Diff(c.want, firings(t, c.schedule, c.zone, c.from, n)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestFiringsLaw: in every zone a nightly job has each date of some years once,
// at a time of that date or, where clocks jump over midnight, just after it.
func TestFiringsLaw(t *testing.T) {
	zones := []string{
		"Europe/Paris", "America/New_York", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Gaza",
		"America/Nuuk", "America/Scoresbysund", "Antarctica/Troll", "Asia/Kathmandu", "UTC",
	}
	rapid.Check(t, func(t *rapid.T) {
		j := &Job{Name: "nightly", Timezone: rapid.SampledFrom(zones).Draw(t, "zone")}
		minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 23).Draw(t, "hour")
		j.Schedule = time.Date(0, 1, 1, hour, minute, 0, 0, time.UTC).Format("4 15 * * *")
		day := time.Date(rapid.IntRange(1995, 2030).Draw(t, "year"), 1, 1, 0, 0, 0, 0, time.UTC)
		last, n := time.Time{}, 0
		for f := range j.Firings(time.Date(day.Year(), 1, 1, 0, 0, 0, 0, j.Zone())) {
			if want := day.AddDate(0, 0, n).Format(time.DateOnly); f.Date != want {
				t.Fatalf("%s in %s: got date %s, want %s", j.Schedule, j.Zone(), f.Date, want)
			}
			if !f.At.After(last) || f.At.In(j.Zone()).Add(-time.Hour).Format(time.DateOnly) > f.Date || f.At.In(j.Zone()).Format(time.DateOnly) < f.Date {
				t.Fatalf("%s in %s: %s is at %s, after %s", j.Schedule, j.Zone(), f.Date, f.At.In(j.Zone()), last.In(j.Zone()))
			}
			if last, n = f.At, n+1; n == 366 {
				break
			}
		}
	})
}

func TestDue(t *testing.T) {
	j := &Job{Name: "nightly", Schedule: "30 2 * * *"}
	f := Firing{"2026-11-24", parseAt(t, "2026-11-24T02:30:00Z")}
	if got := j.Due(f); !got.Equal(f.At) {
		t.Errorf("without jitter: got %s", got)
	}
	j.Jitter = Duration(10 * time.Minute)
	seen := map[time.Duration]bool{}
	for day := range 200 {
		f.Date = parseAt(t, "2026-11-24T02:30:00Z").AddDate(0, 0, day).Format(time.DateOnly)
		late := j.Due(f).Sub(f.At)
		if late < 0 || late > 10*time.Minute || late != j.Due(f).Sub(f.At) {
			t.Fatalf("%s: got %s later", f.Date, late)
		}
		seen[late] = true
	}
	if len(seen) < 100 {
		t.Errorf("200 dates have only %d times", len(seen))
	}
}
