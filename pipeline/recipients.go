package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// recipients is every planned row of a partition, by its keys. A row costs eight
// bytes, a distinct person or address what an index takes.
type recipients struct {
	part      partition
	people    *index
	addresses [numKinds]*index // by kind of address
	lists     []listRows
}

// numKinds is the number of kinds of addresses, none included.
const numKinds = int(identity.Token) + 1

// listRows is the rows of one list that are in the partition, in file order.
type listRows struct {
	numbers   []uint32 // of the rows; nil where the partition has all of them
	people    []slot   // a slot a row, or noSlot
	addresses []slot   // a slot a row, noSlot or malformedSlot; nil where the list has no address
	campaign  []slot   // a slot a row, or noSlot; dropped once duplicates are marked
	sendAt    moments
	duplicate []uint64 // a bit a row
}

// len is the number of rows.
func (l *listRows) len() int {
	if l.people != nil {
		return len(l.people)
	}
	return len(l.addresses)
}

// number is the number in the list of row i.
func (l *listRows) number(i int64) int64 {
	if l.numbers == nil {
		return i
	}
	return int64(l.numbers[i])
}

func (l *listRows) isDuplicate(row int64) bool {
	return l.duplicate != nil && l.duplicate[row>>6]&(1<<(row&63)) != 0
}

// readRecipients reads the keys of every list.
func readRecipients(ctx context.Context, p *Plan, part partition, h *hashers) (*recipients, error) {
	r := &recipients{part: part, people: newIndex(h.people)}
	for k := range r.addresses {
		r.addresses[k] = newIndex(h.addresses[k])
	}
	campaigns := newIndex(h.campaigns)
	seen := newMessages()
	for i := range p.Lists {
		l := &p.Lists[i]
		rows, err := r.readList(ctx, p, l, campaigns)
		if err != nil {
			if wrong := (*TimeError)(nil); errors.As(err, &wrong) {
				wrong.Stage, wrong.Input = StageRecipients, i
			}
			return nil, fmt.Errorf("read send list %s: %w", l.Name, err)
		}
		if l.DropDuplicates {
			r.markDuplicates(&rows, l, rows.campaign, seen)
		}
		rows.campaign = nil
		r.lists = append(r.lists, rows)
	}
	return r, nil
}

// readList normalises the keys of a list, in parallel, and numbers them, one
// worker at a time in each index. Each part of the list is read by one worker, in order.
func (r *recipients) readList(ctx context.Context, p *Plan, l *List, campaigns *index) (listRows, error) {
	if l.Keys.NumRows() > math.MaxUint32 {
		return listRows{}, errLongList
	}
	// Lists of a job are mostly about the same people, so that room for one is about
	// enough for all.
	keys := int(l.Keys.NumRows()) / int(r.part.of)
	if l.Profile != NoColumn {
		r.people.reserve(keys)
	}
	if l.Address != NoColumn && l.Kind != identity.None {
		r.addresses[l.Kind].reserve(keys)
	}
	parts := make([]listRows, len(l.Keys.Parts))
	err := scanParts(ctx, l.Keys, p.Threads, func() func(int, int64, arrow.Record) error {
		w := &listReader{recipients: r, plan: p, list: l, campaigns: campaigns}
		return func(part int, row int64, record arrow.Record) error {
			p.progress(StageRecipients, record.NumRows())
			return w.read(&parts[part], part, row, record)
		}
	})
	if err != nil {
		return listRows{}, err
	}
	return joinRows(parts), nil
}

var errLongList = errors.New("more than four thousand million rows; split the list")

// joinRows puts the parts of a list one behind the other, and gives up each as
// soon as it is copied.
func joinRows(parts []listRows) (all listRows) {
	if len(parts) == 1 {
		return parts[0]
	}
	all.numbers = joinColumn(parts, func(l *listRows) *[]uint32 { return &l.numbers })
	all.people = joinColumn(parts, func(l *listRows) *[]slot { return &l.people })
	all.addresses = joinColumn(parts, func(l *listRows) *[]slot { return &l.addresses })
	all.campaign = joinColumn(parts, func(l *listRows) *[]slot { return &l.campaign })
	all.sendAt = joinMoments(parts)
	return all
}

func joinColumn[T any](parts []listRows, column func(*listRows) *[]T) []T {
	n := 0
	for i := range parts {
		n += len(*column(&parts[i]))
	}
	if n == 0 {
		return nil
	}
	all := make([]T, 0, n)
	for i := range parts {
		c := column(&parts[i])
		all = append(all, *c...)
		*c = nil
	}
	return all
}

// listReader reads records of one list. It belongs to one worker.
type listReader struct {
	recipients *recipients
	plan       *Plan
	list       *List
	campaigns  *index

	person, address, campaign keyBatch
	mine                      []bool // rows of the record that are in the partition
}

// read appends to rows those of a record that are in the partition.
func (w *listReader) read(rows *listRows, part int, first int64, record arrow.Record) error {
	r, l := w.recipients, w.list
	address := l.Address
	if l.Kind == identity.None {
		address = NoColumn // the channel has none: whatever the column holds is nobody's key
	}
	columns := []struct {
		column int
		batch  *keyBatch
		index  *index
		kind   identity.Kind
		into   *[]slot
	}{
		{l.Profile, &w.person, r.people, identity.None, &rows.people},
		{address, &w.address, r.addresses[l.Kind], l.Kind, &rows.addresses},
		{l.Campaign, &w.campaign, w.campaigns, identity.None, &rows.campaign},
	}
	for _, c := range columns {
		if c.column == NoColumn {
			continue
		}
		if err := c.batch.read(record.Column(c.column), w.plan.Normalizer, c.kind, &c.index.hasher); err != nil {
			return err
		}
	}
	room := int(w.list.Keys.Parts[part].Rows)
	if of := int(r.part.of); of > 1 {
		room = room/of*9/8 + 64 // partitions are of about one size
	}
	mine := w.choose(rows, first, int(record.NumRows()), address != NoColumn)
	for _, c := range columns {
		if c.column == NoColumn {
			continue
		}
		if *c.into == nil {
			*c.into = make([]slot, 0, room)
		}
		if err := c.batch.number(c.index, mine, c.into); err != nil {
			return err
		}
	}
	if l.SendAt == NoColumn {
		return nil
	}
	if rows.sendAt.len() == 0 {
		rows.sendAt.seconds = make([]uint32, 0, room)
	}
	return rows.sendAt.appendColumn(record, l.SendAt, first, mine)
}

// choose says which rows are in the partition, nil for all, and notes their
// numbers. A row without a key that could be anybody's is in the first.
func (w *listReader) choose(rows *listRows, first int64, n int, byAddress bool) []bool {
	part := w.recipients.part
	if part.of == 1 {
		return nil
	}
	keys, h := &w.person, &w.recipients.people.hasher
	if byAddress {
		keys, h = &w.address, &w.recipients.addresses[w.list.Kind].hasher
	}
	w.mine = growTo(w.mine, n)
	for i := range w.mine {
		w.mine[i] = part.number == 0
	}
	for i, row := range keys.rows {
		w.mine[row] = part.has(h.hash(&keys.keys[i]))
	}
	for i, mine := range w.mine {
		if mine {
			rows.numbers = append(rows.numbers, uint32(first)+uint32(i))
		}
	}
	return w.mine
}

// number appends the slots of a batch to those of its rows that are mine.
func (b *keyBatch) number(x *index, mine []bool, into *[]slot) error {
	x.filling.Lock()
	defer x.filling.Unlock()
	if mine != nil {
		b.keep(mine)
	}
	slots, err := x.internAll(b)
	if err != nil {
		return err
	}
	next := 0
	for row, status := range b.status {
		if mine != nil && !mine[row] {
			continue
		}
		s := noSlot
		switch status {
		case identity.Valid:
			s = slots[next]
			next++
		case identity.Malformed:
			s = malformedSlot
		}
		*into = append(*into, s)
	}
	return nil
}

// keep leaves only the keys of rows that are mine.
func (b *keyBatch) keep(mine []bool) {
	n := 0
	for i, row := range b.rows {
		if mine[row] {
			b.keys[n], b.rows[n] = b.keys[i], row
			n++
		}
	}
	b.keys, b.rows = b.keys[:n], b.rows[:n]
}
