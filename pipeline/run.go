package pipeline

import (
	"context"
	"errors"
	"fmt"
)

// A Run is a job at work: recipients, then facts, then verdicts. Its methods are
// called in the order in which they stand here.
type Run struct {
	plan    *Plan
	facts   *facts
	matched bool
	Inputs  []ValueCounts // of each consent snapshot, once Match has returned
}

// ReadRecipients checks the plan and reads the keys of every send list.
func ReadRecipients(ctx context.Context, p *Plan) (*Run, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	recipients, err := readRecipients(ctx, p)
	if err != nil {
		return nil, err
	}
	return &Run{plan: p, facts: newFacts(p, recipients)}, nil
}

// Match streams each snapshot once and folds what it says of planned
// recipients.
func (r *Run) Match(ctx context.Context) error {
	if r.plan.Profiles != nil {
		if err := r.facts.readProfiles(ctx, r.plan); err != nil {
			return err
		}
	}
	for i := range r.plan.Consents {
		counts, err := r.facts.readConsents(ctx, r.plan, i)
		if err != nil {
			return err
		}
		r.Inputs = append(r.Inputs, counts)
	}
	r.matched = true
	return nil
}

// errNotMatched guards against judging people by snapshots that nobody read.
var errNotMatched = errors.New("the snapshots were not read to their end")

// Judge counts the verdicts of every list without writing anything.
func (r *Run) Judge(ctx context.Context) ([]*Counts, error) {
	if !r.matched {
		return nil, errNotMatched
	}
	var all []*Counts
	for i := range r.plan.Lists {
		l := &r.plan.Lists[i]
		j := newJudge(r.plan, l, &r.facts.recipients.lists[i], r.facts)
		var c Counts
		for row := range l.Keys.NumRows() {
			if row&0xFFFF == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			v := j.row(row)
			c.add(v)
			if l.Personalize != NoField && v.Generic && v.Reasons == 0 {
				c.Generic++
			}
		}
		if err := c.balance(l.Keys.NumRows()); err != nil {
			return nil, fmt.Errorf("send list %s does not balance: %w", l.Name, err)
		}
		all = append(all, &c)
	}
	return all, nil
}

// Emit reads send list number i whole and parts its rows into out.
func (r *Run) Emit(ctx context.Context, i int, out Outputs) (*Counts, error) {
	if !r.matched {
		return nil, errNotMatched
	}
	return emit(ctx, r.plan, i, r.facts, out, unitRows)
}
