package jobs

import (
	"testing"
	"time"
)

func TestParseSchedule(t *testing.T) {
	for text, want := range map[string]string{
		"30 2 * * *":         "2026-11-25T02:30:00Z",
		"*/15 * * * *":       "2026-11-24T10:15:00Z",
		"0 6 * * MON-FRI":    "2026-11-25T06:00:00Z",
		"0 0 1 jan *":        "2027-01-01T00:00:00Z",
		"0 0 29 2 *":         "2028-02-29T00:00:00Z", // within five years
		"0 0 31 * *":         "2026-12-31T00:00:00Z",
		"0 0 ? * 7-7/1":      "",
		"  0  0  *  *  *  ":  "2026-11-25T00:00:00Z",
		"59 23 31 12 *":      "2026-12-31T23:59:00Z",
		"0 0 30 2 1":         "2027-02-01T00:00:00Z", // the day of the month or that of the week
		"0 12 24,25 11,12 *": "2026-11-24T12:00:00Z",
	} {
		schedule, err := parseSchedule(text, time.UTC)
		if want == "" {
			if err == nil {
				t.Errorf("%q: got no error", text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := schedule.Next(parseAt(t, "2026-11-24T10:00:00Z")).Format(time.RFC3339); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// TestScheduleTraps are texts that make the cron library panic, that it takes
// and never fires, or that it reads as something else.
func TestScheduleTraps(t *testing.T) {
	const fields = " has not five fields: minute, hour, day of the month, month, day of the week"
	const zone = "the time zone goes under timezone"
	for text, want := range map[string]string{
		"":                             `""` + fields,
		"TZ=UTC":                       zone,
		"TZ=0":                         zone,
		"CRON_TZ=Europe/Paris":         zone,
		"CRON_TZ=UTC 0 0 * * *":        zone,
		"TZ=UTC 30 2 * * *":            zone,
		"@every 1h":                    `"@every 1h"` + fields,
		"@every -1h":                   `"@every -1h"` + fields,
		"@daily":                       `"@daily"` + fields,
		" @ every 1 2 3":               `" @ every 1 2 3"` + fields,
		"0 30 2 * * *":                 `"0 30 2 * * *"` + fields,
		"30 2 * *":                     `"30 2 * *"` + fields,
		"0 0 31 2 *":                   `"0 0 31 2 *" never comes: there is no such day`,
		"0 0 30 2 *":                   `"0 0 30 2 *" never comes: there is no such day`,
		"0 0 31 4,6,9,11 *":            `"0 0 31 4,6,9,11 *" never comes: there is no such day`,
		"60 0 * * *":                   `"60 0 * * *" is no schedule: end of range (60) above maximum (59): 60`,
		"0 24 * * *":                   `"0 24 * * *" is no schedule: end of range (24) above maximum (23): 24`,
		"0 0 0 * *":                    `"0 0 0 * *" is no schedule: beginning of range (0) below minimum (1): 0`,
		"5-1 0 * * *":                  `"5-1 0 * * *" is no schedule: beginning of range (5) beyond end of range (1): 5-1`,
		"*/0 0 * * *":                  `"*/0 0 * * *" is no schedule: step of range should be a positive number: */0`,
		"a 0 * * *":                    `"a 0 * * *" is no schedule: failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax`,
		"-1 0 * * *":                   `"-1 0 * * *" is no schedule: failed to parse int from : strconv.Atoi: parsing "": invalid syntax`,
		"99999999999999999999 * * * *": `"99999999999999999999 * * * *" is no schedule: failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range`,
	} {
		if _, err := parseSchedule(text, time.UTC); err == nil || err.Error() != want {
			t.Errorf("%q: got error %v, want %s", text, err, want)
		}
	}
}

func TestNextTimes(t *testing.T) {
	j := &Job{Schedule: "30 2 * * *", Timezone: "Europe/Paris"}
	var got []string
	for _, at := range j.nextTimes(parseAt(t, "2026-11-24T10:00:00Z"), 2) {
		got = append(got, at.Format(time.RFC3339))
	}
	if len(got) != 2 || got[0] != "2026-11-25T02:30:00+01:00" || got[1] != "2026-11-26T02:30:00+01:00" {
		t.Errorf("got %v", got)
	}
	if got := (&Job{}).nextTimes(parseAt(t, "2026-11-24T10:00:00Z"), 2); got != nil {
		t.Errorf("a job without a schedule: got %v", got)
	}
}
