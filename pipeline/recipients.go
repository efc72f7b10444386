package pipeline

import (
	"context"
	"fmt"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// recipients is every planned row of every list, by its keys. A row costs eight
// bytes, a distinct person or address what an index takes.
type recipients struct {
	people    *index
	addresses [numKinds]*index // by kind of address
	lists     []listRows
}

// numKinds is the number of kinds of addresses, none included.
const numKinds = int(identity.Token) + 1

type listRows struct {
	people    []slot // a slot a row, or noSlot
	addresses []slot // a slot a row, noSlot or malformedSlot; nil where the list has no address
	sendAt    []int64
	duplicate []uint64 // a bit a row
}

func (l *listRows) isDuplicate(row int64) bool {
	return l.duplicate != nil && l.duplicate[row>>6]&(1<<(row&63)) != 0
}

// readRecipients reads the keys of every list.
func readRecipients(ctx context.Context, p *Plan) (*recipients, error) {
	r := &recipients{people: newIndex()}
	for k := range r.addresses {
		r.addresses[k] = newIndex()
	}
	campaigns := newIndex()
	messages := map[messageKey]struct{}{}
	for i := range p.Lists {
		l := &p.Lists[i]
		rows, campaign, err := r.readList(ctx, p, l, campaigns)
		if err != nil {
			return nil, fmt.Errorf("read send list %s: %w", l.Name, err)
		}
		if l.DropDuplicates {
			r.markDuplicates(&rows, l, campaign, messages)
		}
		r.lists = append(r.lists, rows)
	}
	return r, nil
}

// readList normalises the keys of a list, in parallel, and numbers them, one
// worker at a time.
func (r *recipients) readList(ctx context.Context, p *Plan, l *List, campaigns *index) (rows listRows, campaign []slot, err error) {
	n := l.Keys.NumRows()
	column := func(c int) []slot {
		if c == NoColumn {
			return nil
		}
		return make([]slot, n)
	}
	rows.people, rows.addresses, campaign = column(l.Profile), column(l.Address), column(l.Campaign)
	if l.SendAt != NoColumn {
		rows.sendAt = make([]int64, n)
	}
	var mu sync.Mutex
	err = scan(ctx, l.Keys, p.Threads, func() func(int64, arrow.Record) error {
		var keys keyBatch
		return func(row int64, record arrow.Record) error {
			number := func(c int, x *index, kind identity.Kind, into []slot) error {
				if c == NoColumn {
					return nil
				}
				if err := keys.read(record.Column(c), p.Normalizer, kind, &x.hasher); err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				return keys.intern(x, into[row:])
			}
			if err := number(l.Profile, r.people, identity.None, rows.people); err != nil {
				return err
			}
			if err := number(l.Address, r.addresses[l.Kind], l.Kind, rows.addresses); err != nil {
				return err
			}
			if err := number(l.Campaign, campaigns, identity.None, campaign); err != nil {
				return err
			}
			if l.SendAt != NoColumn {
				at, err := newTimes(record.Column(l.SendAt))
				if err != nil {
					return err
				}
				for i := range int(record.NumRows()) {
					rows.sendAt[row+int64(i)] = at(i)
				}
			}
			p.progress(StageRecipients, record.NumRows())
			return nil
		}
	})
	return rows, campaign, err
}

// keyBatch is the normal forms of one column of a record.
type keyBatch struct {
	text   []byte
	ends   []int
	status []identity.Status
	keys   []key
}

// read normalises a column: addresses by their kind, anything else as ids.
func (b *keyBatch) read(column arrow.Array, n *identity.Normalizer, kind identity.Kind, h *hasher) error {
	texts, err := newTexts(column)
	if err != nil {
		return err
	}
	b.text, b.ends, b.status, b.keys = b.text[:0], b.ends[:0], b.status[:0], b.keys[:0]
	for i := range column.Len() {
		var status identity.Status
		if raw := texts.at(i); raw != nil {
			b.text, status = appendNormal(n, b.text, kind, raw)
		}
		b.ends, b.status = append(b.ends, len(b.text)), append(b.status, status)
	}
	start := 0
	for i, end := range b.ends {
		var k key
		if b.status[i] == identity.Valid {
			k = h.key(b.text[start:end])
		}
		b.keys = append(b.keys, k)
		start = end
	}
	return nil
}

func appendNormal(n *identity.Normalizer, dst []byte, kind identity.Kind, raw []byte) ([]byte, identity.Status) {
	if kind == identity.None {
		return n.AppendProfileID(dst, raw)
	}
	return n.AppendAddress(dst, kind, raw)
}

func (b *keyBatch) intern(x *index, into []slot) error {
	for i := range b.keys {
		switch b.status[i] {
		case identity.Valid:
			s, err := x.intern(&b.keys[i])
			if err != nil {
				return err
			}
			into[i] = s
		case identity.Malformed:
			into[i] = malformedSlot
		default:
			into[i] = noSlot
		}
	}
	return nil
}

// messageKey is what two rows of one campaign share that plan the same message.
type messageKey struct {
	recipient, campaign slot
	channel             string
	byAddress           bool
}

// markDuplicates marks every row but the first of each message, in file order,
// whatever becomes of the first. The recipient is the address where the channel
// has one, else the profile. Rows that name a campaign are compared across the
// lists of the job, others within their list; rows without a recipient are not
// compared.
func (r *recipients) markDuplicates(l *listRows, list *List, campaign []slot, campaigns map[messageKey]struct{}) {
	ids, known := l.people, r.people
	if l.addresses != nil {
		ids, known = l.addresses, r.addresses[list.Kind]
	}
	l.duplicate = make([]uint64, (len(ids)+63)/64)
	within := make([]uint64, (known.len()+63)/64)
	for row, id := range ids {
		if id == noSlot || id == malformedSlot {
			continue
		}
		var again bool
		if campaign != nil && campaign[row] != noSlot {
			k := messageKey{id, campaign[row], list.Channel, l.addresses != nil}
			_, again = campaigns[k]
			campaigns[k] = struct{}{}
		} else {
			again = within[id>>6]&(1<<(id&63)) != 0
			within[id>>6] |= 1 << (id & 63)
		}
		if again {
			l.duplicate[row>>6] |= 1 << (row & 63)
		}
	}
}
