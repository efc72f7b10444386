package pipeline

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// links says which profiles have a planned address, so that an opt-out follows
// the address (consent.md, section 5) and a row without a profile id finds its
// person. It costs four bytes an address and four a profile that has one.
type links struct {
	people grouped // by address
	erased bitset  // addresses that stand in a record of somebody who is to be forgotten; nil where none does
}

// of lists the profiles that have an address, perhaps some of them twice.
func (l *links) of(address slot) []slot {
	if l == nil || address == noSlot || address == malformedSlot {
		return nil
	}
	return l.people.of(address)
}

// isErased reports whether an address stands in a record of somebody who is to be
// forgotten.
func (l *links) isErased(address slot) bool {
	return l != nil && l.erased != nil && address != noSlot && address != malformedSlot && l.erased.has(address)
}

// link is one profile that has one planned address. A profile that is not
// planned itself has no slot while the index is being read; its id stands in
// the worker's arena until the scan is over.
type link struct {
	kind    identity.Kind
	address slot
	person  slot // or noSlot
	id      [2]int
}

// linkWorker finds links in the records of one worker.
type linkWorker struct {
	facts     *facts
	profiles  *Profiles
	addresses []linkProber
	ids       *prober
	found     []link
	erased    [numKinds + 1][]slot // addresses of profiles to be forgotten
	gone      *gone                // nil where nobody needs to be remembered
	arena     []byte
}

// linkProber finds addresses of a kind, or owned tokens.
type linkProber struct {
	*prober
	kind identity.Kind
}

// ofOwned is in place of a kind for links of owned tokens.
const ofOwned = identity.Kind(numKinds)

func newLinkWorker(f *facts, p *Plan) *linkWorker {
	w := &linkWorker{
		facts: f, profiles: p.Profiles, ids: newProber(p.Profiles.Key, f.recipients, p.Normalizer), gone: newGone(p, f.recipients),
	}
	for _, a := range p.Profiles.Addresses {
		key := KeyColumns{Column: a.Column, Kind: a.Kind}
		if a.Column == NoColumn {
			key.Entries = &a.Entries
		}
		w.addresses = append(w.addresses, linkProber{newProber(key, f.recipients, p.Normalizer), a.Kind})
	}
	if p.sharesOwned() {
		tokens := newProber(KeyColumns{Column: NoColumn, Kind: identity.Token, Entries: &p.Profiles.Devices.Tokens}, f.recipients, p.Normalizer)
		tokens.index = f.owned.tokens
		w.addresses = append(w.addresses, linkProber{tokens, ofOwned})
	}
	return w
}

func (w *linkWorker) record(record arrow.Record) error {
	isErased := w.profiles.erasedIn(record)
	if err := w.gone.record(record, w.ids, isErased); err != nil {
		return err
	}
	for _, a := range w.addresses {
		if a.index.len() == 0 {
			continue
		}
		hits, err := a.probe(record)
		if err != nil {
			return err
		}
		if len(hits) == 0 {
			continue
		}
		for _, h := range hits {
			if isErased(int(h.row)) {
				w.erased[a.kind] = append(w.erased[a.kind], h.slot)
			}
		}
		isHit := func(row int) bool {
			for len(hits) > 0 && int(hits[0].row) < row {
				hits = hits[1:]
			}
			return len(hits) > 0 && int(hits[0].row) == row
		}
		err = w.ids.eachID(record, isHit, func(row int, raw []byte) {
			for i := 0; i < len(hits) && int(hits[i].row) == row; i++ {
				w.add(a.kind, hits[i].slot, raw)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *linkWorker) add(kind identity.Kind, address slot, raw []byte) {
	start := len(w.arena)
	text, status := w.ids.normalizer.AppendProfileID(w.arena, raw)
	if status != identity.Valid {
		return
	}
	l := link{kind: kind, address: address, id: [2]int{start, len(text)}}
	k := w.ids.index.hasher.key(text[start:])
	if l.person = w.ids.index.lookup(&k, text[start:]); l.person == noSlot {
		w.arena = text // keep the id
	}
	w.found = append(w.found, l)
}

// readLinks scans the profiles for those that have a planned address. It calls
// also with each record, so that one scan can serve both.
func (f *facts) readLinks(ctx context.Context, p *Plan, also func() func(arrow.Record) error) error {
	var mu sync.Mutex
	var workers []*linkWorker
	err := scan(ctx, p.Profiles.Table, p.Threads, func() func(int64, arrow.Record) error {
		w, next := newLinkWorker(f, p), also()
		mu.Lock()
		workers = append(workers, w)
		mu.Unlock()
		return func(_ int64, record arrow.Record) error {
			if err := w.record(record); err != nil {
				return err
			}
			return next(record)
		}
	})
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	people := f.recipients.people
	planned := people.len()
	var lost []slot
	for _, w := range workers {
		for i := range w.found {
			l := &w.found[i]
			if l.person != noSlot {
				continue
			}
			id := w.arena[l.id[0]:l.id[1]]
			k := people.hasher.key(id)
			if l.person, err = people.intern(&k, id); err != nil {
				return err
			}
			if slices.ContainsFunc(workers, func(w *linkWorker) bool { return w.gone.has(&k, id) }) {
				lost = append(lost, l.person)
			}
		}
		w.arena = nil
	}
	f.people.grow(people.len())
	for _, person := range lost {
		f.people.flag(person, erased)
	}
	if people.len() > planned && slices.ContainsFunc(workers, func(w *linkWorker) bool { return w.gone.isFull() }) {
		if err := f.readGone(ctx, p); err != nil {
			return err
		}
	}
	var found [][]link
	for _, w := range workers {
		found = append(found, w.found)
	}
	linksOf := func(kind identity.Kind, addresses *index) (*links, error) {
		l, err := newLinks(kind, addresses.len(), found)
		if err != nil {
			return nil, err
		}
		for _, w := range workers {
			l.forget(w.erased[kind])
		}
		return l, nil
	}
	for _, a := range p.Profiles.Addresses {
		if f.links[a.Kind], err = linksOf(a.Kind, f.recipients.addresses[a.Kind]); err != nil {
			return err
		}
	}
	if p.sharesOwned() {
		f.owned.links, err = linksOf(ofOwned, f.owned.tokens)
	}
	return err
}

// newLinks sorts the links of a kind by address.
func newLinks(kind identity.Kind, addresses int, found [][]link) (*links, error) {
	people, err := newGrouped(addresses, func(yield func(address, person slot)) {
		for _, some := range found {
			for i := range some {
				if l := &some[i]; l.kind == kind {
					yield(l.address, l.person)
				}
			}
		}
	})
	return &links{people: people}, err
}

// forget notes addresses of somebody who is to be forgotten.
func (l *links) forget(addresses []slot) {
	for _, address := range addresses {
		if l.erased == nil {
			l.erased = make(bitset, len(l.people.starts)/64+1)
		}
		l.erased.add(address)
	}
}

// needsLinks reports whether the profiles must be searched for planned addresses or
// owned tokens, and whether all records of the people found so count: those of rows
// that know their person by nothing else, and the owners of other addresses.
func (p *Plan) needsLinks() (share, only bool) {
	if p.Profiles == nil {
		return false, false
	}
	share, only = p.sharesOwned(), p.asksOwners()
	for i := range p.Lists {
		for _, a := range p.Profiles.Addresses {
			if l := &p.Lists[i]; l.Kind == a.Kind && l.Address != NoColumn {
				share = share || p.ShareByAddress
				only = only || l.Profile == NoColumn
			}
		}
	}
	return share, only
}
