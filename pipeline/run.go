package pipeline

import (
	"context"
	"fmt"
)

// A Run is a job whose rows are judged. What is left to do is to write them.
type Run struct {
	plan     *Plan
	verdicts []*verdicts // of each list
	seats    seats
	Inputs   []ValueCounts
	// Screening is what the screening lists hold.
	Screening []ScreeningCounts
	// Events is what the event logs hold, and what they changed.
	Events []EventCounts
	Counts []*Counts // of each list
}

// Decide checks the plan, reads the keys of every send list and every snapshot, and judges every
// row. Where the plan's memory does not hold all recipients at once they are
// taken in partitions, and lists and snapshots are read once for each.
func Decide(ctx context.Context, p *Plan) (*Run, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return decide(ctx, p, p.Partitions())
}

func newRun(p *Plan) *Run {
	r := &Run{plan: p, seats: newSeats(p)}
	for i := range p.Lists {
		r.verdicts = append(r.verdicts, newVerdicts(p.Lists[i].Keys.NumRows()))
		r.Counts = append(r.Counts, &Counts{})
	}
	return r
}

func decide(ctx context.Context, p *Plan, of int) (*Run, error) {
	r := newRun(p)
	h := newHashers()
	for number := range of {
		if err := r.decide(ctx, partition{uint32(number), uint32(of)}, h); err != nil {
			return nil, err
		}
	}
	for i, c := range r.Counts {
		if err := c.balance(p.Lists[i].Keys.NumRows()); err != nil {
			return nil, fmt.Errorf("send list %s does not balance: %w", p.Lists[i].Name, err)
		}
	}
	return r, nil
}

// decide does one partition: recipients, facts, verdicts.
func (r *Run) decide(ctx context.Context, part partition, h *hashers) error {
	recipients, err := readRecipients(ctx, r.plan, part, h)
	if err != nil {
		return err
	}
	f := newFacts(r.plan, recipients)
	counts, err := f.match(ctx, r.plan)
	if err != nil {
		return err
	}
	if part.number == 0 { // every partition counts the same
		r.Inputs, r.Screening, r.Events = counts.values, counts.screening, counts.events
	} else {
		for i := range counts.screening {
			r.Screening[i].again(&counts.screening[i])
		}
	}
	return f.decide(ctx, r)
}

// inputCounts is what the inputs hold.
type inputCounts struct {
	values    []ValueCounts
	screening []ScreeningCounts
	events    []EventCounts
}

// match streams each snapshot, each screening list and each event log once and
// folds what they say of planned recipients.
func (f *facts) match(ctx context.Context, p *Plan) (all inputCounts, err error) {
	if p.Profiles != nil {
		if err := f.readProfiles(ctx, p); err != nil {
			return all, err
		}
	}
	if all.screening, err = f.readScreening(ctx, p); err != nil {
		return all, err
	}
	if all.events, err = f.readEvents(ctx, p); err != nil {
		return all, err
	}
	for i := range p.Consents {
		counts, err := f.readConsents(ctx, p, i)
		if err != nil {
			return all, err
		}
		all.values = append(all.values, counts)
	}
	return all, nil
}

// Emit reads send list number i whole and parts its rows into out. Several lists may
// be written at the same time; the threads of the plan serve them all.
func (r *Run) Emit(ctx context.Context, i int, out Outputs) error {
	return emit(ctx, r.plan, i, r.verdicts[i], out, unitRows, r.seats)
}
