package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// screened is what the screening lists say of the planned recipients. What no
// list is about is nil.
type screened struct {
	sets      *markSets
	people    *marks
	addresses [numKinds]*marks
	domains   *group
	owned     *marks // of tokens that people have whom a send list is about; nil once carried over
	owners    *marks // of people by their devices, for rows that name none
	widened   map[identity.Widening]*group
	digests   map[digestKey]*digestIndex
	senders   []string // by the number that marks have, from 1
}

// digestKey tells the digest indexes of a run apart.
type digestKey struct {
	kind      identity.Kind
	domain    bool
	algorithm identity.Algorithm
	key       string
	digits    bool
	owned     bool // of the tokens that people have, not of those planned
}

// newScreened makes room for the marks that the lists of a plan can make, and
// the indexes that find the keys that they name.
func newScreened(p *Plan, f *facts) *screened {
	s := &screened{
		sets:    newMarkSets(),
		widened: map[identity.Widening]*group{},
		digests: map[digestKey]*digestIndex{},
	}
	for i := range p.Lists {
		if sender := p.Lists[i].Sender; sender != "" && !slices.Contains(s.senders, sender) {
			s.senders = append(s.senders, sender)
		}
	}
	for i := range p.Screening {
		l := &p.Screening[i]
		for _, m := range l.matches() {
			s.prepare(p, f.recipients, l, m)
			if f.owned != nil && l.refusesOwned(m) {
				s.prepareOwned(p, f.owned, l, m)
			}
		}
	}
	return s
}

// matches lists all that the entries of a list can be.
func (l *ScreeningList) matches() []Match {
	if l.Type == NoColumn {
		return []Match{l.Match}
	}
	all := []Match{l.Match}
	for _, m := range l.Matches {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// prepare makes room for the marks of a list on what one match names.
func (s *screened) prepare(p *Plan, r *recipients, l *ScreeningList, m Match) {
	keys := r.people
	if m.Kind != identity.None {
		keys = r.addresses[m.Kind]
	}
	switch {
	case m.Domain:
		if s.domains == nil {
			below := slices.ContainsFunc(p.Screening, func(l ScreeningList) bool {
				return slices.ContainsFunc(l.matches(), func(m Match) bool { return m.Subdomains })
			})
			s.domains = newDomains(keys, s.sets, below)
		}
		keys = s.domains.index
	case m.Widened != identity.Widening{}:
		if s.widened[m.Widened] == nil {
			s.widened[m.Widened] = newWidened(keys, s.sets, m.Widened)
		}
	case m.Kind == identity.None:
		if s.people == nil {
			s.people = newMarks(s.sets, keys.len())
		}
	case s.addresses[m.Kind] == nil:
		s.addresses[m.Kind] = newMarks(s.sets, keys.len())
	}
	s.digest(p, keys, l, l.digestKey(m, false))
}

// digest makes the index of the digests of some keys, if the entries of a list are
// hashed.
func (s *screened) digest(p *Plan, keys *index, l *ScreeningList, k digestKey) {
	if l.Hash.Algorithm != identity.Clear && s.digests[k] == nil {
		s.digests[k] = newDigestIndex(keys, l.Hash, p.Threads)
	}
}

func (l *ScreeningList) digestKey(m Match, owned bool) digestKey {
	return digestKey{m.Kind, m.Domain, l.Hash.Algorithm, string(l.Hash.Key), l.Hash.Digits, owned}
}

// readScreening streams every screening list once.
func (f *facts) readScreening(ctx context.Context, p *Plan) (counts []ScreeningCounts, err error) {
	if len(p.Screening) == 0 {
		return nil, nil
	}
	f.screened = newScreened(p, f)
	for i := range p.Screening {
		c, err := f.screened.read(ctx, p, f, i)
		if err != nil {
			return nil, fmt.Errorf("read list %s: %w", p.Screening[i].Name, err)
		}
		counts = append(counts, c)
	}
	f.screened.carry(f.owned, f.recipients.people.len())
	return counts, nil
}

func (s *screened) read(ctx context.Context, p *Plan, f *facts, number int) (all ScreeningCounts, err error) {
	l := &p.Screening[number]
	var mu sync.Mutex
	var workers []*screenWorker
	err = scan(ctx, l.Table, p.Threads, func() func(int64, arrow.Record) error {
		w := newScreenWorker(s, p, f, uint8(number))
		mu.Lock()
		w.first = len(workers)
		workers = append(workers, w)
		mu.Unlock()
		return w.record
	})
	for _, w := range workers {
		all.add(&w.counts)
		all.Sketch = all.Sketch.merge(w.sketch.sketch)
	}
	slices.Sort(all.Wrong)
	all.Wrong = all.Wrong[:min(len(all.Wrong), maxWrong)]
	return all, err
}

// maxWrong is how many malformed entries of a list are named by their rows.
const maxWrong = 20

func (c *ScreeningCounts) add(d *ScreeningCounts) {
	c.Rows += d.Rows
	c.Ignored += d.Ignored
	c.Empty += d.Empty
	c.Malformed += d.Malformed
	c.WrongLength += d.WrongLength
	c.Hits += d.Hits
	c.Wrong = append(c.Wrong, d.Wrong...)
}

// again adds the counts of one more partition: all of them read the same
// entries, each finds those of its own recipients.
func (c *ScreeningCounts) again(d *ScreeningCounts) { c.Hits += d.Hits }

// wrong counts a malformed entry and notes its row.
func (c *ScreeningCounts) wrong(row int64) {
	c.Malformed++
	c.Wrong = noteFirst(c.Wrong, row)
}

// noteFirst adds a row to the first maxWrong ones, in any order.
func noteFirst(rows []int64, row int64) []int64 {
	if len(rows) < maxWrong { // a worker meets the rows of each part in order, but not all parts
		return append(rows, row)
	}
	if last := slices.Max(rows); row < last {
		rows[slices.Index(rows, last)] = row
	}
	return rows
}
