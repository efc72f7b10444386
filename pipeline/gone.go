package pipeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
)

// A profile is to be forgotten if any of its records says so, though another one has
// the address by which it touches a row. While one scan looks for those addresses it is
// not known yet whose records matter, and who is to be forgotten is remembered.

// gone are profiles to be forgotten that are not planned themselves, as met by one
// worker.
type gone struct {
	ids  *index
	full bool // not all of them are here
}

// maxGone bounds them, since memory does not follow a snapshot. Where there are more
// the profiles are read once more.
const maxGone = 1 << 18

// newGone returns nil where nothing is to be remembered: nobody is to be forgotten, or
// all records of whoever is found are read afterwards.
func newGone(p *Plan, r *recipients) *gone {
	if _, only := p.needsLinks(); only || p.Profiles.Erased == NoColumn {
		return nil
	}
	return &gone{ids: newIndex(r.people.hasher)}
}

// record remembers the profiles of a record that are to be forgotten.
func (g *gone) record(record arrow.Record, ids *prober, isErased func(row int) bool) (err error) {
	if g == nil || g.full {
		return nil
	}
	b := &ids.batch
	b.reset()
	err = ids.eachID(record, isErased, func(row int, raw []byte) {
		b.add(int32(row), raw, ids.normalizer, ids.keys.Kind, &ids.index.hasher)
	})
	if err != nil {
		return err
	}
	planned := ids.index.lookupAll(b)
	for i := range b.keys {
		if planned[i] != noSlot {
			continue // its own facts tell
		}
		if g.full = g.ids.len() == maxGone; g.full {
			return nil
		}
		if _, err := g.ids.intern(&b.keys[i], b.text); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether a profile is one of them.
func (g *gone) has(k *key, id []byte) bool { return g != nil && g.ids.lookup(k, id) != noSlot }

func (g *gone) isFull() bool { return g != nil && g.full }

// readGone reads once more which of the people found are to be forgotten.
func (f *facts) readGone(ctx context.Context, p *Plan) error {
	err := scan(ctx, p.Profiles.Table, p.Threads, func() func(int64, arrow.Record) error {
		people := newProber(p.Profiles.Key, f.recipients, p.Normalizer)
		return func(_ int64, record arrow.Record) error {
			isErased := p.Profiles.erasedIn(record)
			hits, err := people.probe(record)
			if err != nil {
				return err
			}
			for _, h := range hits {
				if isErased(int(h.row)) {
					f.forget(h.slot)
				}
			}
			return nil
		}
	})
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	return nil
}

func (f *facts) forget(person slot) {
	mu := f.people.lock(person)
	mu.Lock()
	defer mu.Unlock()
	f.people.flag(person, erased)
}
