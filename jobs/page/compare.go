package page

import (
	"optout/jobs/history"
	"optout/writers"
)

// A comparison is how an attempt's counts differ from those of the night before:
// the date before it that has a published run.
type comparison struct {
	Before *history.Attempt // nil where there is none
	Lists  []listChange
	Total  change
	Why    []reasonChange // rows by primary reason, over all lists
}

// change is counts and what they were.
type change struct {
	writers.Counts
	Was *writers.Counts // nil where there is nothing to compare with
}

type listChange struct {
	change
	Name, Channel string
}

type reasonChange struct {
	Reason string
	Rows   int64
	Was    int64
}

// compare compares an attempt with the night before; nil where it has no counts.
func compare(attempts []history.Attempt, i int) *comparison {
	now := attempts[i].Summary
	if now == nil {
		return nil
	}
	c := &comparison{Total: change{Counts: now.Total}}
	var was *writers.Summary
	for k := range attempts[:i] {
		if b := &attempts[k]; b.Date < attempts[i].Date && b.Status.Good() && b.Summary != nil {
			c.Before, was = b, b.Summary
		}
	}
	if was != nil {
		c.Total.Was = &was.Total
	}
	for _, l := range now.Lists {
		v := listChange{change{Counts: l.Counts}, l.Name, l.Channel}
		if was != nil {
			for _, old := range was.Lists {
				if old.Name == l.Name {
					v.Was = &old.Counts
				}
			}
		}
		c.Lists = append(c.Lists, v)
	}
	c.addReasons(now, func(r *reasonChange, n int64) { r.Rows += n })
	if was != nil {
		c.addReasons(was, func(r *reasonChange, n int64) { r.Was += n })
	}
	return c
}

// addReasons adds the rows of a summary to the reasons.
func (c *comparison) addReasons(s *writers.Summary, add func(r *reasonChange, n int64)) {
	for _, l := range s.Lists {
		for _, r := range l.Reasons {
			if r.Rows == 0 {
				continue
			}
			i := 0
			for i < len(c.Why) && c.Why[i].Reason != r.Reason {
				i++
			}
			if i == len(c.Why) {
				c.Why = append(c.Why, reasonChange{Reason: r.Reason})
			}
			add(&c.Why[i], r.Rows)
		}
	}
}

// Changes are the differences, in the order of the table's columns.
func (c change) Changes() []figure {
	all := []figure{{"Planned", c.Planned, 0, false}, {"Kept", c.Kept, 0, false}, {"Dropped", c.Dropped, 0, false}, {"Quarantined", c.Quarantined, 0, false}}
	if c.Was != nil {
		for i, was := range []int64{c.Was.Planned, c.Was.Kept, c.Was.Dropped, c.Was.Quarantined} {
			all[i].Change, all[i].Compared = all[i].Rows-was, true
		}
	}
	return all
}

// A figure is a count and how much it changed.
type figure struct {
	Label    string
	Rows     int64
	Change   int64
	Compared bool
}
