package jobs

import (
	"slices"

	"optout/writers"
)

// compare reads the gates that remember the last published run: a snapshot that
// shrank, and a consent column that is gone. Each knows only what is there now,
// and an absent answer may be permission.
func (p *prepared) compare() {
	last := p.last
	if last == nil {
		return
	}
	for _, in := range p.inputs() {
		old := p.before(last, &in.info)
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

// before finds an input in the manifest of an earlier run, or returns nil: lists
// of addresses and people by their name, which the job gave them, snapshots by
// their path with its dates left open, and each by the other where the job
// changed it. What another input of this run is found by is none of this one's.
func (p *prepared) before(last *writers.Manifest, now *writers.Input) *writers.Input {
	if now.Kind == kindList || now.Kind == kindEvents {
		return nil // another list every day, and logs are cut
	}
	sameName := func(a, b *writers.Input) bool { return a.Kind == b.Kind && a.Name == b.Name }
	samePattern := func(a, b *writers.Input) bool { return a.Kind == b.Kind && a.Pattern == b.Pattern && a.Pattern != "" }
	first, second := sameName, samePattern
	if now.Kind == kindProfiles || now.Kind == kindConsents {
		first, second = samePattern, sameNumber
	}
	for i := range last.Inputs {
		if first(&last.Inputs[i], now) {
			return &last.Inputs[i]
		}
	}
	for i := range last.Inputs {
		old := &last.Inputs[i]
		taken := slices.ContainsFunc(p.inputs(), func(in *input) bool { return first(old, &in.info) })
		if !taken && second(old, now) {
			return old
		}
	}
	return nil
}

// sameNumber reports whether two snapshots stand in the same place of their jobs.
// The first of several consent snapshots is the one that once stood alone, and
// the other way around.
func sameNumber(a, b *writers.Input) bool {
	first := func(name string) string {
		if name == consentsName(0, 2) {
			return consentsName(0, 1)
		}
		return name
	}
	return a.Kind == b.Kind && first(a.Name) == first(b.Name)
}
