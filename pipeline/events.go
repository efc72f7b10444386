package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// happened is what the event logs say of the planned recipients, and of whoever
// shares an address with one.
type happened struct {
	people    *changes
	addresses [numKinds]*changes
	elsewhere [numKinds]*changes // at addresses that are not planned

	// sole is, for each planned address, the one person whom all rows with it are about,
	// noSlot where there is no such. What that person said is kept for the person alone,
	// and not at the address once more: every row with it hears the person. It is nil for
	// a kind whose addresses are asked for other reasons, and after the reading.
	sole [numKinds][]slot
}

// readEvents streams every event log once.
func (f *facts) readEvents(ctx context.Context, p *Plan) (counts []EventCounts, err error) {
	if len(p.Events) == 0 {
		return nil, nil
	}
	r := f.recipients
	h := &happened{people: newChanges(r.people.len())}
	for kind := range r.addresses {
		h.addresses[kind] = newChanges(r.addresses[kind].len())
		if o := f.owners[kind]; o != nil {
			h.elsewhere[kind] = newChanges(o.index.len())
		}
	}
	f.happened = h
	if h.sole, err = f.solePeople(ctx, p); err != nil {
		return nil, fmt.Errorf("prepare for events: %w", err)
	}
	for i := range p.Events {
		c, err := f.readLog(ctx, p, i)
		if err != nil {
			return nil, fmt.Errorf("read events %s: %w", p.Events[i].Name, err)
		}
		c.Lists = make([]EventEffect, len(p.Lists))
		for k := range c.Lists {
			c.Lists[k].Oldest = consent.NoTime
		}
		counts = append(counts, c)
	}
	if err := h.settle(ctx, p, f); err != nil {
		return nil, fmt.Errorf("sort events: %w", err)
	}
	return counts, nil
}

// settle makes all that happened ready to be found.
func (h *happened) settle(ctx context.Context, p *Plan, f *facts) error {
	for kind := range h.addresses {
		h.sole[kind] = nil
		if err := h.addresses[kind].settle(ctx, p.Threads); err != nil {
			return err
		}
		h.follow(identity.Kind(kind), h.addresses[kind], f.links[kind])
		if o := f.owners[kind]; o != nil {
			if err := h.elsewhere[kind].settle(ctx, p.Threads); err != nil {
				return err
			}
			h.follow(identity.Kind(kind), h.elsewhere[kind], o.links)
			h.elsewhere[kind] = nil
		}
	}
	return h.people.settle(ctx, p.Threads)
}

// solePeople finds happened.sole. An answer of a snapshot by address is lifted by what
// its owner says at the address, and of a device all profiles hear that have it.
func (f *facts) solePeople(ctx context.Context, p *Plan) (all [numKinds][]slot, err error) {
	err = together(ctx, len(all), func(_ context.Context, kind int) error {
		n := f.recipients.addresses[kind].len()
		if n == 0 || f.addresses[kind] != nil || identity.Kind(kind) == identity.Token && f.links[kind] != nil {
			return nil
		}
		all[kind] = make([]slot, n)
		f.recipients.findSole(p, identity.Kind(kind), all[kind])
		return nil
	})
	return all, err
}

// findSole fills in the sole person of each address of a kind.
func (r *recipients) findSole(p *Plan, kind identity.Kind, sole []slot) {
	const unknown = malformedSlot
	for i := range sole {
		sole[i] = unknown
	}
	for i := range r.lists {
		rows := &r.lists[i]
		if p.Lists[i].Kind != kind {
			continue
		}
		for row, address := range rows.addresses {
			if address == noSlot || address == malformedSlot {
				continue
			}
			person := noSlot
			if rows.people != nil {
				person = rows.people[row]
			}
			if sole[address] != unknown && sole[address] != person {
				person = noSlot
			}
			sole[address] = person
		}
	}
}

// follow lets the opt-outs by an address alone count for every profile that has
// it, so that they cover the other addresses of the profile. Those that a later
// opt-in by the address answers do not; an opt-in itself is nobody's but the
// address's.
//
// An opt-out for one device counts for the profiles that have it, too, and so does
// one that another profile gave at it: a row that names no device would reach them
// all.
func (h *happened) follow(kind identity.Kind, addresses *changes, profiles *links) {
	if profiles == nil {
		return
	}
	followed := changeBatch{into: h.people}
	addresses.each(func(all []change) {
		for i := range all {
			c := all[i]
			form, byPerson := c.form, c.person != anyone
			switch {
			case c.form == forOne && kind == identity.Token, c.form == 0 && !byPerson:
			case c.form == 0 && kind == identity.Token:
				form = atDevice
			default:
				continue
			}
			in := foldEvents(all, Field(c.field), c.form|optedIn, func(person slot) bool { return person == anyone })
			if in.answers(c.answer()) {
				continue
			}
			for _, person := range profiles.of(c.subject) {
				if form == atDevice && person == c.person {
					continue // it is that profile's own
				}
				c := c
				c.form = form
				followed.add(person, anyone, &c)
			}
		}
	})
	followed.flush()
}

// foldEvents is the latest of the changes of a subject in a field, of those whose
// person counts.
func foldEvents(all []change, field Field, form uint8, counts func(person slot) bool) (a answer) {
	for i := range all {
		if c := &all[i]; c.is(field, form) && counts(c.person) {
			a = later(a, c.answer())
		}
	}
	return a
}

// readLog streams one event log.
func (f *facts) readLog(ctx context.Context, p *Plan, number int) (all EventCounts, err error) {
	var mu sync.Mutex
	var workers []*eventWorker
	err = scan(ctx, p.Events[number].Table, p.Threads, func() func(int64, arrow.Record) error {
		w := newEventWorker(f, p, uint8(number))
		mu.Lock()
		workers = append(workers, w)
		mu.Unlock()
		return w.record
	})
	for _, w := range workers {
		all.add(&w.counts)
	}
	slices.Sort(all.BadRows)
	all.BadRows = all.BadRows[:min(len(all.BadRows), maxWrong)]
	return all, err
}

// changeBatches is what one worker has to add to what happened.
type changeBatches struct {
	people    changeBatch
	addresses [numKinds]changeBatch
	elsewhere [numKinds]changeBatch
}

func (h *happened) newBatches() *changeBatches {
	b := &changeBatches{people: changeBatch{into: h.people}}
	for kind := range b.addresses {
		b.addresses[kind].into, b.elsewhere[kind].into = h.addresses[kind], h.elsewhere[kind]
	}
	return b
}

func (b *changeBatches) flush() {
	b.people.flush()
	for kind := range b.addresses {
		b.addresses[kind].flush()
		b.elsewhere[kind].flush()
	}
}

// keep files an event under everybody whom it names.
func (b *changeBatches) keep(e *event, c *change) {
	known, ofDevice := e.person != anyone && e.person != stranger, c.form == forOne && e.kind == identity.Token
	if known && (c.form&forOne == 0 || ofDevice) {
		b.people.add(e.person, anyone, c)
	}
	if e.address != noSlot && (!known || e.person != e.sole || c.form&forOne != 0) {
		b.addresses[e.kind].add(e.address, e.person, c)
	}
	if e.elsewhere != noSlot && (c.form&forOne == 0 && e.person == anyone || e.kind == identity.Token) {
		b.elsewhere[e.kind].add(e.elsewhere, e.person, c)
	}
}

// hears reports whether events of a log can be matched with the rows of a list.
func (p *Plan) hears(l *List, log *EventLog) bool {
	byID, byAddress := l.Profile != NoColumn, false
	if p.Profiles != nil {
		for _, a := range p.Profiles.Addresses {
			byID = byID || a.Kind == l.Kind && l.Address != NoColumn // rows find their people by address
			byAddress = byAddress || byID                            // and people their addresses
		}
	}
	for _, c := range log.Channels {
		byAddress = byAddress || c.Kind == l.Kind && l.Kind != identity.None && l.Address != NoColumn
	}
	return log.Profile != NoColumn && byID || log.Address != NoColumn && byAddress
}
