package pipeline

import (
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
		field("run_id", text, false),
		field("list", text, false),
		field("channel", text, false),
		field("row", arrow.PrimitiveTypes.Int64, false), // of the send list, from zero
		field("profile_id", text, true),
		field("address_hash", text, true), // hex; null where there is no usable address
		field("decision", text, false),
		field("reason", text, true),
		field("reasons", arrow.ListOf(text), false), // the most severe first
		field("source", text, true),                 // the input whose record decided
		field("field", text, true),
		field("value", text, true),
		field("effective_at", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, true),
	}, nil)
}

// ledger builds ledger records. It belongs to one worker.
type ledger struct {
	judge   *judge
	builder *array.RecordBuilder
	hasher  *identity.Hasher
	text    []byte
	hex     []byte
	reasons []consent.Reason
	rows    int
}

func newLedger(j *judge, mem memory.Allocator) *ledger {
	return &ledger{
		judge:   j,
		builder: array.NewRecordBuilder(mem, LedgerSchema()),
		hasher:  identity.NewHasher(j.plan.HashKey),
	}
}

func (l *ledger) release() { l.builder.Release() }

// record returns the rows added since the last call.
func (l *ledger) record() arrow.Record {
	l.rows = 0
	return l.builder.NewRecord()
}

// add writes a row with the evidence for its primary reason.
func (l *ledger) add(row int64, v consent.Verdict) {
	l.rows++
	j := l.judge
	str := func(column int) *array.StringBuilder { return l.builder.Field(column).(*array.StringBuilder) }
	str(0).Append(j.plan.RunID)
	str(1).Append(j.list.Name)
	str(2).Append(j.list.Channel)
	l.builder.Field(3).(*array.Int64Builder).Append(row)
	if person := j.person(row); person != noSlot {
		l.text = j.facts.recipients.people.appendText(l.text[:0], person)
		str(4).BinaryBuilder.Append(l.text)
	} else {
		str(4).AppendNull()
	}
	if address := j.address(row); address != noSlot && address != malformedSlot {
		l.text = j.facts.recipients.addresses[j.list.Kind].appendText(l.text[:0], address)
		l.hex = l.hasher.AppendHex(l.hex[:0], l.text)
		str(5).BinaryBuilder.Append(l.hex)
	} else {
		str(5).AppendNull()
	}
	str(6).Append(v.Decision.String())
	reasons := l.builder.Field(8).(*array.ListBuilder)
	reasons.Append(true)
	if v.Reasons == 0 {
		for _, column := range []int{7, 9, 10, 11, 12} {
			l.builder.Field(column).AppendNull()
		}
		return
	}
	str(7).Append(v.Reasons.Primary().String())
	l.reasons = v.Reasons.Append(l.reasons[:0])
	for _, r := range l.reasons {
		reasons.ValueBuilder().(*array.StringBuilder).Append(r.String())
	}
	e := j.evidence(row, v)
	appendText(str(9), e.source)
	appendText(str(10), e.field)
	appendText(str(11), e.value)
	if e.time == consent.NoTime {
		l.builder.Field(12).AppendNull()
	} else {
		l.builder.Field(12).(*array.TimestampBuilder).Append(arrow.Timestamp(e.time))
	}
}

func appendText(b *array.StringBuilder, text string) {
	if text == "" {
		b.AppendNull()
		return
	}
	b.Append(text)
}
