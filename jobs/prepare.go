package jobs

import (
	"context"
	"errors"
	"slices"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
	"optout/writers"
)

// prepared is a job whose inputs are open, bound and read at every gate that
// needs no row: all that can refuse before the work starts.
type prepared struct {
	job      *Job
	date     logicalDate
	plan     *pipeline.Plan
	gates    *gates
	profiles *input // nil where the job names none
	consents []*input
	screened []*screened
	events   []*input
	lists    []*list
	last     *writers.Manifest // of the last published run; nil for none
}

// inputs lists all inputs, snapshots first.
func (p *prepared) inputs() (all []*input) {
	if p.profiles != nil {
		all = append(all, p.profiles)
	}
	all = append(all, p.consents...)
	for _, s := range p.screened {
		all = append(all, s.input)
	}
	all = append(all, p.events...)
	for _, l := range p.lists {
		all = append(all, l.input)
	}
	return all
}

// prepare opens and binds the inputs of a job. Last is the manifest of its last
// published run, or nil. Where inputs are refused, it returns the others too,
// with a *Refusal at every gate.
func prepare(ctx context.Context, o *opener, last *writers.Manifest) (*prepared, error) {
	j := o.job
	normalizer, err := j.normalizer("")
	if err != nil {
		return nil, err
	}
	o.mem = memory.NewGoAllocator()
	f := fieldsOf(j)
	p := &prepared{job: j, date: o.date, gates: o.gates, last: last, plan: &pipeline.Plan{
		Normalizer: normalizer, Fields: f.names, Latest: j.Policy.Duplicates == "latest",
		ShareByAddress: j.propagates(), LedgerAll: j.Output.Ledger == "all", Threads: 1, Memory: o.mem,
		AsOf: o.date.end().UnixMicro(),
	}}
	open := []func() error{func() error { return p.openProfiles(ctx, o) }}
	for i := range j.Consents {
		open = append(open, func() error { return p.openConsents(ctx, o, i, f) })
	}
	screenings := j.screenings()
	for i := range screenings {
		open = append(open, func() error { return p.openScreening(ctx, o, &screenings[i]) })
	}
	for i := range j.Events {
		open = append(open, func() error { return p.openEvents(ctx, o, &j.Events[i], f) })
	}
	for i := range j.SendLists {
		open = append(open, func() error { return p.openList(ctx, o, i, f) })
	}
	// An input that is refused must not hide what is wrong with the next.
	var refused []error
	for _, input := range open {
		err := input()
		if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
			refused = append(refused, refusal.Err)
		} else if err != nil {
			return nil, err
		}
	}
	p.compare()
	p.rememberEvents(last)
	if refused != nil {
		return p, &Refusal{Gates: o.gates.closed(), Err: errors.Join(refused...)}
	}
	return p, nil
}

func (p *prepared) openProfiles(ctx context.Context, o *opener) (err error) {
	of := p.job.Profiles
	if of == nil {
		return nil
	}
	if p.profiles, err = o.openSnapshot(ctx, profilesName, kindProfiles, of.Source); err != nil {
		return err
	}
	p.plan.Profiles, err = o.bindProfiles(p.profiles, of)
	return err
}

func (p *prepared) openConsents(ctx context.Context, o *opener, i int, f *fields) error {
	of := &p.job.Consents[i]
	in, err := o.openSnapshot(ctx, consentsName(i, len(p.job.Consents)), kindConsents, of.Source)
	if err != nil {
		return err
	}
	bound, err := o.bindConsents(in, of, f)
	if err != nil {
		return err
	}
	p.consents = append(p.consents, in)
	p.plan.Consents = append(p.plan.Consents, *bound)
	return nil
}

func (p *prepared) openScreening(ctx context.Context, o *opener, s *screening) error {
	in, bound, err := o.openScreening(ctx, s)
	if err != nil {
		return err
	}
	if s.use == pipeline.UseExemption {
		bound.Registry = slices.IndexFunc(p.screened, func(r *screened) bool { return r.use == pipeline.UseRegistry && r.name == s.registry })
	}
	p.screened = append(p.screened, &screened{input: in, screening: s})
	p.plan.Screening = append(p.plan.Screening, *bound)
	return nil
}

func (p *prepared) openEvents(ctx context.Context, o *opener, e *Events, f *fields) error {
	in, bound, err := o.openEvents(ctx, e, f)
	if err != nil {
		return err
	}
	p.events = append(p.events, in)
	p.plan.Events = append(p.plan.Events, *bound)
	return nil
}

func (p *prepared) openList(ctx context.Context, o *opener, i int, f *fields) error {
	l, err := o.openList(ctx, &p.job.SendLists[i], f)
	if err != nil {
		return err
	}
	p.lists = append(p.lists, l)
	p.plan.Lists = append(p.plan.Lists, l.plan)
	return nil
}

func (g Gates) maxShrink() Percent      { return orDefault(g.MaxShrink, 0.20) }
func (g Gates) maxInvalid() Percent     { return orDefault(g.MaxInvalid, 0.01) }
func (g Gates) maxQuarantined() Percent { return orDefault(g.MaxQuarantined, 0.05) }
func (g Gates) maxNoProfile() Percent   { return orDefault(g.MaxNoProfile, 0.20) }
func (g Gates) maxMalformed() Percent   { return orDefault(g.MaxMalformed, 0.01) }
func (g Gates) maxVanished() Percent    { return orDefault(g.MaxVanished, 0.10) }
func (g Gates) maxDropChange() Percent  { return orDefault(g.MaxDropChange, 0.10) }
func (g Gates) requireHits() bool       { return orDefault(g.RequireHits, true) }
func (g Gates) requireOptOuts() bool    { return orDefault(g.RequireOptOuts, true) }

// orDefaultText is text, or what stands for none.
func orDefaultText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func orDefault[T any](v *T, otherwise T) T {
	if v != nil {
		return *v
	}
	return otherwise
}
