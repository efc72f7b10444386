package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"optout/jobs"
	"optout/jobs/history"
)

// shown is how many nights a strip shows.
const shown = 30

// A night is what came of a job for a logical date.
type night struct {
	Date   string
	Status history.Status // empty where nothing is known
	ID     string         // of the attempt that tells of it
	X      int            // place in the strip's picture
}

// strip is the last nights of a job, the latest last.
type strip struct {
	Nights []night
}

// attemptsShown lists the attempts for the dates that a strip shows, and the first
// of those dates.
func (p *Page) attemptsShown(j *jobs.Job) (attempts []history.Attempt, first time.Time, err error) {
	today := p.o.Now().In(j.Zone())
	first = time.Date(today.Year(), today.Month(), today.Day()-shown+1, 0, 0, 0, 0, time.UTC)
	attempts, err = j.AttemptsFrom(p.o.Out, first.Format(time.DateOnly))
	return attempts, first, err
}

// newStrip tells the nights from a date on.
func newStrip(attempts []history.Attempt, first time.Time) (s strip) {
	for i := range shown {
		n := night{Date: first.AddDate(0, 0, i).Format(time.DateOnly), X: i * cell}
		for k := range attempts {
			// A run that stands published is what the date came to, whatever came after.
			if a := &attempts[k]; a.Date == n.Date && !(n.Status.Good() && !a.Status.Good()) {
				n.Status, n.ID = a.Status, a.ID()
			}
		}
		s.Nights = append(s.Nights, n)
	}
	return s
}

// cell is the width of a night in the picture of a strip.
const cell = 8

// Width is that of the picture.
func (s strip) Width() int { return len(s.Nights) * cell }

// Text says in words what the picture shows.
func (s strip) Text() string {
	if len(s.Nights) == 0 {
		return ""
	}
	counts := map[string]int{}
	var order []string
	for _, n := range s.Nights {
		word := statusWord(n.Status)
		if n.Status == history.Already {
			word = statusWord(history.Published)
		}
		if counts[word]++; counts[word] == 1 {
			order = append(order, word)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return counts[b] - counts[a] })
	for i, word := range order {
		order[i] = fmt.Sprintf("%d %s", counts[word], word)
	}
	return fmt.Sprintf("%d nights to %s: %s", len(s.Nights), s.Nights[len(s.Nights)-1].Date, strings.Join(order, ", "))
}

// statusWord is a status for a reader.
func statusWord(s history.Status) string {
	switch s {
	case "":
		return "without a run"
	case history.Already:
		return "published before"
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

// statusMark is a sign for a status, so that colour is not the only one.
func statusMark(s history.Status) string {
	switch statusKind(s) {
	case "good":
		return "✓"
	case "refused":
		return "✗"
	case "failed":
		return "!"
	case "running":
		return "…"
	}
	return "–"
}

// statusKind is the class of a status, of which there are fewer: each has a colour
// and a shape of its own.
func statusKind(s history.Status) string {
	switch s {
	case history.Published, history.Already:
		return "good"
	case history.Refused:
		return "refused"
	case history.Failed, history.Interrupted:
		return "failed"
	case history.Running:
		return "running"
	case history.Skipped:
		return "skipped"
	}
	return "none"
}
