package jobs

import (
	"fmt"

	"optout/pipeline"
	"optout/pipeline/identity"
	"optout/writers"
)

// screened is a list of addresses or people, opened and bound.
type screened struct {
	*input
	*screening
}

// longList is from how many entries on a hashed list that names nobody planned
// is not believed.
const longList = 10_000

// readEntries notes what the lists of addresses and people hold and reads the
// gates on them.
func (p *prepared) readEntries(all []pipeline.ScreeningCounts) {
	for i := range all {
		c, s := &all[i], p.screened[i]
		e := &writers.Entries{
			Valid:   c.Rows - c.Ignored - c.Empty - c.Malformed,
			Ignored: c.Ignored, Empty: c.Empty, Malformed: c.Malformed, Hits: c.Hits, Sketch: encodeSketch(c.Sketch),
		}
		for _, row := range c.Wrong {
			e.Places = append(e.Places, p.job.relativeText(s.Place(row)))
		}
		s.info.Entries = e
		if c.Rows > 0 && e.Valid == 0 && s.forbids() {
			p.gates.read(gateEmptyList, s.name, false, fmt.Sprintf("0 of %s rows name anybody", writers.Thousands(c.Rows)), "at least 1")
		}
		hashed := s.algorithm() != identity.Clear
		if hashed && c.WrongLength > 0 {
			p.gates.read(gateDigest, s.name, false,
				fmt.Sprintf("%s of %s entries have not the %d hexadecimal digits of %s, the first malformed one in %s",
					writers.Thousands(c.WrongLength), writers.Thousands(c.Rows-c.Ignored), 2*s.algorithm().Size(), s.algorithm(), e.Places[0]), "none")
		}
		what := "entries malformed"
		if len(e.Places) > 0 {
			what += ", the first in " + e.Places[0]
		}
		p.gates.share(gateMaxMalformed, s.name, e.Malformed, c.Rows-c.Ignored, what, p.job.Gates.maxMalformed())
		if hashed && p.job.Gates.requireHits() && e.Valid >= longList && p.plansFor(s.screening) {
			p.gates.read(gateRequireHits, s.name, c.Hits > 0, fmt.Sprintf("%s of %s entries name a planned recipient", writers.Thousands(c.Hits), writers.Thousands(e.Valid)), "at least 1")
		}
	}
}

// plansFor reports whether some send list that the entries can name has rows.
func (p *prepared) plansFor(s *screening) bool {
	for i := range p.lists {
		if p.lists[i].info.Rows > 0 && s.canName(p.job, p.lists[i].job) {
			return true
		}
	}
	return false
}
