package pipeline

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// ownAnswer is what one row says for one address.
type ownAnswer struct {
	kind    identity.Kind
	address slot
	field   Field
	answer
}

// identity reads the consents for single addresses of the people who hit, and
// keeps those whose address is planned.
func (w *consentWorker) identity(record arrow.Record, c *IdentityColumns, first int64, fallback func(int) int64, hits []hit) error {
	e, err := newIdentityEntries(record, c, first)
	if err != nil {
		return err
	}
	for _, vals := range e.vals {
		w.count(vals)
	}
	for _, h := range hits {
		if e.isEmpty(int(h.row)) {
			continue
		}
		w.own = w.own[:0]
		if err := w.ownAnswers(e, c, h, fallback(int(h.row))); err != nil {
			return err
		}
		for _, o := range w.own {
			w.addIdentity(h.slot, o)
		}
	}
	return nil
}

// ownAnswers collects what the row of a hit says for single addresses.
func (w *consentWorker) ownAnswers(e *identityEntries, c *IdentityColumns, h hit, fallback int64) error {
	name, end := e.names.row(int(h.row))
	start, last := e.ids.row(int(h.row))
	for k := start; k < last; k++ {
		// An id of repetition level 1 or less starts the next namespace.
		if e.ids.rep(k) <= 1 && k > start {
			name++
		}
		if name >= end {
			return errMisaligned
		}
		if !e.ids.present(k) || !e.names.present(name) {
			continue
		}
		kind := addressKind(e.names.text(name))
		w.named = w.appendNamed(w.named[:0], kind, e.names.text(name), e.ids.text(k), h)
		if len(w.named) == 0 {
			continue
		}
		for f := range c.Fields {
			// The fields of an id have as many entries as the ids.
			val, time, err := e.field(f, int(h.row), k-start, last-start)
			if err != nil {
				return err
			}
			if !e.vals[f].present(val) {
				continue
			}
			a := w.parse(e.vals[f], val)
			if a.Time = fallback; e.times[f] != nil {
				if own := e.times[f].times(time); own != consent.NoTime {
					a.Time = own
				}
			}
			for _, address := range w.named {
				no := a.Choice.Class() == consent.ClassNo || a.Choice.Class() == consent.ClassInvalid
				if address != anyDevice || no {
					w.addOwn(ownAnswer{kind, address, c.Fields[f].Field, a})
				}
			}
		}
	}
	if name != end-1 && start != last {
		return errMisaligned
	}
	return nil
}

// anyDevice stands for the device in the key of a no of one that no list names.
const anyDevice = malformedSlot

// appendNamed appends the planned addresses that an id names: itself, or where it
// is that of a device its tokens.
func (w *consentWorker) appendNamed(all []slot, kind identity.Kind, namespace, id []byte, h hit) []slot {
	address := w.address(kind, id)
	// A row found by an address knows nothing of those who have another.
	if by := w.consents.Key.Kind; by != identity.None {
		if address == noSlot || kind != by || address != h.slot {
			return all
		}
		return append(all, address)
	}
	if address != noSlot {
		all = append(all, address)
	}
	d := w.facts.devices
	if kind != identity.Token || d == nil || id == nil {
		return all
	}
	var status identity.Status
	if w.text, status = w.plan.Normalizer.AppendAddress(w.text[:0], kind, id); status == identity.Missing {
		return all // nobody's; what is malformed is the device of somebody
	}
	if status == identity.Valid && strings.EqualFold(string(namespace), deviceNamespace) {
		all = append(all, d.tokensOf(w.text)...)
	}
	if d.owners != nil {
		all = append(all, anyDevice)
	}
	return all
}

// deviceNamespace is that of the ids of devices (consent.md, section 2).
const deviceNamespace = "ECID"

// addOwn adds what a row says for an address. Where two keys of its maps fall
// together the most restrictive wins, whatever the job says of several rows.
func (w *consentWorker) addOwn(o ownAnswer) {
	for i := range w.own {
		if old := &w.own[i]; old.kind == o.kind && old.address == o.address && old.field == o.field {
			old.answer = join(consent.Restrict, old.answer, o.answer)
			return
		}
	}
	w.own = append(w.own, o)
}

// count counts the values inside the maps of all rows, also of those that are
// about nobody planned: what a snapshot says does not depend on who is.
func (w *consentWorker) count(vals *entries) {
	if !w.counts {
		return
	}
	for i, end := vals.all(); i < end; i++ {
		if vals.present(i) {
			text := vals.text(i)
			w.nested.count(w.nested.parse(text), text, 1)
		}
	}
}

// parse reads a value inside a map.
func (w *consentWorker) parse(vals *entries, entry int) answer {
	r := w.nested.parse(vals.text(entry))
	a := answer{Value: consent.Value{Choice: r.choice, Time: consent.NoTime}, source: w.source}
	if r.choice == consent.Invalid {
		a.text = cut(vals.text(entry))
	}
	return a
}

// identityEntries are the columns of a map of namespaces to maps of ids.
type identityEntries struct {
	names, ids  *entries
	vals, times []*entries // of each field; times are nil where there are none
}

func newIdentityEntries(record arrow.Record, c *IdentityColumns, first int64) (e *identityEntries, err error) {
	e = &identityEntries{vals: make([]*entries, len(c.Fields)), times: make([]*entries, len(c.Fields))}
	if e.names, err = newEntries(record, c.Namespaces); err != nil {
		return nil, err
	}
	if e.ids, err = newEntries(record, c.IDs); err != nil {
		return nil, err
	}
	for i, f := range c.Fields {
		if e.vals[i], err = newEntries(record, f.Val); err != nil {
			return nil, err
		}
		if f.Time == nil {
			continue
		}
		if e.times[i], err = newEntries(record, *f.Time); err != nil {
			return nil, err
		}
		if e.times[i].times == nil {
			return nil, fmt.Errorf("column %s cannot be read as times", record.ColumnName(f.Time.Column))
		}
		if err = e.times[i].checkDates(record.ColumnName(f.Time.Column), first); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// isEmpty reports whether a row has no ids, as nearly all rows.
func (e *identityEntries) isEmpty(row int) bool {
	name, end := e.names.row(row)
	id, last := e.ids.row(row)
	return end-name == 1 && last-id == 1 && !e.ids.present(id)
}

// field finds the entries of id number k of a row, of n ids, in the columns of a
// field.
func (e *identityEntries) field(f, row, k, n int) (val, time int, err error) {
	val, last := e.vals[f].row(row)
	if last-val != n {
		return 0, 0, errMisaligned
	}
	if e.times[f] != nil {
		if time, last = e.times[f].row(row); last-time != n {
			return 0, 0, errMisaligned
		}
	}
	return val + k, time + k, nil
}

// addressKind says what the ids of a namespace are. What is neither an email
// nor a phone may be a device, whose token is its id.
func addressKind(namespace []byte) identity.Kind {
	switch name := string(namespace); {
	case strings.EqualFold(name, "email"):
		return identity.Email
	case strings.EqualFold(name, "phone"):
		return identity.Phone
	}
	return identity.Token
}

// address finds the planned address that an id is, or noSlot.
func (w *consentWorker) address(kind identity.Kind, raw []byte) slot {
	x := w.facts.recipients.addresses[kind]
	if raw == nil || x.len() == 0 {
		return noSlot
	}
	var status identity.Status
	w.text, status = w.plan.Normalizer.AppendAddress(w.text[:0], kind, raw)
	if status != identity.Valid {
		return noSlot
	}
	k := x.hasher.key(w.text)
	return x.lookup(&k, w.text)
}

// anyone stands for the person in the key of a consent that a snapshot keyed by
// address has: it holds for the address, whoever has it.
const anyone = noSlot

func (w *consentWorker) addIdentity(subject slot, o ownAnswer) {
	if w.consents.Key.Kind != identity.None {
		w.facts.identities.add(identityKey{o.kind, anyone, o.address}, o.field, o.answer)
		return
	}
	w.flag(subject, hasIdentity)
	w.facts.identities.add(identityKey{o.kind, subject, o.address}, o.field, o.answer)
}

func (w *consentWorker) flag(subject slot, flags uint8) {
	mu := w.facts.people.lock(subject)
	mu.Lock()
	defer mu.Unlock()
	w.facts.people.flag(subject, flags)
}

// subscriptions reads a map of subscriptions of the people who hit.
func (w *consentWorker) subscriptions(record arrow.Record, c SubscriptionColumns, fallback func(int) int64, hits []hit) error {
	names, err := newEntries(record, c.Names)
	if err != nil {
		return err
	}
	vals, err := newEntries(record, c.Val)
	if err != nil {
		return err
	}
	if w.counts {
		for row := range int(record.NumRows()) {
			err := eachSubscription(names, vals, row, c.Field, func(_ Field, val int) {
				w.nested.count(w.nested.parse(vals.text(val)), vals.text(val), 1)
			})
			if err != nil {
				return err
			}
		}
	}
	for _, h := range hits {
		err := eachSubscription(names, vals, int(h.row), c.Field, func(field Field, val int) {
			a := w.parse(vals, val)
			a.Time = fallback(int(h.row))
			w.facts.add(w.consents.Key.Kind, h.slot, field, a)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachSubscription calls do with the values of a row for the subscriptions that
// lists are bound to. Their names are exact.
func eachSubscription(names, vals *entries, row int, fields map[string]Field, do func(field Field, val int)) error {
	name, end := names.row(row)
	val, last := vals.row(row)
	if end-name != last-val {
		return errMisaligned
	}
	for ; name < end; name, val = name+1, val+1 {
		if !names.present(name) || !vals.present(val) {
			continue
		}
		if field, bound := fields[string(names.text(name))]; bound {
			do(field, val)
		}
	}
	return nil
}
