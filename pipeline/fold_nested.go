package pipeline

import (
	"strings"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// identity reads the consents for single addresses of the people who hit, and
// keeps those whose address is planned.
func (w *consentWorker) identity(record arrow.Record, c *IdentityColumns, fallback func(int) int64, hits []hit) error {
	names, err := newEntries(record, c.Namespaces)
	if err != nil {
		return err
	}
	ids, err := newEntries(record, c.IDs)
	if err != nil {
		return err
	}
	vals, times, err := identityEntries(record, c)
	if err != nil {
		return err
	}
	for _, h := range hits {
		name, end := names.row(int(h.row))
		id, last := ids.row(int(h.row))
		start := id
		for k := id; k < last; k++ {
			if ids.rep(k) <= 1 && k > start {
				name++
			}
			if name >= end {
				return errMisaligned
			}
			if !ids.present(k) || !names.present(name) {
				continue
			}
			kind := addressKind(names.text(name))
			address := w.address(kind, ids.text(k))
			if address == noSlot {
				continue
			}
			for f := range c.Fields {
				// The fields of an id have as many entries as the ids.
				at, end := vals[f].row(int(h.row))
				if end-at != last-start {
					return errMisaligned
				}
				entry := at + k - start
				if !vals[f].present(entry) {
					continue
				}
				r := w.nested.parse(vals[f].text(entry))
				w.nested.count(r, vals[f].text(entry), 1)
				if r.choice == consent.Absent {
					continue
				}
				v := consent.Value{Choice: r.choice, Time: consent.NoTime}
				if times[f] != nil {
					at, _ := times[f].row(int(h.row))
					v.Time = times[f].times(at + k - start)
				}
				if v.Time == consent.NoTime {
					v.Time = fallback(int(h.row))
				}
				w.addIdentity(h.slot, kind, address, c.Fields[f].Field, v)
			}
		}
	}
	return nil
}

func identityEntries(record arrow.Record, c *IdentityColumns) (vals, times []*entries, err error) {
	vals, times = make([]*entries, len(c.Fields)), make([]*entries, len(c.Fields))
	for i, f := range c.Fields {
		if vals[i], err = newEntries(record, f.Val); err != nil {
			return nil, nil, err
		}
		if f.Time != nil {
			if times[i], err = newEntries(record, *f.Time); err != nil {
				return nil, nil, err
			}
		}
	}
	return vals, times, nil
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

func (w *consentWorker) addIdentity(subject slot, kind identity.Kind, address slot, f Field, v consent.Value) {
	subjects := w.facts.subjects(w.consents.Key.Kind)
	mu := subjects.lock(subject)
	mu.Lock()
	subjects.flags[subject] |= hasIdentity
	mu.Unlock()
	if w.consents.Key.Kind != identity.None {
		subject = anyone
	}
	w.facts.identities.add(identityKey{kind, subject, address}, f, v, w.source)
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
	kind := w.consents.Key.Kind
	subjects := w.facts.subjects(kind)
	for _, h := range hits {
		name, end := names.row(int(h.row))
		val, last := vals.row(int(h.row))
		if end-name != last-val {
			return errMisaligned
		}
		for ; name < end; name, val = name+1, val+1 {
			if !names.present(name) || !vals.present(val) {
				continue
			}
			field, bound := c.Field[string(names.text(name))]
			if !bound {
				continue
			}
			r := w.nested.parse(vals.text(val))
			w.nested.count(r, vals.text(val), 1)
			mu := subjects.lock(h.slot)
			mu.Lock()
			subjects.add(h.slot, field, consent.Value{Choice: r.choice, Time: fallback(int(h.row))}, w.source)
			mu.Unlock()
			if r.choice == consent.Invalid {
				w.facts.invalid.add(invalidKey{kind, h.slot, field}, cut(vals.text(val)))
			}
		}
	}
	return nil
}
