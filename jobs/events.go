package jobs

import (
	"slices"
	"time"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// readEvents notes what the event logs hold and what they changed, and reads the
// gate on events that cannot be understood. Now is when the run began.
func (p *prepared) readEvents(all []pipeline.EventCounts, now time.Time) {
	for i := range all {
		c, in, of := &all[i], p.events[i], &p.job.Events[i]
		e := &writers.Events{
			OptOuts: c.OptOuts, OptIns: c.OptIns, Timeless: c.Timeless, Late: c.Late, Idle: c.Idle, Bad: c.Bad,
			Rows: rowsOf(c.Lists), Oldest: p.oldestRequest(c.Lists, nil),
		}
		if p.plan.Events[i].Snapshot != consent.NoTime {
			e.Newer = &c.Newer
		}
		if e.Oldest != nil {
			age := now.Sub(*e.Oldest).Seconds()
			e.Age = &age
		}
		for _, row := range c.BadRows {
			e.Places = append(e.Places, p.job.relativeText(in.Place(row)))
		}
		for k := range of.HonorWithin {
			e.Ceilings = append(e.Ceilings, p.ceiling(&of.HonorWithin[k], c.Lists, now))
		}
		in.info.Events = e
		reading := writers.Thousands(c.Bad) + " of " + writers.Thousands(c.Rows) + " events cannot be understood"
		if len(e.Places) > 0 {
			reading += ", the first in " + e.Places[0]
		}
		most := int64(orDefault(p.job.Gates.MaxBadEvents, 0))
		p.gates.read(gateMaxBadEvents, in.subject(), c.Bad <= most, reading, writers.Thousands(most))
	}
}

func rowsOf(lists []pipeline.EventEffect) (rows int64) {
	for _, l := range lists {
		rows += l.Rows
	}
	return rows
}

// oldestRequest is the time of the oldest opt-out that the run is the first to
// apply to lists on some channels, nil channels standing for all; nil for none.
func (p *prepared) oldestRequest(lists []pipeline.EventEffect, channels []string) (oldest *time.Time) {
	for i, l := range lists {
		if channels != nil && !slices.Contains(channels, p.plan.Lists[i].Channel) || l.Oldest == consent.NoTime {
			continue
		}
		if at := time.UnixMicro(l.Oldest).UTC(); oldest == nil || at.Before(*oldest) {
			oldest = &at
		}
	}
	return oldest
}

// ceiling says whether the requests that a run is the first to apply waited no
// longer than they may.
func (p *prepared) ceiling(c *Ceiling, lists []pipeline.EventEffect, now time.Time) writers.Ceiling {
	w := writers.Ceiling{Channels: c.Channels, Within: c.Within.String(), Because: c.Because, Oldest: p.oldestRequest(lists, c.Channels)}
	if w.Oldest != nil {
		due := c.Within.due(*w.Oldest, p.date.zone, c.Holidays).UTC()
		w.Due, w.Late = &due, now.After(due)
	}
	return w
}
