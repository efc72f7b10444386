package pipeline

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

func (w *world) profileTable(c cutting, mem memory.Allocator) Table {
	return newTable(c, len(w.profiles), func(from, to int) arrow.Record {
		flag := array.NewBooleanBuilder(mem)
		defer flag.Release()
		column := func(get func(profileRow) string) arrow.Array {
			return textArray(mem, c.dictionary, from, to, func(i int) string { return get(w.profiles[i]) })
		}
		for _, r := range w.profiles[from:to] {
			if r.erased {
				flag.Append(true)
			} else if from%2 == 0 {
				flag.Append(false)
			} else {
				flag.AppendNull()
			}
		}
		return record(to-from,
			idArray(mem, c.dictionary, c.nativeInput, from, to, func(i int) string { return w.profiles[i].id }),
			column(func(r profileRow) string { return r.country }), flag.NewArray(),
			column(func(r profileRow) string { return r.email }))
	})
}

func (w *world) inputTable(in *testInput, c cutting, mem memory.Allocator) Table {
	return newTable(c, len(in.rows), func(from, to int) arrow.Record {
		rows := in.rows[from:to]
		column := func(get func(*consentRow) string) arrow.Array {
			return textArray(mem, c.dictionary, 0, len(rows), func(i int) string { return get(&rows[i]) })
		}
		e := newEntryColumns(mem)
		for i := range rows {
			e.addIdentities(rows[i].identities)
			e.addSubscriptions(rows[i].subscriptions)
			e.addIDs(rows[i].ids)
		}
		return record(len(rows), append([]arrow.Array{
			idArray(mem, c.dictionary, c.nativeInput && !in.by.address(), 0, len(rows), func(i int) string { return rows[i].id }),
			column(func(r *consentRow) string { return r.any }), column(func(r *consentRow) string { return r.email }),
			column(func(r *consentRow) string { return r.mail }), column(func(r *consentRow) string { return r.personalize }),
			column(func(r *consentRow) string { return r.share }),
			timeArray(mem, len(rows), func(i int) int64 { return rows[i].time }),
			timeArray(mem, len(rows), func(i int) int64 { return rows[i].emailTime }),
		}, append(e.arrays(), timeArray(mem, len(rows), func(i int) int64 {
			if rows[i].emailEnd == 0 {
				return consent.NoTime
			}
			return rows[i].emailEnd
		}))...)...)
	})
}

// keyTable has the key columns of a list. A mail list may have addresses, which
// are nobody's business.
func (w *world) keyTable(l *testList, c cutting, mem memory.Allocator) Table {
	return newTable(c, len(l.rows), func(from, to int) arrow.Record {
		column := func(get func(listRow) string) arrow.Array {
			return textArray(mem, c.dictionary, from, to, func(i int) string { return get(l.rows[i]) })
		}
		return record(to-from,
			idArray(mem, c.dictionary, c.nativeList, from, to, func(i int) string { return l.rows[i].profile }),
			column(func(r listRow) string { return r.address }), column(func(r listRow) string { return r.campaign }),
			timeArray(mem, to-from, func(i int) int64 {
				if at := l.rows[from+i].at; at != 0 {
					return at
				}
				return consent.NoTime
			}))
	})
}

// rowTable has a list whole: the number of each row, a name, and its keys.
func (l *testList) rowTable(c cutting, mem memory.Allocator) Table {
	return newTable(c, len(l.rows), func(from, to int) arrow.Record {
		return record(to-from,
			textArray(mem, false, from, to, strconv.Itoa),
			textArray(mem, false, from, to, func(i int) string { return "name " + strconv.Itoa(i) }),
			textArray(mem, c.dictionary, from, to, func(i int) string { return l.rows[i].profile }),
			textArray(mem, c.dictionary, from, to, func(i int) string { return l.rows[i].address }))
	})
}

// isKey reports whether a column is one of the keys of a rowTable, which outputs
// of tests leave out.
func isKey(name string) bool { return name == "c" || name == "d" }

// entryColumns builds the repeated columns of a snapshot.
type entryColumns struct {
	namespaces, ids, emails, times, personal, share *entryBuilder // of identities
	lists, vals                                     *entryBuilder // of subscriptions
	keyNamespaces, keys                             *entryBuilder // of the identity map
}

func newEntryColumns(mem memory.Allocator) *entryColumns {
	text := func() *entryBuilder { return newEntryBuilder(mem, arrow.BinaryTypes.String) }
	return &entryColumns{
		text(), text(), text(), newEntryBuilder(mem, arrow.FixedWidthTypes.Timestamp_us), text(), text(),
		text(), text(), text(), text(),
	}
}

func (e *entryColumns) arrays() (all []arrow.Array) {
	for _, b := range []*entryBuilder{e.namespaces, e.ids, e.emails, e.times, e.personal, e.share, e.lists, e.vals, e.keyNamespaces, e.keys} {
		all = append(all, b.array())
	}
	return all
}

// addIdentities writes a map of namespaces to maps of ids as its leaves stand
// in Parquet: consecutive rows of one namespace share its map.
func (e *entryColumns) addIdentities(rows []identityRow) {
	each := []*entryBuilder{e.namespaces, e.ids, e.emails, e.times, e.personal, e.share}
	for _, b := range each {
		b.row()
		if len(rows) == 0 {
			b.add(0, 1, null, 99)
		}
	}
	for i, r := range rows {
		rep := 2
		switch {
		case i == 0:
			rep = 0
		case rows[i-1].namespace != r.namespace:
			rep = 1
		}
		if rep < 2 {
			e.namespaces.add(rep, 2, r.namespace, 2)
		}
		e.ids.add(rep, 4, r.id, 4)
		e.emails.add(rep, 5, r.email, 5)
		e.times.addTime(rep, 5, r.time, 5)
		e.personal.add(rep, 5, r.personalize, 5)
		e.share.add(rep, 5, r.share, 5)
	}
}

func (e *entryColumns) addSubscriptions(rows []subscriptionRow) {
	e.lists.row()
	e.vals.row()
	if len(rows) == 0 {
		e.lists.add(0, 1, null, 2)
		e.vals.add(0, 1, null, 3)
	}
	for i, r := range rows {
		e.lists.add(min(i, 1), 2, r.list, 2)
		e.vals.add(min(i, 1), 3, r.val, 3)
	}
}

func (e *entryColumns) addIDs(ids []mappedID) {
	e.keyNamespaces.row()
	e.keys.row()
	if len(ids) == 0 {
		e.keyNamespaces.add(0, 1, null, 2)
		e.keys.add(0, 1, null, 4)
	}
	for i, m := range ids {
		rep := 2
		switch {
		case i == 0:
			rep = 0
		case ids[i-1].namespace != m.namespace:
			rep = 1
		}
		if rep < 2 {
			e.keyNamespaces.add(rep, 2, m.namespace, 2)
		}
		e.keys.add(rep, 4, m.id, 4)
	}
}

// entryBuilder builds a column of Parquet entries.
type entryBuilder struct{ *array.ListBuilder }

func newEntryBuilder(mem memory.Allocator, value arrow.DataType) *entryBuilder {
	return &entryBuilder{array.NewListBuilder(mem, arrow.StructOf(
		arrow.Field{Name: "level", Type: arrow.PrimitiveTypes.Uint16},
		arrow.Field{Name: "value", Type: value, Nullable: true}))}
}

func (b *entryBuilder) row() { b.Append(true) }

func (b *entryBuilder) add(rep, def int, value string, full int) {
	s := b.ValueBuilder().(*array.StructBuilder)
	s.Append(true)
	if value == null {
		def = min(def, full-1)
		s.FieldBuilder(1).AppendNull()
	} else {
		s.FieldBuilder(1).(*array.StringBuilder).Append(value)
	}
	s.FieldBuilder(0).(*array.Uint16Builder).Append(uint16(rep<<8 | def))
}

func (b *entryBuilder) addTime(rep, def int, at int64, full int) {
	if at == consent.NoTime {
		b.add(rep, def, null, full)
		return
	}
	s := b.ValueBuilder().(*array.StructBuilder)
	s.Append(true)
	s.FieldBuilder(0).(*array.Uint16Builder).Append(uint16(rep<<8 | def))
	s.FieldBuilder(1).(*array.TimestampBuilder).Append(arrow.Timestamp(epoch + at))
}

func (b *entryBuilder) array() arrow.Array {
	defer b.Release()
	return b.NewArray()
}

func timeArray(mem memory.Allocator, n int, at func(i int) int64) arrow.Array {
	b := array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Microsecond})
	defer b.Release()
	for i := range n {
		if t := at(i); t == consent.NoTime {
			b.AppendNull()
		} else {
			b.Append(arrow.Timestamp(epoch + t))
		}
	}
	return b.NewArray()
}

// idArray is a column of profile ids: as UUIDs or numbers where it may come so
// and all of them are.
func idArray(mem memory.Allocator, dictionary, native bool, from, to int, at func(i int) string) arrow.Array {
	all := func(is func(string) bool) bool {
		for i := from; i < to; i++ {
			if id := at(i); id != null && !is(id) {
				return false
			}
		}
		return native
	}
	switch {
	case all(isUUIDText):
		b := array.NewFixedSizeBinaryBuilder(mem, &arrow.FixedSizeBinaryType{ByteWidth: 16})
		defer b.Release()
		for i := from; i < to; i++ {
			if id := at(i); id == null {
				b.AppendNull()
			} else {
				raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
				if err != nil {
					panic(fmt.Sprintf("id %q of a world: %v", id, err))
				}
				b.Append(raw)
			}
		}
		return b.NewArray()
	case all(isNumber):
		b := array.NewInt64Builder(mem)
		defer b.Release()
		for i := from; i < to; i++ {
			if n, err := strconv.ParseInt(at(i), 10, 64); err != nil {
				b.AppendNull()
			} else {
				b.Append(n)
			}
		}
		return b.NewArray()
	}
	return textArray(mem, dictionary, from, to, at)
}

func textArray(mem memory.Allocator, dictionary bool, from, to int, at func(i int) string) arrow.Array {
	b := array.NewStringBuilder(mem)
	defer b.Release()
	codes := array.NewInt32Builder(mem)
	defer codes.Release()
	var words []string
	for i := from; i < to; i++ {
		switch text := at(i); {
		case text == null:
			codes.AppendNull()
			if !dictionary {
				b.AppendNull()
			}
		case !dictionary:
			b.Append(text)
		default:
			k := slices.Index(words, text)
			if k < 0 {
				k = len(words)
				words = append(words, text)
				b.Append(text)
			}
			codes.Append(int32(k))
		}
	}
	plain := b.NewArray()
	if !dictionary {
		return plain
	}
	defer plain.Release()
	indices := codes.NewArray()
	defer indices.Release()
	return array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, indices, plain)
}

func textTable(c cutting, mem memory.Allocator, n int, at func(i int) []string) Table {
	return newTable(c, n, func(from, to int) arrow.Record {
		columns := make([]arrow.Array, len(at(0)))
		for k := range columns {
			columns[k] = textArray(mem, c.dictionary, from, to, func(i int) string { return at(i)[k] })
		}
		return record(to-from, columns...)
	})
}

func record(rows int, columns ...arrow.Array) arrow.Record {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: string(rune('a' + i)), Type: c.DataType(), Nullable: true}
	}
	r := array.NewRecord(arrow.NewSchema(fields, nil), columns, int64(rows))
	for _, c := range columns {
		c.Release()
	}
	return r
}

// newTable cuts n rows into parts and records.
func newTable(c cutting, n int, build func(from, to int) arrow.Record) Table {
	var t Table
	for from := 0; from < n; from += c.part {
		t.Parts = append(t.Parts, Part{FirstRow: int64(from), Rows: int64(min(c.part, n-from))})
	}
	t.Open = func(part int) (Source, error) {
		p := t.Parts[part]
		s := &testSource{next: int(p.FirstRow), end: int(p.FirstRow + p.Rows), batch: c.batch, build: build}
		if c.sliced {
			s.build = func(from, to int) arrow.Record { return slicedRecord(build, from, to, n) }
		}
		return s, nil
	}
	return t
}

// slicedRecord is a record in the middle of a larger one.
func slicedRecord(build func(from, to int) arrow.Record, from, to, n int) arrow.Record {
	first := max(from-2, 0)
	r := build(first, min(to+1, n))
	defer r.Release()
	return r.NewSlice(int64(from-first), int64(to-first))
}

type testSource struct {
	next, end, batch int
	build            func(from, to int) arrow.Record
}

func (s *testSource) Next(context.Context) (arrow.Record, error) {
	if s.next == s.end {
		return nil, io.EOF
	}
	to := min(s.next+s.batch, s.end)
	r := s.build(s.next, to)
	s.next = to
	return r, nil
}

func (s *testSource) Close() error { return nil }
