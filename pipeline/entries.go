package pipeline

import (
	"bytes"
	"encoding/hex"

	"optout/pipeline/identity"
)

// entryFinder finds the planned recipients that entries of a screening list
// name, all those of one match. It belongs to one worker.
type entryFinder struct {
	match Match
	among []entryKeys
	marks []mark // of each entry that waits, in order
	batch keyBatch
	text  []byte      // the normal form of an entry
	whole []byte      // an address before it is widened
	size  int         // of a digest; 0 where entries are not hashed
	sums  []hexDigest // the entries that wait, in the record
	named []bool      // by entry that waits
	hits  []screenHit
}

// entryKeys are keys that entries can name, and where their marks go.
type entryKeys struct {
	index  *index
	into   *marks
	group  *group    // whose index and marks they are; nil for others
	hashed *digester // nil where entries are not hashed
}

func newEntryFinder(s *screened, f *facts, l *ScreeningList, m Match) *entryFinder {
	finder, r := &entryFinder{match: m}, f.recipients
	if l.Hash.Algorithm != identity.Clear {
		finder.size = l.Hash.Algorithm.Size()
	}
	switch {
	case m.Domain:
		finder.lookAmong(s, s.domains.keys(), l.digestKey(m, false))
	case m.Widened != identity.Widening{}:
		finder.lookAmong(s, s.widened[m.Widened].keys(), l.digestKey(m, false))
	case m.Kind != identity.None:
		finder.lookAmong(s, entryKeys{index: r.addresses[m.Kind], into: s.addresses[m.Kind]}, l.digestKey(m, false))
	default:
		finder.lookAmong(s, entryKeys{index: r.people, into: s.people}, l.digestKey(m, false))
	}
	if f.owned != nil && l.refusesOwned(m) {
		finder.lookAmong(s, entryKeys{index: f.owned.tokens, into: s.owned}, l.digestKey(m, true))
	}
	return finder
}

// lookAmong lets entries be looked up among some keys.
func (f *entryFinder) lookAmong(s *screened, keys entryKeys, k digestKey) {
	if f.size > 0 {
		keys.hashed = s.digests[k].newDigester()
	}
	f.among = append(f.among, keys)
}

// keys are those that entries can name of a group.
func (g *group) keys() entryKeys { return entryKeys{index: g.index, into: g.marks, group: g} }

// add takes an entry and says what it is. Only for a valid one does the caller
// add its mark to marks.
func (f *entryFinder) add(raw []byte, n *identity.Normalizer) (status identity.Status) {
	switch {
	case f.size > 0:
		return f.addDigest(raw)
	case f.match.Domain:
		f.text, status = n.AppendDomain(f.text[:0], raw)
	case f.match.Widened != identity.Widening{}:
		if f.whole, status = n.AppendAddress(f.whole[:0], f.match.Kind, raw); status == identity.Valid {
			f.text = identity.AppendWidened(f.text[:0], f.whole, f.match.Widened)
		}
	default:
		f.text, status = appendNormal(n, f.text[:0], f.match.Kind, raw)
	}
	if status == identity.Valid {
		f.batch.addNormal(int32(len(f.marks)), f.text, &f.among[0].index.hasher) // one for all of them
	}
	return status
}

// normal is what the entry stands for that was added last and is valid: its
// normal form, or a digest of it. It is valid until the next is added.
func (f *entryFinder) normal() []byte {
	if f.size > 0 {
		f.text = f.sums[len(f.sums)-1].append(f.text[:0])
	}
	return f.text
}

// addDigest keeps the text where it is: no number is as long as a digest, so that it is
// text of the record.
func (f *entryFinder) addDigest(raw []byte) identity.Status {
	h, ok := readDigest(raw, f.size)
	if !ok {
		text := bytes.TrimSpace(raw)
		if len(text) == 0 {
			return identity.Missing
		}
		if h, ok = readDigest(text, f.size); !ok {
			return identity.Malformed
		}
	}
	f.sums = append(f.sums, h)
	return identity.Valid
}

// fits reports whether a text has the length of a digest in hexadecimal.
func (f *entryFinder) fits(text []byte) bool {
	return len(bytes.TrimSpace(text)) == hex.EncodedLen(f.size)
}

// find looks up the entries that wait, marks whom they name and counts them. The record
// that they are of must still be there.
func (f *entryFinder) find() (hits int64, err error) {
	if len(f.marks) == 0 {
		return 0, nil
	}
	f.named = growTo(f.named, len(f.marks))
	clear(f.named)
	for i := range f.among {
		keys := &f.among[i]
		found, err := f.lookup(keys)
		if err != nil {
			return 0, err
		}
		f.hits = f.hits[:0]
		for entry, s := range found {
			if s == noSlot {
				continue
			}
			f.hits = append(f.hits, screenHit{s, f.marks[entry]})
			if !f.named[entry] {
				f.named[entry] = true
				hits++
			}
		}
		keys.into.add(f.hits)
	}
	f.batch.reset()
	f.sums, f.marks = f.sums[:0], f.marks[:0]
	return hits, nil
}

// lookup finds the slots of the entries that wait, noSlot for those that are not
// there.
func (f *entryFinder) lookup(keys *entryKeys) ([]slot, error) {
	if keys.group != nil {
		if err := keys.group.fill(); err != nil {
			return nil, err
		}
	}
	if keys.hashed != nil {
		return keys.hashed.lookupAll(f.sums)
	}
	return keys.index.lookupAll(&f.batch), nil
}
