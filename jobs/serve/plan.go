package serve

import (
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// lookAgain is when to look again at what somebody else is busy with.
const lookAgain = time.Minute

// A need is a logical date that a job is to be run for.
type need struct {
	jobs.Firing
	due time.Time
	by  history.Starter
	at  time.Time // not to begin before
}

// An agenda is what a job has to do.
type agenda struct {
	needs  []need        // in the order of their dates
	missed []jobs.Firing // that nobody makes up for
	next   *need         // the first that is not due yet; nil where none ever is
	open   time.Time     // all firings before it are done with
}

// plan is what a job has to do at a time. Firings before since are not asked
// for; what was due before from was missed, unless something came of it; attempts
// are all those for dates since then.
func plan(j *jobs.Job, since, from, now time.Time, attempts []history.Attempt) (a agenda) {
	byDate, busy := map[string][]history.Attempt{}, false
	for _, attempt := range attempts {
		byDate[attempt.Date] = append(byDate[attempt.Date], attempt)
		busy = busy || attempt.Status == history.Running
	}
	var all []need
	latest := -1 // of all that were due before from
	for f := range j.Firings(since) {
		n := need{Firing: f, due: j.Due(f), by: history.BySchedule}
		if n.at = n.due; n.due.After(now) {
			if nightOf(f, byDate[f.Date]).settled { // somebody was early
				continue
			}
			a.next, a.open = &n, f.At
			break
		}
		if n.due.Before(from) {
			latest = len(all)
		}
		all = append(all, n)
	}
	for i, n := range all {
		of := nightOf(n.Firing, byDate[n.Date])
		if of.settled || of.failures > j.Retry.Attempts() {
			continue
		}
		if len(a.needs) == 0 && len(a.missed) == 0 {
			a.open = n.At
		}
		if i <= latest && !wanted(j.CatchUp, i == latest, of.begun) {
			a.missed = append(a.missed, n.Firing)
			continue
		}
		switch {
		case of.begun:
			n.by, n.at = history.ByRetry, of.retryAt(j.Retry)
		case i <= latest:
			n.by = history.ByCatchUp
		}
		if busy { // somebody else runs the job
			n.at = now.Add(lookAgain)
		}
		a.needs = append(a.needs, n)
	}
	return a
}

// wanted reports whether a date that was missed is made up for. What has begun on
// the latest date is finished in any case.
func wanted(c jobs.CatchUp, latest, begun bool) bool {
	switch c {
	case "all":
		return true
	case "none":
		return latest && begun
	}
	return latest
}

// A night is what came of a date so far.
type night struct {
	settled  bool
	begun    bool // unattended, without coming to an end
	failures int
	ended    time.Time // the last of those attempts
}

func nightOf(f jobs.Firing, attempts []history.Attempt) (n night) {
	for i := range attempts {
		a := &attempts[i]
		switch {
		case a.Status == history.Refused:
			// Somebody who tries before it is time does not settle the night.
			n.settled = n.settled || a.By.Unattended() || !a.StartedAt.Before(f.At)
		case a.Status.Settles():
			n.settled = true
		case a.Status == history.Running:
		case a.By.Unattended():
			n.begun, n.ended = true, a.StartedAt
			if a.FinishedAt != nil {
				n.ended = *a.FinishedAt
			}
			// One that was told to stop is no failure; one that was killed may be.
			if a.Status == history.Failed || a.FinishedAt == nil {
				n.failures++
			}
		}
	}
	return n
}

// retryAt is when to try again: the more failures, the later.
func (n night) retryAt(r jobs.Retry) time.Time {
	if n.failures == 0 {
		return n.ended
	}
	return n.ended.Add(r.Pause(n.failures))
}
