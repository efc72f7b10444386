package pipeline

import (
	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// deviceWorker reads the devices of the profiles. It belongs to one worker.
type deviceWorker struct {
	*devices
	owned      *owned
	columns    *DeviceColumns
	normalizer *identity.Normalizer
	planned    *index // of tokens
	people     *prober
	batch      keyBatch
	text       []byte
}

// newDeviceWorker returns nil where nothing is to be read.
func newDeviceWorker(f *facts, p *Plan) *deviceWorker {
	if f.devices == nil {
		return nil
	}
	return &deviceWorker{
		devices: f.devices, owned: f.owned, columns: p.Profiles.Devices, normalizer: p.Normalizer,
		planned: f.recipients.addresses[identity.Token], people: newProber(p.Profiles.Key, f.recipients, p.Normalizer),
	}
}

// record folds the devices that the rows of a record have. Folding is commutative
// and idempotent.
func (w *deviceWorker) record(record arrow.Record) error {
	if w == nil {
		return nil
	}
	e, err := newDeviceEntries(record, w.columns)
	if err != nil {
		return err
	}
	w.batch.reset()
	for i, end := e.tokens.all(); i < end; i++ {
		if e.tokens.present(i) {
			w.batch.add(int32(i), e.tokens.text(i), w.normalizer, identity.Token, &w.planned.hasher)
		}
	}
	found := w.planned.lookupAll(&w.batch)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, token := range found {
		if token == noSlot {
			continue
		}
		if err := w.token(e, int(w.batch.rows[i]), token); err != nil {
			return err
		}
	}
	if w.owners == nil {
		return nil
	}
	hits, err := w.people.probe(record)
	if err != nil {
		return err
	}
	for _, h := range hits {
		if int(h.slot) < len(w.owners) { // whoever is known by a link alone has no row of such a list
			if err := w.owner(e, int(h.row), h.slot); err != nil {
				return err
			}
		}
	}
	return nil
}

// token folds an entry into what is known of a planned token.
func (w *deviceWorker) token(e *deviceEntries, entry int, token slot) error {
	if e.isDenied(entry) {
		w.tokens[token] |= deviceDenied
	}
	for k, f := range w.filters {
		if f.admits(e.word(e.app, entry), e.word(e.platform, entry)) {
			w.fits[k][token] |= deviceFits
		} else {
			w.fits[k][token] |= deviceOther
		}
	}
	id := e.word(e.ids, entry)
	if id == "" {
		return nil
	}
	var status identity.Status
	if w.text, status = w.normalizer.AppendAddress(w.text[:0], identity.Token, []byte(id)); status != identity.Valid {
		return nil
	}
	return w.name(token, w.text)
}

// owner folds the devices of a row into what is known of a planned person.
func (w *deviceWorker) owner(e *deviceEntries, row int, person slot) error {
	for i, end := e.tokens.row(row); i < end; i++ {
		if !e.tokens.present(i) {
			continue
		}
		var status identity.Status
		if w.text, status = w.normalizer.AppendAddress(w.text[:0], identity.Token, e.tokens.text(i)); status != identity.Valid {
			continue
		}
		w.owners[person] |= deviceKnown
		if e.isDenied(i) {
			continue
		}
		for k, f := range w.filters {
			if f.admits(e.word(e.app, i), e.word(e.platform, i)) {
				w.usable[k][person] |= deviceFits
			}
		}
		if w.owned == nil {
			continue
		}
		if err := w.owned.add(w.text, person); err != nil {
			return err
		}
	}
	return nil
}

// deviceEntries are the columns of devices of one record, whose entries belong
// together.
type deviceEntries struct {
	tokens             *entries
	denied             []*entries
	app, platform, ids *entries // nil for none
}

func newDeviceEntries(record arrow.Record, c *DeviceColumns) (e *deviceEntries, err error) {
	e = &deviceEntries{}
	if e.tokens, err = newEntries(record, c.Tokens); err != nil {
		return nil, err
	}
	open := func(column MapColumn) (*entries, error) {
		other, err := newEntries(record, column)
		if err != nil {
			return nil, err
		}
		for row := range int(record.NumRows()) + 1 {
			if other.offsets[row]-other.offsets[0] != e.tokens.offsets[row]-e.tokens.offsets[0] {
				return nil, errMisaligned
			}
		}
		return other, nil
	}
	for _, column := range c.Denied {
		denied, err := open(column)
		if err != nil {
			return nil, err
		}
		e.denied = append(e.denied, denied)
	}
	for _, o := range []struct {
		column *MapColumn
		into   **entries
	}{{c.App, &e.app}, {c.Platform, &e.platform}, {c.IDs, &e.ids}} {
		if o.column == nil {
			continue
		}
		if *o.into, err = open(*o.column); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// isDenied reports whether a device is not to be used, under any spelling.
func (e *deviceEntries) isDenied(entry int) bool {
	for _, d := range e.denied {
		if at := e.beside(d, entry); d.present(at) && string(d.text(at)) == "true" {
			return true
		}
	}
	return false
}

// word is the text of an optional column, "" for none.
func (e *deviceEntries) word(of *entries, entry int) string {
	if of == nil {
		return ""
	}
	if at := e.beside(of, entry); of.present(at) {
		return string(of.text(at))
	}
	return ""
}

// beside is the entry of another column that belongs to one of the tokens: a
// slice of a record may begin elsewhere in each.
func (e *deviceEntries) beside(of *entries, entry int) int {
	return entry - int(e.tokens.offsets[0]) + int(of.offsets[0])
}
