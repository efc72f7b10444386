package jobs

import (
	"hash/fnv"
	"iter"
	"time"

	"github.com/robfig/cron/v3"
)

// A Firing is when the schedule of a job names a logical date: once, however
// often the schedule comes on that day.
type Firing struct {
	Date string // YYYY-MM-DD
	At   time.Time
}

// Firings lists the firings of the job's schedule at or after a time, in order
// and without end; there is none without a schedule.
//
// The schedule is read by the clock on the wall, the date with it. A time that
// the wall does not show, because clocks go forward, is that of the change; one
// that it shows twice is the first. So no date is left out and none comes again.
func (j *Job) Firings(from time.Time) iter.Seq[Firing] {
	return func(yield func(Firing) bool) {
		if j.Schedule == "" {
			return
		}
		zone := j.Zone()
		schedule, err := parseSchedule(j.Schedule, time.UTC)
		if err != nil { // Load let none through
			return
		}
		year, month, number := from.In(zone).Date()
		// The firing of the day before may be after a change of clocks over midnight.
		for day := time.Date(year, month, number-1, 0, 0, 0, 0, time.UTC); ; {
			wall := nextWall(schedule, day)
			if wall.IsZero() {
				return
			}
			year, month, number := wall.Date()
			day = time.Date(year, month, number+1, 0, 0, 0, 0, time.UTC)
			at := onWall(wall, zone)
			if at.Before(from) || !isDay(wall, zone) {
				continue
			}
			if !yield(Firing{wall.Format(time.DateOnly), at}) {
				return
			}
		}
	}
}

// Due is when the job is to be run for a firing: then, or later by up to the
// job's jitter, always the same for a job and a date.
func (j *Job) Due(f Firing) time.Time {
	if j.Jitter == 0 {
		return f.At
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(j.Name + "\n" + f.Date)) // never fails, by its contract
	seconds := uint64(time.Duration(j.Jitter)/time.Second) + 1
	return f.At.Add(time.Duration(h.Sum64()%seconds) * time.Second)
}

// nextWall is the first time of a schedule at or after a day, by a clock that is
// never changed; zero where there is none.
func nextWall(schedule cron.Schedule, day time.Time) time.Time {
	// The library looks five years ahead, and leap days can be eight years apart.
	for range 3 {
		if at := schedule.Next(day.Add(-time.Second)); !at.IsZero() {
			return at
		}
		day = day.AddDate(4, 0, 0)
	}
	return time.Time{}
}

// onWall is when clocks in a zone first show a time, or are put past it.
func onWall(wall time.Time, zone *time.Location) time.Time {
	year, month, day := wall.Date()
	at := time.Date(year, month, day, wall.Hour(), wall.Minute(), 0, 0, zone)
	shows := func(t time.Time) time.Time {
		_, offset := t.Zone()
		return time.Unix(t.Unix()+int64(offset), 0).UTC()
	}
	if start, _ := at.ZoneBounds(); !start.IsZero() {
		// It was shown before the change, too.
		_, before := start.Add(-time.Second).Zone()
		if early := time.Unix(wall.Unix()-int64(before), 0).In(zone); early.Before(start) {
			return early
		}
	}
	switch {
	case shows(at).After(wall): // put forward past it: the change is before
		start, _ := at.ZoneBounds()
		return start
	case shows(at).Before(wall): // the change is after
		_, end := at.ZoneBounds()
		return end
	}
	return at
}

// isDay reports whether a zone has a day: some jumped over one when they crossed
// the date line.
func isDay(wall time.Time, zone *time.Location) bool {
	year, month, day := wall.Date()
	return time.Date(year, month, day, 12, 0, 0, 0, zone).Day() == day
}
