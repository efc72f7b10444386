package pipeline

import (
	"crypto/sha256"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// LedgerSchema is the Arrow schema of a ledger: one row for every refused
// recipient, and for every kept one where the job asks for it.
func LedgerSchema() *arrow.Schema {
	text := arrow.BinaryTypes.String
	field := func(name string, typ arrow.DataType, nullable bool) arrow.Field {
		return arrow.Field{Name: name, Type: typ, Nullable: nullable}
	}
	return arrow.NewSchema([]arrow.Field{
		field("run_id", wordType, false),
		field("list", wordType, false),
		field("channel", wordType, false),
		field("row", arrow.PrimitiveTypes.Int64, false), // of the send list, from zero
		field("profile_id", text, true),
		field("address_hash", text, true), // hex; null where there is no usable address
		field("decision", wordType, false),
		field("reason", wordType, true),
		field("reasons", arrow.ListOf(wordType), false), // the most severe first
		field("source", wordType, true),                 // the input whose record decided
		field("field", wordType, true),
		field("value", wordType, true),
		field("effective_at", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, true),
	}, nil)
}

// ledger builds ledger records. It belongs to one worker.
type ledger struct {
	plan   *Plan
	list   *List
	schema *arrow.Schema
	mem    memory.Allocator
	hasher *identity.Hasher
	text   []byte
	hex    []byte
	sorted []consent.Reason
	rows   int

	runID, name, channel, decision, reason *wordBuilder
	source, field, value                   *wordBuilder
	reasons                                *wordBuilder
	reasonsEnd                             *array.Int32Builder // of each row in reasons
	row                                    *array.Int64Builder
	profile, address                       *array.StringBuilder
	effective                              *array.TimestampBuilder
}

func newLedger(p *Plan, list *List) *ledger {
	mem := p.Memory
	l := &ledger{
		plan: p, list: list, schema: LedgerSchema(), mem: mem, hasher: identity.NewHasher(p.HashKey),
		row: array.NewInt64Builder(mem), profile: array.NewStringBuilder(mem), address: array.NewStringBuilder(mem),
		reasonsEnd: array.NewInt32Builder(mem),
		effective:  array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}),
	}
	for _, b := range l.words() {
		*b = newWordBuilder(mem)
	}
	return l
}

func (l *ledger) words() []**wordBuilder {
	return []**wordBuilder{
		&l.runID, &l.name, &l.channel, &l.decision, &l.reason, &l.source, &l.field, &l.value, &l.reasons,
	}
}

func (l *ledger) release() {
	for _, b := range l.words() {
		(*b).release()
	}
	for _, b := range []array.Builder{l.reasonsEnd, l.row, l.profile, l.address, l.effective} {
		b.Release()
	}
}

// reserve makes room for so many rows.
func (l *ledger) reserve(rows int) {
	for _, b := range []array.Builder{l.reasonsEnd, l.row, l.profile, l.address, l.effective} {
		b.Reserve(rows + 1)
	}
	l.profile.ReserveData(rows * uuidText)
	l.address.ReserveData(rows * 2 * sha256.Size)
	for _, b := range l.words() {
		(*b).codes.Reserve(rows)
	}
}

// record returns the rows added since the last call, of which there must be
// some.
func (l *ledger) record() arrow.Record {
	columns := []arrow.Array{
		l.runID.newArray(), l.name.newArray(), l.channel.newArray(), l.row.NewArray(), l.profile.NewArray(), l.address.NewArray(),
		l.decision.newArray(), l.reason.newArray(), l.reasonLists(), l.source.newArray(), l.field.newArray(), l.value.newArray(),
		l.effective.NewArray(),
	}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	rows := l.rows
	l.rows = 0
	return array.NewRecord(l.schema, columns, int64(rows))
}

func (l *ledger) reasonLists() arrow.Array {
	values, ends := l.reasons.newArray(), l.reasonsEnd.NewInt32Array()
	defer values.Release()
	defer ends.Release()
	data := array.NewData(arrow.ListOf(wordType), l.rows, []*memory.Buffer{nil, ends.Data().Buffers()[1]}, []arrow.ArrayData{values.Data()}, 0, 0)
	defer data.Release()
	return array.NewListData(data)
}

// add writes a row, which is number i of a record, with the evidence for its
// primary reason.
func (l *ledger) add(row int64, d decided, e evidence, keys *rowKeys, i int) {
	if l.rows == 0 {
		l.reasonsEnd.Append(0)
	}
	l.rows++
	l.runID.append(l.plan.RunID)
	l.name.append(l.list.Name)
	l.channel.append(l.list.Channel)
	l.row.Append(row)
	var ok bool
	if l.text, ok = keys.appendProfile(l.text[:0], i); ok {
		l.profile.BinaryBuilder.Append(l.text)
	} else {
		l.profile.AppendNull()
	}
	if l.text, ok = keys.appendAddress(l.text[:0], i); ok {
		l.hex = l.hasher.AppendHex(l.hex[:0], l.text)
		l.address.BinaryBuilder.Append(l.hex)
	} else {
		l.address.AppendNull()
	}
	l.decision.append(d.decision().String())
	reasons, reason := d.why(), ""
	if reasons != 0 {
		reason = reasons.Primary().String()
	}
	l.reason.append(reason)
	l.sorted = reasons.Append(l.sorted[:0])
	for _, r := range l.sorted {
		l.reasons.append(r.String())
	}
	l.reasonsEnd.Append(int32(l.reasons.codes.Len()))
	l.source.append(e.source)
	l.field.append(e.field)
	l.value.append(e.value)
	if e.time == consent.NoTime {
		l.effective.AppendNull()
	} else {
		l.effective.Append(arrow.Timestamp(e.time))
	}
}
