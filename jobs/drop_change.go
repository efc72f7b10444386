package jobs

import (
	"fmt"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// How many runs the gate on the share of refused rows remembers, from how many on
// it is read, and from how many rows on a share says something.
const (
	lastRuns   = 10
	enoughRuns = 3
	enoughRows = 100
)

// readDropChange reads the gate on the share of each list that is not kept. One
// far from what it was may be a snapshot that was built in another way: too many
// kept are people who should not be reached, too few are lost.
func (r *run) readDropChange(all []*pipeline.Counts) error {
	last, err := writers.LastSummaries(r.jobDir, lastRuns)
	if err != nil {
		return fmt.Errorf("read the summaries of earlier runs: %w", err)
	}
	slack := float64(r.job.Gates.maxDropChange())
	for i, c := range all {
		list := &r.plan.Lists[i]
		least, most, runs := 1.0, 0.0, 0
		for k := range last {
			for _, l := range last[k].Lists {
				if l.Name == list.Name && l.Channel == list.Channel && l.Planned >= enoughRows {
					share := notKept(l.Planned, l.Kept)
					least, most, runs = min(least, share), max(most, share), runs+1
				}
			}
		}
		if runs < enoughRuns || c.Planned < enoughRows {
			continue
		}
		share := notKept(c.Planned, c.Decisions[consent.Kept])
		low, high := max(least-slack, 0), min(most+slack, 1)
		r.gates.read(gateMaxDropChange, list.Name, share >= low && share <= high,
			fmt.Sprintf("%s of the rows not kept; in the last %d runs %s to %s", percent(share), runs, percent(least), percent(most)),
			percent(low)+" to "+percent(high))
	}
	return nil
}

func notKept(planned, kept int64) float64 { return float64(planned-kept) / float64(planned) }
