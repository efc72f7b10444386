package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/pipeline/identity"
)

// prober finds the planned recipients that the rows of a snapshot are about. It
// belongs to one worker.
type prober struct {
	keys       KeyColumns
	index      *index
	normalizer *identity.Normalizer
	batch      keyBatch
	hits       []hit
}

// hit is a row of a record that is about a planned recipient.
type hit struct {
	row  int32
	slot slot
}

func newProber(keys KeyColumns, r *recipients, n *identity.Normalizer) *prober {
	x := r.people
	if keys.Kind != identity.None {
		x = r.addresses[keys.Kind]
	}
	return &prober{keys: keys, index: x, normalizer: n}
}

// probe returns the hits of a record, in the order of its rows. They are valid
// until the next call.
func (p *prober) probe(record arrow.Record) ([]hit, error) {
	var err error
	b := &p.batch
	if p.keys.Entries != nil {
		b.reset()
		err = p.eachEntry(record, func(row int, raw []byte) {
			b.add(int32(row), raw, p.normalizer, p.keys.Kind, &p.index.hasher)
		})
	} else if p.keys.Column == NoColumn {
		b.reset()
		err = p.eachMapped(record, func(row int, raw []byte) {
			b.add(int32(row), raw, p.normalizer, p.keys.Kind, &p.index.hasher)
		})
	} else {
		err = b.read(record.Column(p.keys.Column), p.normalizer, p.keys.Kind, &p.index.hasher)
	}
	if err != nil {
		return nil, err
	}
	p.hits = p.hits[:0]
	for i, s := range p.index.lookupAll(b) {
		if s != noSlot {
			p.hits = append(p.hits, hit{b.rows[i], s})
		}
	}
	return p.hits, nil
}

// eachID calls do with every id that the wanted rows of a record have in their key, in
// the order of the rows. The id is valid until do returns. A row is asked for before its
// id is looked at: that of a UUID is made text.
func (p *prober) eachID(record arrow.Record, wanted func(row int) bool, do func(row int, raw []byte)) error {
	if p.keys.Column == NoColumn {
		return p.eachMapped(record, func(row int, raw []byte) {
			if wanted(row) {
				do(row, raw)
			}
		})
	}
	ids, err := newTexts(record.Column(p.keys.Column))
	if err != nil {
		return err
	}
	for row := range int(record.NumRows()) {
		if !wanted(row) {
			continue
		}
		if raw := ids.at(row); raw != nil {
			do(row, raw)
		}
	}
	return nil
}

// eachEntry calls do with every key that a row's list has.
func (p *prober) eachEntry(record arrow.Record, do func(row int, raw []byte)) error {
	keys, err := newEntries(record, *p.keys.Entries)
	if err != nil {
		return err
	}
	for row := range int(record.NumRows()) {
		for i, end := keys.row(row); i < end; i++ {
			if keys.present(i) {
				do(row, keys.text(i))
			}
		}
	}
	return nil
}

// eachMapped calls do with every id that a row's identity map has in the
// namespace.
func (p *prober) eachMapped(record arrow.Record, do func(row int, raw []byte)) error {
	names, err := newEntries(record, p.keys.Namespaces)
	if err != nil {
		return err
	}
	ids, err := newEntries(record, p.keys.IDs)
	if err != nil {
		return err
	}
	for row := range int(record.NumRows()) {
		name, end := names.row(row)
		id, last := ids.row(row)
		inNamespace, first := false, true
		for ; id < last; id++ {
			// An id of repetition level 1 or less starts the next namespace.
			if ids.rep(id) <= 1 {
				if !first {
					name++
				}
				first = false
				if name >= end {
					return errMisaligned
				}
				inNamespace = strings.EqualFold(string(names.text(name)), p.keys.Namespace)
			}
			if inNamespace && ids.present(id) {
				do(row, ids.text(id))
			}
		}
		if !first && name != end-1 {
			return errMisaligned
		}
	}
	return nil
}

var errMisaligned = errors.New("a map's keys and values do not belong together: the file is damaged")

// entries reads a repeated column: lists of Struct{level, value}, as the
// readers make them.
type entries struct {
	offsets []int32
	levels  []uint16
	values  arrow.Array
	texts   *texts
	times   func(int) int64
	full    uint16 // definition level of a present value
}

func newEntries(record arrow.Record, m MapColumn) (*entries, error) {
	list, ok := record.Column(m.Column).(*array.List)
	if !ok {
		return nil, fmt.Errorf("column %s is %s, not a list of entries", record.ColumnName(m.Column), record.Column(m.Column).DataType())
	}
	fields := list.ListValues().(*array.Struct)
	e := &entries{
		offsets: list.Offsets()[list.Offset():][:list.Len()+1],
		levels:  fields.Field(0).(*array.Uint16).Uint16Values(),
		values:  fields.Field(1),
		full:    uint16(m.MaxDefinition),
	}
	var err error
	if id := e.values.DataType().ID(); id == arrow.TIMESTAMP || id == arrow.DATE32 {
		e.times, err = newTimes(e.values)
	} else {
		e.texts, err = newTexts(e.values)
	}
	return e, err
}

// row returns the entries of a row as a half-open range. A row whose list or
// map is null or empty has one entry, which is not present.
func (e *entries) row(i int) (start, end int) { return int(e.offsets[i]), int(e.offsets[i+1]) }

// all returns the entries of all rows as a half-open range.
func (e *entries) all() (start, end int) { return int(e.offsets[0]), int(e.offsets[len(e.offsets)-1]) }

// rep is the repetition level of an entry: 0 where it starts its row.
func (e *entries) rep(i int) uint16 { return e.levels[i] >> 8 }

// present reports whether an entry has a value.
func (e *entries) present(i int) bool { return e.levels[i]&0xFF == e.full }

func (e *entries) text(i int) []byte { return e.texts.at(i) }
