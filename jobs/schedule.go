package jobs

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// parseSchedule reads a schedule of five fields in a zone. It refuses what the
// cron library accepts but never fires, and what makes it panic: a zone inside
// the text.
func parseSchedule(text string, zone *time.Location) (cron.Schedule, error) {
	if strings.Contains(text, "=") {
		return nil, errors.New("the time zone goes under timezone")
	}
	if strings.HasPrefix(strings.TrimSpace(text), "@") || len(strings.Fields(text)) != 5 {
		return nil, fmt.Errorf("%q has not five fields: minute, hour, day of the month, month, day of the week", text)
	}
	schedule, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no schedule: %w", text, err)
	}
	// Any start will do: leap days and week days repeat within 28 years, and
	// the library looks five years ahead.
	for year := 2000; year < 2030; year += 4 {
		if !schedule.Next(time.Date(year, 1, 1, 0, 0, 0, 0, zone)).IsZero() {
			return schedule, nil
		}
	}
	return nil, fmt.Errorf("%q never comes: there is no such day", text)
}
