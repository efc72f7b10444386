package pipeline

import (
	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// keyBatch is the keys of one column of a record, or of some of its rows: of those that
// name somebody, in order. It belongs to one worker and is reused.
//
// Keys are made for a whole batch before any is looked up. A look-up misses the
// cache, often twice; in a batch the misses of several keys overlap, which makes
// a look-up among a million keys half as dear again, and one among ten thousand, which
// the cache holds, a little dearer (BenchmarkLookup).
type keyBatch struct {
	keys   []key
	rows   []int32 // of each key; a row may have several
	status []identity.Status
	text   []byte // of long keys
	slots  []slot // found by index.lookupAll or internAll

	hashes  []uint64
	places  []uint64 // in the table of an index, one a hash
	maybe   []candidate
	fetched uint64 // keeps the compiler from leaving look-ups ahead out
}

func (b *keyBatch) reset() {
	b.keys, b.rows, b.text = b.keys[:0], b.rows[:0], b.text[:0]
}

// read makes the keys of a column, whose values are addresses of a kind or, for
// None, profile ids. Status says of every row what it holds.
func (b *keyBatch) read(column arrow.Array, n *identity.Normalizer, kind identity.Kind, h *hasher) error {
	texts, err := newTexts(column)
	if err != nil {
		return err
	}
	b.reset()
	b.status = b.status[:0]
	if texts.isUUID() && kind == identity.None {
		b.readUUIDs(texts, n, h)
		return nil
	}
	for row := range column.Len() {
		status := identity.Missing
		if raw := texts.at(row); raw != nil {
			status = b.add(int32(row), raw, n, kind, h)
		}
		b.status = append(b.status, status)
	}
	return nil
}

// readUUIDs packs binary UUIDs as they stand.
func (b *keyBatch) readUUIDs(texts *texts, n *identity.Normalizer, h *hasher) {
	var text [uuidText]byte
	for row := range texts.array.Len() {
		status := identity.Missing
		if texts.array.IsValid(row) {
			k := h.uuid(texts.uuid(row))
			if !n.IsPlaceholder(appendUUID(text[:0], k.a, k.b)) {
				status = identity.Valid
				b.keys, b.rows = append(b.keys, k), append(b.rows, int32(row))
			}
		}
		b.status = append(b.status, status)
	}
}

// add makes a key of one text and says what it is.
func (b *keyBatch) add(row int32, raw []byte, n *identity.Normalizer, kind identity.Kind, h *hasher) identity.Status {
	if kind == identity.None && len(raw) == uuidText && !n.IsPlaceholder(raw) {
		if k, ok := h.uuidFromText(raw); ok {
			b.keys, b.rows = append(b.keys, k), append(b.rows, row)
			return identity.Valid
		}
	}
	start := len(b.text)
	text, status := appendNormal(n, b.text, kind, raw)
	if status == identity.Valid {
		b.addKey(row, text, start, h)
	}
	return status
}

// takeBack drops the key of a row, the last that was added, if it has one.
func (b *keyBatch) takeBack(row int32) {
	if last := len(b.rows) - 1; last >= 0 && b.rows[last] == row {
		b.keys, b.rows = b.keys[:last], b.rows[:last]
	}
}

// addNormal makes a key of a text that is a normal form already.
func (b *keyBatch) addNormal(row int32, text []byte, h *hasher) {
	b.addKey(row, append(b.text, text...), len(b.text), h)
}

// addKey makes a key of the end of text, whose beginning is that of the batch.
func (b *keyBatch) addKey(row int32, text []byte, start int, h *hasher) {
	k := h.key(text[start:])
	if k.kind == kindLong {
		k.at = newSpan(start, len(text))
		b.text = text
	} else if cap(text) > cap(b.text) {
		b.text = text[:start] // room for the next
	}
	b.keys, b.rows = append(b.keys, k), append(b.rows, row)
}

func appendNormal(n *identity.Normalizer, dst []byte, kind identity.Kind, raw []byte) ([]byte, identity.Status) {
	if kind == identity.None {
		return n.AppendProfileID(dst, raw)
	}
	return n.AppendAddress(dst, kind, raw)
}
