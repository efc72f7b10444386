package jobs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline"
	"optout/pipeline/identity"
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
	lists    []*list
}

// inputs lists all inputs, snapshots first.
func (p *prepared) inputs() (all []*input) {
	if p.profiles != nil {
		all = append(all, p.profiles)
	}
	all = append(all, p.consents...)
	for _, l := range p.lists {
		all = append(all, l.input)
	}
	return all
}

// prepare opens and binds the inputs of a job. Last is the manifest of its last
// published run, or nil. Where inputs are refused, it returns the others too,
// with a *Refusal at every gate.
func prepare(ctx context.Context, j *Job, date logicalDate, now time.Time, g *gates, last *writers.Manifest) (*prepared, error) {
	normalizer, err := identity.NewNormalizer(identity.Options{Region: j.Policy.DefaultRegion, Placeholders: j.Policy.Placeholders})
	if err != nil {
		return nil, err
	}
	mem := memory.NewGoAllocator()
	f := fieldsOf(j)
	p := &prepared{job: j, date: date, gates: g, plan: &pipeline.Plan{
		Normalizer: normalizer, Fields: f.names, Latest: j.Policy.Duplicates == "latest",
		ShareByAddress: j.propagates(), LedgerAll: j.Output.Ledger == "all", Threads: 1, Memory: mem,
	}}
	o := &opener{job: j, date: date, now: now, gates: g, mem: mem}
	open := []func() error{func() error { return p.openProfiles(ctx, o) }}
	for i := range j.Consents {
		open = append(open, func() error { return p.openConsents(ctx, o, i, f) })
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
	p.compare(last)
	if refused != nil {
		return p, &Refusal{Gates: g.closed(), Err: errors.Join(refused...)}
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

func (p *prepared) openList(ctx context.Context, o *opener, i int, f *fields) error {
	l, err := o.openList(ctx, &p.job.SendLists[i], f)
	if err != nil {
		return err
	}
	p.lists = append(p.lists, l)
	p.plan.Lists = append(p.plan.Lists, l.plan)
	return nil
}

// compare reads the gates that remember the last published run: a snapshot that
// shrank, and a consent column that is gone. Each knows only what is there now,
// and an absent answer may be permission.
func (p *prepared) compare(last *writers.Manifest) {
	if last == nil {
		return
	}
	for _, in := range p.inputs() {
		old := before(last, &in.info)
		if old == nil {
			continue
		}
		if lost := max(old.Rows-in.info.Rows, 0); old.Rows > 0 {
			p.gates.share(gateMaxShrink, in.subject(), lost, old.Rows, "rows fewer than on "+last.Date, p.job.Gates.maxShrink())
		}
		for _, column := range in.info.Missing {
			if slices.Contains(old.Columns, column) {
				p.gates.read(gateLostColumn, in.subject(), false, "no column "+column+", which the run of "+last.Date+" had", "none lost")
			}
		}
	}
}

// before finds a snapshot in the manifest of an earlier run, or returns nil. A
// send list that has the name of a snapshot is none. The first of several
// consent snapshots is the one that once stood alone, and the other way around.
func before(last *writers.Manifest, now *writers.Input) *writers.Input {
	if now.Kind == kindList {
		return nil
	}
	names := []string{now.Name}
	switch now.Name {
	case consentsName(0, 1):
		names = append(names, consentsName(0, 2))
	case consentsName(0, 2):
		names = append(names, consentsName(0, 1))
	}
	for _, name := range names {
		for i := range last.Inputs {
			if old := &last.Inputs[i]; old.Kind == now.Kind && old.Name == name {
				return old
			}
		}
	}
	return nil
}

func (g Gates) maxShrink() Percent      { return orDefault(g.MaxShrink, 0.20) }
func (g Gates) maxInvalid() Percent     { return orDefault(g.MaxInvalid, 0.01) }
func (g Gates) maxQuarantined() Percent { return orDefault(g.MaxQuarantined, 0.05) }
func (g Gates) maxNoProfile() Percent   { return orDefault(g.MaxNoProfile, 0.20) }
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
