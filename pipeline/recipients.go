package pipeline

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
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
	seen := newMessages()
	for i := range p.Lists {
		l := &p.Lists[i]
		rows, campaign, err := r.readList(ctx, p, l, campaigns)
		if err != nil {
			return nil, fmt.Errorf("read send list %s: %w", l.Name, err)
		}
		if l.DropDuplicates {
			r.markDuplicates(&rows, l, campaign, seen)
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
	address := l.Address
	if l.Kind == identity.None {
		address = NoColumn // the channel has none: whatever the column holds is nobody's key
	}
	rows.people, rows.addresses, campaign = column(l.Profile), column(address), column(l.Campaign)
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
				return keys.number(x, into[row:])
			}
			if err := number(l.Profile, r.people, identity.None, rows.people); err != nil {
				return err
			}
			if err := number(address, r.addresses[l.Kind], l.Kind, rows.addresses); err != nil {
				return err
			}
			if err := number(l.Campaign, campaigns, identity.None, campaign); err != nil {
				return err
			}
			if l.SendAt != NoColumn {
				if err := readTimes(record.Column(l.SendAt), rows.sendAt[row:]); err != nil {
					return err
				}
			}
			p.progress(StageRecipients, record.NumRows())
			return nil
		}
	})
	return rows, campaign, err
}

// readTimes reads times of sending, consent.NoTime for null. A value that cannot
// be a time is later than every other: whatever ages has expired then (ours).
func readTimes(column arrow.Array, into []int64) error {
	at, err := newTimes(column)
	if err != nil {
		return err
	}
	for i := range column.Len() {
		if into[i] = at(i); into[i] == consent.NoTime && column.IsValid(i) {
			into[i] = math.MaxInt64
		}
	}
	return nil
}

// number writes the slots of a batch into those of its rows.
func (b *keyBatch) number(x *index, into []slot) error {
	slots, err := x.internAll(b)
	if err != nil {
		return err
	}
	for row, status := range b.status {
		into[row] = noSlot
		if status == identity.Malformed {
			into[row] = malformedSlot
		}
	}
	for i, row := range b.rows {
		into[row] = slots[i]
	}
	return nil
}
