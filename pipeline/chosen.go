package pipeline

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/identity"
)

// A PlannedRow is a row of a send list by its number.
type PlannedRow struct {
	List string
	Row  int64
}

// chosen is a few rows of the lists of a plan, and all others that are about the
// same people or addresses: what may decide about the few.
type chosen struct {
	lists       []List    // with nothing but those rows
	rows        [][]int64 // of each list, their numbers in the whole list
	duplicateOf map[PlannedRow]PlannedRow
}

// choose reads the keys of all lists twice: for whom the asked rows are about, and
// for every row that is about one of them.
func (p *Plan) choose(ctx context.Context, asked [][]int64) (*chosen, error) {
	people, addresses := map[string]bool{}, map[addressKey]bool{}
	err := p.eachListKey(ctx, func(i int, row int64, person, address, _ []byte) {
		if _, is := slices.BinarySearch(asked[i], row); !is {
			return
		}
		if person != nil {
			people[string(person)] = true
		}
		if address != nil {
			addresses[addressKey{p.Lists[i].Kind, string(address)}] = true
		}
	})
	if err != nil {
		return nil, err
	}
	c := &chosen{rows: make([][]int64, len(p.Lists)), duplicateOf: map[PlannedRow]PlannedRow{}}
	first := map[plannedMessage]PlannedRow{}
	err = p.eachListKey(ctx, func(i int, row int64, person, address, campaign []byte) {
		l := &p.Lists[i]
		_, is := slices.BinarySearch(asked[i], row)
		if !is && !people[string(person)] && !addresses[addressKey{l.Kind, string(address)}] {
			return
		}
		c.rows[i] = append(c.rows[i], row)
		if m, has := l.message(person, address, campaign); has {
			if _, again := first[m]; again {
				c.duplicateOf[PlannedRow{l.Name, row}] = first[m]
			} else {
				first[m] = PlannedRow{l.Name, row}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range p.Lists {
		l := p.Lists[i]
		l.Keys = l.Keys.only(c.rows[i])
		c.lists = append(c.lists, l)
	}
	return c, nil
}

type addressKey struct {
	kind identity.Kind
	text string
}

// eachListKey calls each with the keys of every row of every list.
func (p *Plan) eachListKey(ctx context.Context, each func(list int, row int64, person, address, campaign []byte)) error {
	for i := range p.Lists {
		l := &p.Lists[i]
		columns := []keyColumn{{l.Profile, identity.None}, addressColumn(l.Address, l.Kind), {l.Campaign, identity.None}}
		err := eachKey(ctx, l.Keys, p.Normalizer, columns, func(row int64, keys [][]byte) error {
			each(i, row, keys[0], keys[1], keys[2])
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// plannedMessage is what two rows have in common of which the second is a
// duplicate: see markDuplicates.
type plannedMessage struct {
	list, campaign string // one of them
	channel        string
	byAddress      bool
	recipient      string
}

func (l *List) message(person, address, campaign []byte) (m plannedMessage, has bool) {
	m = plannedMessage{channel: l.Channel, byAddress: l.Address != NoColumn && l.Kind != identity.None}
	recipient := person
	if m.byAddress {
		recipient = address
	}
	if m.recipient = string(recipient); campaign != nil {
		m.campaign = string(campaign)
	} else {
		m.list = l.Name
	}
	return m, l.DropDuplicates && recipient != nil
}

// only is the table without all rows but these, which are sorted.
func (t Table) only(rows []int64) Table {
	var some Table
	var of []int       // parts of t
	var kept [][]int64 // of each, its rows counted from its first
	for number, part := range t.Parts {
		first, _ := slices.BinarySearch(rows, part.FirstRow)
		last, _ := slices.BinarySearch(rows, part.FirstRow+part.Rows)
		if first == last {
			continue
		}
		some.Parts = append(some.Parts, Part{FirstRow: int64(first), Rows: int64(last - first)})
		of = append(of, number)
		var within []int64
		for _, row := range rows[first:last] {
			within = append(within, row-part.FirstRow)
		}
		kept = append(kept, within)
	}
	some.Open = func(part int) (Source, error) {
		from, err := t.Open(of[part])
		if err != nil {
			return nil, err
		}
		return &someRows{from: from, rows: kept[part]}, nil
	}
	return some
}

// someRows is a source of which only some rows are looked at, each as a record.
type someRows struct {
	from   Source
	rows   []int64      // that are left
	record arrow.Record // of from, nil for none
	first  int64        // its first row
}

// Next returns the next row: see Source.
func (s *someRows) Next(ctx context.Context) (arrow.Record, error) {
	if len(s.rows) == 0 {
		return nil, io.EOF
	}
	for s.record == nil || s.rows[0] >= s.first+s.record.NumRows() {
		s.drop()
		record, err := s.from.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		s.record = record
	}
	at := s.rows[0] - s.first
	s.rows = s.rows[1:]
	return s.record.NewSlice(at, at+1), nil
}

// drop gives up the record, and counts its rows.
func (s *someRows) drop() {
	if s.record != nil {
		s.first += s.record.NumRows()
		s.record.Release()
		s.record = nil
	}
}

// Close closes the source that the rows come from.
func (s *someRows) Close() error {
	s.drop()
	return s.from.Close()
}
