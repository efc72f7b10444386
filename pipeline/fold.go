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
	fields   []choiceReader // one a flat field
	nested   choiceReader   // of values inside maps, of the rows that hit
	text     []byte
}

func (w *consentWorker) record(_ int64, record arrow.Record) error {
	w.plan.progress(StageConsents, record.NumRows())
	hits, err := w.prober.probe(record)
	if err != nil {
		return err
	}
	fallback, err := newTimes(columnOrNil(record, w.consents.Time))
	if err != nil {
		return err
	}
	for i, c := range w.consents.Fields {
		if err := w.field(record, c, &w.fields[i], fallback, hits); err != nil {
			return err
		}
	}
	if id := w.consents.Identity; id != nil {
		if err := w.identity(record, id, fallback, hits); err != nil {
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

func columnOrNil(record arrow.Record, column int) arrow.Array {
	if column == NoColumn {
		return nil
	}
	return record.Column(column)
}

// field reads a flat field. Every row is counted; the rows that hit are folded.
func (w *consentWorker) field(record arrow.Record, c FieldColumns, reader *choiceReader, fallback func(int) int64, hits []hit) error {
	choices, texts, err := reader.read(record.Column(c.Val))
	if err != nil {
		return err
	}
	own, err := newTimes(columnOrNil(record, c.Time))
	if err != nil {
		return err
	}
	kind := w.consents.Key.Kind
	subjects := w.facts.subjects(kind)
	for _, h := range hits {
		choice := choices[h.row]
		if choice == consent.Absent {
			continue
		}
		v := consent.Value{Choice: choice, Time: own(h.row)}
		if v.Time == consent.NoTime {
			v.Time = fallback(h.row)
		}
		mu := subjects.lock(h.slot)
		mu.Lock()
		subjects.add(h.slot, c.Field, v, w.source)
		mu.Unlock()
		if choice == consent.Invalid {
			w.facts.invalid.add(invalidKey{kind, h.slot, c.Field}, cut(texts.at(h.row)))
		}
	}
	return nil
}
