package serve

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs"
	"optout/jobs/history"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// attempt makes an attempt of a line: date, status, starter, start, end or "-".
func attempt(t *testing.T, date string, s history.Status, by history.Starter, start, end string) history.Attempt {
	t.Helper()
	a := history.Attempt{Date: date, Status: s, By: by, StartedAt: at(t, start)}
	if end != "-" {
		ended := at(t, end)
		a.FinishedAt = &ended
	}
	return a
}

// describe writes an agenda as lines.
func describe(a agenda) (lines []string) {
	for _, f := range a.missed {
		lines = append(lines, "missed "+f.Date)
	}
	for _, n := range a.needs {
		lines = append(lines, fmt.Sprintf("%s %s at %s", n.by, n.Date, n.at.Format("2006-01-02 15:04")))
	}
	if a.next != nil {
		lines = append(lines, "next "+a.next.due.Format("2006-01-02 15:04"))
	}
	return append(lines, "open "+a.open.Format("01-02"))
}

// TestPlan: what a job at 02:30 has to do at 12:00 on the 24th. It is served
// since the 20th.
func TestPlan(t *testing.T) {
	const (
		published, already, refused, failed, interrupted, skipped, running = history.Published, history.Already, history.Refused,
			history.Failed, history.Interrupted, history.Skipped, history.Running
		schedule, hand, retry = history.BySchedule, history.ByHand, history.ByRetry
	)
	times := func(n jobs.Count) *jobs.Count { return &n }
	for _, c := range []struct {
		what     string
		job      jobs.Job
		from     string
		attempts []history.Attempt
		want     []string
	}{
		{
			what: "there all the time", from: "2026-11-20 00:00",
			want: []string{
				"schedule 2026-11-20 at 2026-11-20 02:30", "schedule 2026-11-21 at 2026-11-21 02:30", "schedule 2026-11-22 at 2026-11-22 02:30",
				"schedule 2026-11-23 at 2026-11-23 02:30", "schedule 2026-11-24 at 2026-11-24 02:30", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "the latest is caught up", from: "2026-11-24 11:00",
			want: []string{
				"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "missed 2026-11-23",
				"catch_up 2026-11-24 at 2026-11-24 02:30", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "all are caught up", job: jobs.Job{CatchUp: "all"}, from: "2026-11-24 11:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-20", published, schedule, "2026-11-20 02:30", "2026-11-20 02:31"),
				attempt(t, "2026-11-22", already, hand, "2026-11-22 20:00", "2026-11-22 20:01"),
			},
			want: []string{
				"catch_up 2026-11-21 at 2026-11-21 02:30", "catch_up 2026-11-23 at 2026-11-23 02:30",
				"catch_up 2026-11-24 at 2026-11-24 02:30", "next 2026-11-25 02:30", "open 11-21",
			},
		},
		{
			what: "none is caught up", job: jobs.Job{CatchUp: "none"}, from: "2026-11-23 11:00",
			want: []string{
				"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "missed 2026-11-23",
				"schedule 2026-11-24 at 2026-11-24 02:30", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "what has begun is finished", job: jobs.Job{CatchUp: "none"}, from: "2026-11-24 11:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-23", skipped, schedule, "2026-11-23 02:30", "2026-11-23 02:30"),
				attempt(t, "2026-11-24", interrupted, schedule, "2026-11-24 02:30", "-"),
			},
			want: []string{
				"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22",
				"retry 2026-11-24 at 2026-11-24 02:31", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "the latest is settled, so nothing older is wanted", from: "2026-11-24 11:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-23", failed, schedule, "2026-11-23 02:30", "2026-11-23 02:31"),
				attempt(t, "2026-11-24", refused, schedule, "2026-11-24 02:30", "2026-11-24 02:31"),
			},
			want: []string{"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "missed 2026-11-23", "next 2026-11-25 02:30", "open 11-20"},
		},
		{
			what: "failures wait, twice as long each time", from: "2026-11-24 00:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-24", failed, schedule, "2026-11-24 02:30", "2026-11-24 03:00"),
				attempt(t, "2026-11-24", failed, retry, "2026-11-24 03:01", "2026-11-24 04:00"),
				attempt(t, "2026-11-24", interrupted, retry, "2026-11-24 04:02", "2026-11-24 04:10"), // was told to stop
				attempt(t, "2026-11-24", failed, hand, "2026-11-24 04:03", "2026-11-24 05:00"),
				attempt(t, "2026-11-24", failed, retry, "2026-11-24 11:00", "2026-11-24 11:58"),
			},
			want: []string{
				"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22",
				"catch_up 2026-11-23 at 2026-11-23 02:30",
				"retry 2026-11-24 at 2026-11-24 12:02", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "one that was told to stop goes on at once", from: "2026-11-24 11:59", job: jobs.Job{Retry: jobs.Retry{Times: times(0)}},
			attempts: []history.Attempt{
				attempt(t, "2026-11-23", published, schedule, "2026-11-23 02:30", "2026-11-23 02:31"),
				attempt(t, "2026-11-24", interrupted, schedule, "2026-11-24 02:30", "2026-11-24 11:58"),
			},
			want: []string{"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "retry 2026-11-24 at 2026-11-24 11:58", "next 2026-11-25 02:30", "open 11-20"},
		},
		{
			what: "enough is enough", job: jobs.Job{Retry: jobs.Retry{Times: times(1)}}, from: "2026-11-23 11:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-23", refused, hand, "2026-11-23 02:30", "2026-11-23 02:31"),
				attempt(t, "2026-11-24", failed, schedule, "2026-11-24 02:30", "2026-11-24 02:31"),
				attempt(t, "2026-11-24", failed, retry, "2026-11-24 02:32", "2026-11-24 02:33"),
			},
			want: []string{"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "next 2026-11-25 02:30", "open 11-20"},
		},
		{
			what: "who tries before it is time does not settle the night, unless it is published", from: "2026-11-23 00:00",
			job: jobs.Job{CatchUp: "all"},
			attempts: []history.Attempt{
				attempt(t, "2026-11-20", published, hand, "2026-11-20 01:00", "2026-11-20 01:01"),
				attempt(t, "2026-11-21", published, hand, "2026-11-20 01:00", "2026-11-20 01:01"),
				attempt(t, "2026-11-22", refused, hand, "2026-11-22 02:00", "2026-11-22 02:01"),
				attempt(t, "2026-11-23", refused, hand, "2026-11-23 01:00", "2026-11-23 01:01"),
				attempt(t, "2026-11-24", refused, history.ByPage, "2026-11-24 02:30", "2026-11-24 02:31"),
			},
			want: []string{
				"catch_up 2026-11-22 at 2026-11-22 02:30", "schedule 2026-11-23 at 2026-11-23 02:30", "next 2026-11-25 02:30", "open 11-22",
			},
		},
		{
			what: "somebody else is busy", from: "2026-11-24 00:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-22", running, hand, "2026-11-24 02:00", "-"),
				attempt(t, "2026-11-23", skipped, schedule, "2026-11-24 00:00", "2026-11-24 00:00"),
			},
			want: []string{
				"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22",
				"schedule 2026-11-24 at 2026-11-24 12:01", "next 2026-11-25 02:30", "open 11-20",
			},
		},
		{
			what: "somebody was early", from: "2026-11-25 00:00",
			attempts: []history.Attempt{
				attempt(t, "2026-11-25", published, hand, "2026-11-25 00:10", "2026-11-25 00:11"),
				attempt(t, "2026-11-24", published, hand, "2026-11-25 00:10", "2026-11-25 00:11"),
			},
			want: []string{"missed 2026-11-20", "missed 2026-11-21", "missed 2026-11-22", "missed 2026-11-23", "next 2026-11-26 02:30", "open 11-20"},
		},
		{
			what: "all is done", from: "2026-11-24 11:00", job: jobs.Job{Jitter: jobs.Duration(time.Hour)},
			attempts: []history.Attempt{
				attempt(t, "2026-11-20", skipped, schedule, "2026-11-20 02:30", "2026-11-20 02:30"),
				attempt(t, "2026-11-21", refused, schedule, "2026-11-21 02:30", "2026-11-21 02:30"),
				attempt(t, "2026-11-22", already, schedule, "2026-11-22 02:30", "2026-11-22 02:30"),
				attempt(t, "2026-11-23", published, schedule, "2026-11-23 02:30", "2026-11-23 02:30"),
				attempt(t, "2026-11-24", published, schedule, "2026-11-24 02:30", "2026-11-24 02:30"),
			},
			want: []string{"next 2026-11-25 02:32", "open 11-25"},
		},
	} {
		c.job.Name, c.job.Schedule = "nightly", "30 2 * * *"
		got := describe(plan(&c.job, at(t, "2026-11-20 00:00"), at(t, c.from), at(t, "2026-11-24 12:00"), c.attempts))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	if got := describe(plan(&jobs.Job{}, at(t, "2026-11-20 00:00"), at(t, "2026-11-20 00:00"), at(t, "2026-11-24 12:00"), nil)); len(got) != 1 {
		t.Errorf("without a schedule: got %q", got)
	}
}
