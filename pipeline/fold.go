package pipeline

import (
	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
)

// consentWorker folds records of one snapshot.
type consentWorker struct {
	facts    *facts
	plan     *Plan
	consents *Consents
	source   uint8
	prober   *prober
	fields   []fieldReader // one a flat field
	nested   choiceReader  // of values inside maps
	counts   bool          // what the snapshot says; once is enough where recipients are taken in partitions
	own      []ownAnswer   // of the row at work
	named    []slot        // by the id at work
	text     []byte
	fetched  byte
}

// fieldReader reads a flat field of one record.
type fieldReader struct {
	choiceReader
	field   Field
	choices []consent.Choice
	texts   *texts
	own     func(row int) int64 // time
	expires func(row int) int64 // nil where nothing says so
}

func (w *consentWorker) record(first int64, record arrow.Record) error {
	w.plan.progress(StageConsents, record.NumRows())
	hits, err := w.prober.probe(record)
	if err != nil {
		return err
	}
	fallback, err := newDates(record, w.consents.Time, first, lastDate)
	if err != nil {
		return err
	}
	for i, c := range w.consents.Fields {
		// Every row is counted, also one that is about nobody planned.
		f := &w.fields[i]
		f.field = c.Field
		if f.choices, f.texts, err = f.read(record.Column(c.Val)); err != nil {
			return err
		}
		if f.own, err = newDates(record, c.Time, first, lastDate); err != nil {
			return err
		}
		if c.Expires == NoColumn {
			continue
		}
		if f.expires, err = newDates(record, c.Expires, first, lastEnd); err != nil {
			return err
		}
	}
	w.flat(fallback, hits)
	if id := w.consents.Identity; id != nil {
		if err := w.identity(record, id, first, fallback, hits); err != nil {
			return err
		}
	}
	for _, s := range w.consents.Subscriptions {
		if err := w.subscriptions(record, s, fallback, hits); err != nil {
			return err
		}
	}
	return nil
}

// end is when the answer of a row ends, 0 for never.
func (f *fieldReader) end(row int) int64 {
	if at := f.expires(row); at != consent.NoTime {
		return at
	}
	return 0
}

// flat folds the flat fields of the rows that hit, a row at a time: what is
// known of one subject stands together, and its lock is taken once.
func (w *consentWorker) flat(fallback func(int) int64, hits []hit) {
	subjects := w.facts.subjects(w.consents.Key.Kind)
	for i, h := range hits {
		if i%ahead == 0 {
			w.fetched += subjects.fetch(hits[i:min(i+ahead, len(hits))])
		}
		w.flatRow(subjects, fallback, int(h.row), h.slot)
	}
}

func (w *consentWorker) flatRow(subjects *subjects, fallback func(int) int64, row int, at slot) {
	mu := subjects.lock(at)
	mu.Lock()
	defer mu.Unlock()
	for i := range w.fields {
		f := &w.fields[i]
		choice := f.choices[row]
		if choice == consent.Absent {
			continue
		}
		a := answer{Value: consent.Value{Choice: choice, Time: f.own(row)}, source: w.source}
		if a.Time == consent.NoTime {
			a.Time = fallback(row)
		}
		if f.expires != nil {
			a.Expires = f.end(row)
		}
		if choice == consent.Invalid {
			a.text = cut(f.texts.at(row))
			w.facts.invalid.add(invalidKey{w.consents.Key.Kind, at, f.field}, a)
		}
		subjects.add(at, f.field, &a)
	}
}
