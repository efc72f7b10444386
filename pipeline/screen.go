package pipeline

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// screened is what the screening lists say of the planned recipients. What no
// list is about is nil.
type screened struct {
	sets      *markSets
	people    *marks
	addresses [numKinds]*marks
	domains   *group
	inDomain  *marks // of domains
	widened   map[identity.Widening]*group
	inWidened map[identity.Widening]*marks
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
}

// newScreened makes room for the marks that the lists of a plan can make, and
// the indexes that find the keys that they name.
func newScreened(p *Plan, r *recipients) (s *screened, err error) {
	s = &screened{
		sets:    newMarkSets(),
		widened: map[identity.Widening]*group{}, inWidened: map[identity.Widening]*marks{},
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
			if err := s.prepare(p, r, l, m); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
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
func (s *screened) prepare(p *Plan, r *recipients, l *ScreeningList, m Match) (err error) {
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
			if s.domains, err = newDomains(keys, below); err != nil {
				return err
			}
			s.inDomain = newMarks(s.sets, s.domains.index.len())
		}
		keys = s.domains.index
	case m.Widened != identity.Widening{}:
		if s.widened[m.Widened] == nil {
			if s.widened[m.Widened], err = newWidened(keys, m.Widened); err != nil {
				return err
			}
			s.inWidened[m.Widened] = newMarks(s.sets, s.widened[m.Widened].index.len())
		}
	case m.Kind == identity.None:
		if s.people == nil {
			s.people = newMarks(s.sets, keys.len())
		}
	case s.addresses[m.Kind] == nil:
		s.addresses[m.Kind] = newMarks(s.sets, keys.len())
	}
	if k := l.digestKey(m); l.Hash.Algorithm != identity.Clear && s.digests[k] == nil {
		s.digests[k] = newDigestIndex(keys, l.Hash, p.Threads)
	}
	return nil
}

func (l *ScreeningList) digestKey(m Match) digestKey {
	return digestKey{m.Kind, m.Domain, l.Hash.Algorithm, string(l.Hash.Key), l.Hash.Digits}
}

// marksOf is where the marks of entries go that match names.
func (s *screened) marksOf(m Match) *marks {
	switch {
	case m.Domain:
		return s.inDomain
	case m.Widened != identity.Widening{}:
		return s.inWidened[m.Widened]
	case m.Kind == identity.None:
		return s.people
	}
	return s.addresses[m.Kind]
}

// readScreening streams every screening list once.
func (f *facts) readScreening(ctx context.Context, p *Plan) (counts []ScreeningCounts, err error) {
	if len(p.Screening) == 0 {
		return nil, nil
	}
	if f.screened, err = newScreened(p, f.recipients); err != nil {
		return nil, err
	}
	for i := range p.Screening {
		c, err := f.screened.read(ctx, p, f.recipients, i)
		if err != nil {
			return nil, fmt.Errorf("read list %s: %w", p.Screening[i].Name, err)
		}
		counts = append(counts, c)
	}
	return counts, nil
}

func (s *screened) read(ctx context.Context, p *Plan, r *recipients, number int) (all ScreeningCounts, err error) {
	l := &p.Screening[number]
	var mu sync.Mutex
	var workers []*screenWorker
	err = scan(ctx, l.Table, p.Threads, func() func(int64, arrow.Record) error {
		w := newScreenWorker(s, p, r, uint8(number))
		mu.Lock()
		workers = append(workers, w)
		mu.Unlock()
		return w.record
	})
	for _, w := range workers {
		all.add(&w.counts)
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
	c.Hits += d.Hits
	c.Wrong = append(c.Wrong, d.Wrong...)
}

// again adds the counts of one more partition: all of them read the same
// entries, each finds those of its own recipients.
func (c *ScreeningCounts) again(d *ScreeningCounts) { c.Hits += d.Hits }

// wrong counts a malformed entry and notes its row.
func (c *ScreeningCounts) wrong(row int64) {
	c.Malformed++
	if len(c.Wrong) < maxWrong { // a worker meets the rows of each part in order, but not all parts
		c.Wrong = append(c.Wrong, row)
		return
	}
	if last := slices.Max(c.Wrong); row < last {
		c.Wrong[slices.Index(c.Wrong, last)] = row
	}
}

// screenHit is an entry that names a planned recipient.
type screenHit struct {
	slot slot
	mark mark
}

// screenWorker reads records of one screening list.
type screenWorker struct {
	screened *screened
	plan     *Plan
	list     *ScreeningList
	counts   ScreeningCounts
	mark     mark // what all entries have in common
	finders  []*entryFinder
}

func newScreenWorker(s *screened, p *Plan, r *recipients, number uint8) *screenWorker {
	l := &p.Screening[number]
	w := &screenWorker{screened: s, plan: p, list: l, mark: mark{list: number, category: l.CategoryAll}}
	for _, m := range l.matches() {
		w.finders = append(w.finders, newEntryFinder(s, r, l, m))
	}
	return w
}

func (w *screenWorker) record(first int64, record arrow.Record) error {
	l := w.list
	values, err := newTexts(record.Column(l.Value))
	if err != nil {
		return err
	}
	var types, categories, states, senders *texts
	for _, c := range []struct {
		column int
		into   **texts
	}{{l.Type, &types}, {l.Category, &categories}, {l.Status, &states}, {l.Sender, &senders}} {
		if c.column == NoColumn {
			continue
		}
		if *c.into, err = newTexts(record.Column(c.column)); err != nil {
			return err
		}
	}
	w.plan.progress(StageScreening, record.NumRows())
	n := int(record.NumRows())
	w.counts.Rows += int64(n)
	for row := range n {
		if states != nil && hasFold(l.Ignored, states.at(row)) {
			w.counts.Ignored++
			continue
		}
		f := w.finders[0]
		if types != nil {
			if f = w.finderOf(types.at(row)); f == nil {
				w.counts.wrong(first + int64(row))
				continue
			}
		}
		m := w.mark
		m.below = f.match.Subdomains
		if categories != nil {
			m.category = l.categoryOf(categories.at(row))
		}
		if senders != nil {
			m.sender = w.screened.senderOf(senders.at(row))
		}
		status := identity.Missing
		if raw := values.at(row); raw != nil {
			status = f.add(raw, w.plan.Normalizer)
		}
		switch status {
		case identity.Missing:
			w.counts.Empty++
		case identity.Malformed:
			w.counts.wrong(first + int64(row))
		case identity.Valid:
			f.marks = append(f.marks, m)
		}
	}
	for _, f := range w.finders {
		w.counts.Hits += f.find()
	}
	return nil
}

// finderOf finds what a text in the column of types stands for, nil for nothing
// that is known.
func (w *screenWorker) finderOf(text []byte) *entryFinder {
	match := w.list.Match
	if text != nil {
		known := false
		for name, m := range w.list.Matches {
			if strings.EqualFold(name, strings.TrimSpace(string(text))) {
				match, known = m, true
			}
		}
		if !known {
			return nil
		}
	}
	i := slices.IndexFunc(w.finders, func(f *entryFinder) bool { return f.match == match })
	return w.finders[i]
}

// categoryOf reads the category of an entry. What is not known binds most.
func (l *ScreeningList) categoryOf(text []byte) consent.Category {
	for name, c := range l.Categories {
		if strings.EqualFold(name, strings.TrimSpace(string(text))) {
			return c
		}
	}
	return consent.Hard
}

// otherSender is one that no send list of the job has.
const otherSender = math.MaxUint16

// senderOf is the number of a sender. An entry without one binds all.
func (s *screened) senderOf(text []byte) uint16 {
	sender := strings.TrimSpace(string(text))
	if sender == "" {
		return 0
	}
	if i := slices.Index(s.senders, sender); i >= 0 {
		return uint16(i + 1)
	}
	return otherSender
}

// binds reports whether a mark is for all senders or for this one.
func (s *screened) binds(m mark, sender string) bool {
	return m.sender == 0 || m.sender != otherSender && s.senders[m.sender-1] == sender
}

func hasFold(words []string, text []byte) bool {
	return text != nil && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(string(text))) })
}
