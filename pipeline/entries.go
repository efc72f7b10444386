package pipeline

import (
	"bytes"

	"optout/pipeline/identity"
)

// entryFinder finds the planned recipients that entries of a screening list
// name, all those of one match. It belongs to one worker.
type entryFinder struct {
	match  Match
	index  *index
	into   *marks
	marks  []mark // of each entry that waits, in order
	batch  keyBatch
	text   []byte      // the normal form of an entry
	whole  []byte      // an address before it is widened
	hashed *digester   // nil where entries are not hashed
	sums   []hexDigest // the entries that wait, in the record
	hits   []screenHit
}

func newEntryFinder(s *screened, r *recipients, l *ScreeningList, m Match) *entryFinder {
	f := &entryFinder{match: m, into: s.marksOf(m), index: r.people}
	switch {
	case m.Domain:
		f.index = s.domains.index
	case m.Widened != identity.Widening{}:
		f.index = s.widened[m.Widened].index
	case m.Kind != identity.None:
		f.index = r.addresses[m.Kind]
	}
	if l.Hash.Algorithm != identity.Clear {
		f.hashed = s.digests[l.digestKey(m)].newDigester()
	}
	return f
}

// add takes an entry and says what it is. Only for a valid one does the caller
// add its mark to marks.
func (f *entryFinder) add(raw []byte, n *identity.Normalizer) (status identity.Status) {
	switch {
	case f.hashed != nil:
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
		f.batch.addNormal(int32(len(f.marks)), f.text, &f.index.hasher)
	}
	return status
}

// normal is what the entry stands for that was added last and is valid: its
// normal form, or a digest of it. It is valid until the next is added.
func (f *entryFinder) normal() []byte {
	if f.hashed != nil {
		f.text = f.sums[len(f.sums)-1].append(f.text[:0])
	}
	return f.text
}

// addDigest keeps the text where it is: no number is as long as a digest, so that it is
// text of the record.
func (f *entryFinder) addDigest(raw []byte) identity.Status {
	text := bytes.TrimSpace(raw)
	if len(text) == 0 {
		return identity.Missing
	}
	h, ok := readDigest(text, f.hashed.how.Algorithm.Size())
	if !ok {
		return identity.Malformed
	}
	f.sums = append(f.sums, h)
	return identity.Valid
}

// find looks up the entries that wait, marks whom they name and counts them. The record
// that they are of must still be there.
func (f *entryFinder) find() (hits int64) {
	f.hits = f.hits[:0]
	if f.hashed != nil {
		for i, s := range f.hashed.lookupAll(f.sums) {
			if s != noSlot {
				f.hits = append(f.hits, screenHit{s, f.marks[i]})
			}
		}
		f.sums = f.sums[:0]
	} else {
		for i, s := range f.index.lookupAll(&f.batch) {
			if s != noSlot {
				f.hits = append(f.hits, screenHit{s, f.marks[f.batch.rows[i]]})
			}
		}
		f.batch.reset()
	}
	f.marks = f.marks[:0]
	f.into.add(f.hits)
	return int64(len(f.hits))
}
