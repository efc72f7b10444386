package jobs

import (
	"slices"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// summarise turns the counts of every list into the summary of the run.
func (p *prepared) summarise(runID string, all []*pipeline.Counts) *writers.Summary {
	s := &writers.Summary{RunID: runID, Job: p.job.Name, Date: p.date.String()}
	for i, c := range all {
		l := p.summariseList(i, c)
		s.Total.Planned += l.Planned
		s.Total.Kept += l.Kept
		s.Total.Dropped += l.Dropped
		s.Total.Quarantined += l.Quarantined
		s.Lists = append(s.Lists, l)
	}
	return s
}

func (p *prepared) summariseList(i int, c *pipeline.Counts) writers.ListSummary {
	list := &p.plan.Lists[i]
	s := writers.ListSummary{
		Name: list.Name, Channel: list.Channel, Category: "marketing",
		Counts: writers.Counts{
			Planned: c.Planned, Kept: c.Decisions[consent.Kept],
			Dropped: c.Decisions[consent.Dropped], Quarantined: c.Decisions[consent.Quarantined],
		},
		Reasons: []writers.ReasonCount{},
	}
	for r := range consent.NumReasons {
		if c.Listed[r] > 0 {
			s.Reasons = append(s.Reasons, writers.ReasonCount{
				Decision: r.Decision().String(), Reason: r.String(), Rows: c.Primary[r], Listed: c.Listed[r],
			})
		}
	}
	if list.Personalize != pipeline.NoField {
		s.Generic = &c.Generic
	}
	if slices.ContainsFunc(p.screened, func(s *screened) bool { return s.use == pipeline.UseExemption }) {
		s.Exempted = &c.Exempted
	}
	if list.Transactional {
		s.Category = "transactional"
		s.Bypass = &writers.Bypass{Rows: c.Reprieved, Reasons: []writers.BypassCount{}}
		for r := range consent.NumReasons {
			if c.Bypassed[r] > 0 {
				s.Bypass.Reasons = append(s.Bypass.Reasons, writers.BypassCount{Reason: r.String(), Rows: c.Bypassed[r]})
			}
		}
	}
	return s
}

// readCounts reads the gates on what became of the lists.
func (p *prepared) readCounts(all []*pipeline.Counts) {
	for i, c := range all {
		name, limits := p.lists[i].subject(), p.job.Gates
		p.gates.share(gateMaxQuarantined, name, c.Decisions[consent.Quarantined], c.Planned, "rows quarantined", limits.maxQuarantined())
		if p.plan.Lists[i].RequireProfile {
			// A transactional row is sent all the same, and then nothing says
			// whether the person is erased.
			unknown := c.Listed[consent.NoProfile] + c.Bypassed[consent.NoProfile]
			p.gates.share(gateMaxNoProfile, name, unknown, c.Planned, "rows without a profile", limits.maxNoProfile())
		}
	}
}
