package pipeline

import (
	"math"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

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
	number   uint8 // of the list
	finders  []*entryFinder
	first    int // finder that is looked up, another for each worker, so that digests of several kinds are made at a time
	sketch   sketcher

	normalizer *identity.Normalizer

	// What few different texts mean, by their text.
	kinds      meanings[*entryFinder]
	categories meanings[consent.Category]
	states     meanings[bool]
	senders    meanings[uint16]
}

func newScreenWorker(s *screened, p *Plan, f *facts, number uint8) *screenWorker {
	l := &p.Screening[number]
	w := &screenWorker{screened: s, plan: p, list: l, sketch: newSketcher(p), number: number}
	w.kinds, w.categories, w.states, w.senders = wordsOf(w.finderOf), wordsOf(l.categoryOf), wordsOf(l.ignores), wordsOf(s.senderOf)
	if w.normalizer = l.Normalizer; w.normalizer == nil {
		w.normalizer = p.Normalizer
	}
	for _, m := range l.matches() {
		w.finders = append(w.finders, newEntryFinder(s, f, l, m))
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
		if states != nil && w.states.at(states, row) {
			w.counts.Ignored++
			continue
		}
		f := w.finders[0]
		if types != nil && !types.isNull(row) {
			if f = w.kinds.at(types, row); f == nil {
				w.counts.wrong(first + int64(row))
				continue
			}
		}
		category, sender := l.CategoryAll, uint16(0)
		if categories != nil {
			category = w.categories.at(categories, row)
		}
		if senders != nil {
			sender = w.senders.at(senders, row)
		}
		raw, status := values.at(row), identity.Missing
		if raw != nil {
			status = f.add(raw, w.normalizer)
		}
		switch status {
		case identity.Missing:
			w.counts.Empty++
		case identity.Malformed:
			w.counts.wrong(first + int64(row))
			if f.size > 0 && !f.fits(raw) {
				w.counts.WrongLength++
			}
		case identity.Valid:
			f.marks = append(f.marks, mark{list: w.number, category: category, sender: sender, below: f.match.Subdomains})
			if w.sketch.wanted() {
				w.sketch.add(f.normal())
			}
		}
	}
	for i := range w.finders {
		hits, err := w.finders[(w.first+i)%len(w.finders)].find()
		if err != nil {
			return err
		}
		w.counts.Hits += hits
	}
	return nil
}

// finderOf finds what a word in the column of types stands for, nil for nothing
// that is known.
func (w *screenWorker) finderOf(word string) *entryFinder {
	for name, match := range w.list.Matches {
		if strings.EqualFold(name, word) {
			return w.finders[slices.IndexFunc(w.finders, func(f *entryFinder) bool { return f.match == match })]
		}
	}
	return nil
}

// categoryOf reads the category of an entry. What is not known binds most.
func (l *ScreeningList) categoryOf(word string) consent.Category {
	for name, c := range l.Categories {
		if strings.EqualFold(name, word) {
			return c
		}
	}
	return consent.Hard
}

// ignores reports whether a status takes an entry off the list.
func (l *ScreeningList) ignores(word string) bool {
	return slices.ContainsFunc(l.Ignored, func(w string) bool { return strings.EqualFold(w, word) })
}

// otherSender is one that no send list of the job has.
const otherSender = math.MaxUint16

// senderOf is the number of a sender. An entry without one binds all.
func (s *screened) senderOf(sender string) uint16 {
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
