package pipeline

import (
	"slices"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// owners says whose addresses are not planned themselves: those that the
// profiles have for the people who matter to some row, who are the planned ones
// and whoever shares a planned address. An opt-out by such an address is an
// opt-out of its profile, whose other addresses may be planned.
type owners struct {
	index *index
	links *links
}

// asksOwners reports whether events name people by addresses that profiles have.
func (p *Plan) asksOwners() bool {
	return p.Profiles != nil && len(p.Profiles.Addresses) > 0 &&
		slices.ContainsFunc(p.Events, func(l EventLog) bool { return l.Address != NoColumn })
}

// newOwners makes the indexes in which addresses that are not planned are
// numbered, by kind.
func newOwners(p *Plan, r *recipients) (all [numKinds]*owners) {
	if !p.asksOwners() {
		return all
	}
	for _, a := range p.Profiles.Addresses {
		all[a.Kind] = &owners{index: newIndex(r.addresses[a.Kind].hasher)}
	}
	return all
}

// ownerScan finds them once it is known who matters.
type ownerScan struct {
	facts   *facts
	plan    *Plan
	mu      sync.Mutex // of the indexes
	workers []*ownerWorker
}

// ownerWorker finds them in the records of one worker.
type ownerWorker struct {
	scan  *ownerScan
	batch [numKinds]keyBatch
	found []link
}

func (s *ownerScan) newWorker() *ownerWorker {
	w := &ownerWorker{scan: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workers = append(s.workers, w)
	return w
}

// record takes in the rows of a record that are about somebody who matters.
func (w *ownerWorker) record(record arrow.Record, people []hit) error {
	p, planned := w.scan.plan, &w.scan.facts.recipients.addresses
	for k := range p.Profiles.Addresses {
		a := &p.Profiles.Addresses[k]
		b := &w.batch[a.Kind]
		b.reset()
		err := a.eachAt(record, people, func(i int, raw []byte) {
			b.add(int32(i), raw, p.Normalizer, a.Kind, &planned[a.Kind].hasher)
		})
		if err != nil {
			return err
		}
		if err := w.number(a.Kind, people, planned[a.Kind].lookupAll(b)); err != nil {
			return err
		}
	}
	return nil
}

// eachAt calls do with every address that the rows of hits have.
func (a *AddressColumn) eachAt(record arrow.Record, hits []hit, do func(hit int, raw []byte)) error {
	if a.Column == NoColumn {
		keys, err := newEntries(record, a.Entries)
		if err != nil {
			return err
		}
		for i, h := range hits {
			for k, end := keys.row(int(h.row)); k < end; k++ {
				if keys.present(k) {
					do(i, keys.text(k))
				}
			}
		}
		return nil
	}
	texts, err := newTexts(record.Column(a.Column))
	if err != nil {
		return err
	}
	for i, h := range hits {
		if raw := texts.at(int(h.row)); raw != nil {
			do(i, raw)
		}
	}
	return nil
}

// number gives numbers to the addresses of a batch that are not planned.
func (w *ownerWorker) number(kind identity.Kind, people []hit, planned []slot) error {
	b, x := &w.batch[kind], w.scan.facts.owners[kind].index
	w.scan.mu.Lock()
	defer w.scan.mu.Unlock()
	for i := range b.keys {
		if planned[i] != noSlot {
			continue
		}
		address, err := x.intern(&b.keys[i], b.text)
		if err != nil {
			return err
		}
		w.found = append(w.found, link{kind: kind, address: address, person: people[b.rows[i]].slot})
	}
	return nil
}

// finish sorts what the workers found.
func (s *ownerScan) finish() (err error) {
	var found [][]link
	for _, w := range s.workers {
		found = append(found, w.found)
	}
	for kind, o := range s.facts.owners {
		if o == nil {
			continue
		}
		if o.links, err = newLinks(identity.Kind(kind), o.index.len(), found); err != nil {
			return err
		}
	}
	return nil
}
