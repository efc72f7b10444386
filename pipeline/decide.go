package pipeline

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"optout/pipeline/consent"
)

// decide judges the rows of every list that are in the facts' partition, and
// keeps their verdicts in the run.
func (f *facts) decide(ctx context.Context, r *Run) error {
	for i := range r.plan.Lists {
		if err := f.decideList(ctx, r, i); err != nil {
			return fmt.Errorf("judge send list %s: %w", r.plan.Lists[i].Name, err)
		}
	}
	return nil
}

// judgeRows is how many rows a worker judges at a time.
const judgeRows = blockRows

func (f *facts) decideList(ctx context.Context, r *Run, number int) error {
	p, l, rows := r.plan, &r.plan.Lists[number], &f.recipients.lists[number]
	n := int64(rows.len())
	var next atomic.Int64
	var mu sync.Mutex
	return together(ctx, max(p.Threads, 1), func(ctx context.Context, _ int) error {
		j := newJudge(p, l, rows, f)
		into := r.verdicts[number].writer()
		var c Counts
		for {
			first := next.Add(judgeRows) - judgeRows
			if first >= n || ctx.Err() != nil {
				break
			}
			j.decide(first, min(first+judgeRows, n), into, &c)
			into.flush()
		}
		mu.Lock()
		defer mu.Unlock()
		r.Counts[number].merge(&c)
		for i, e := range j.effects.logs {
			r.Events[i].Lists[number].add(e)
		}
		return nil
	})
}

// decide judges some rows.
func (j *judge) decide(first, end int64, into *verdictWriter, c *Counts) {
	personal := j.list.Personalize != NoField
	for row := first; row < end; row++ {
		if (row-first)%ahead == 0 {
			j.fetch(row, end)
		}
		v := j.row(row)
		c.add(v)
		if !j.list.Transactional {
			j.effects.count()
		}
		generic := personal && v.Generic
		if generic && v.Reasons == 0 {
			c.Generic++
		}
		f := finding{time: consent.NoTime}
		switch {
		case v.Reasons != 0:
			f = j.finding(row, v)
		case j.standingOf.exempt.is() && !j.list.Transactional:
			c.Exempted++
			f = onScreening(j.standingOf.exempt.number(), consent.NoCategory)
		}
		into.set(j.rows.number(row), v, generic, f)
	}
}
