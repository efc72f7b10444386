package pipeline

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// benchSizes are the rows of the send list and of the snapshot of a benchmark.
var benchSizes = []int{10_000, 100_000, 1_000_000}

// benchBatch is about how many rows a record of the readers has.
const benchBatch = 20_000

// bench runs each size with a plan of its own, and reports rows a second.
func bench(b *testing.B, run func(b *testing.B, p *Plan)) {
	for _, rows := range benchSizes {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			p := benchPlan(rows)
			b.ReportAllocs()
			run(b, p)
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkRecipients normalises and numbers the keys of a list.
func BenchmarkRecipients(b *testing.B) {
	bench(b, func(b *testing.B, p *Plan) {
		for b.Loop() {
			if _, err := readRecipients(context.Background(), p, onlyPartition(), newHashers()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMatch probes a snapshot, half of whose rows are about planned people,
// and folds what it says of them.
func BenchmarkMatch(b *testing.B) {
	bench(b, func(b *testing.B, p *Plan) {
		r := factsOf(b, p).recipients
		for b.Loop() {
			b.StopTimer()
			f := newFacts(p, r)
			b.StartTimer()
			if _, err := f.readConsents(context.Background(), p, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkJudge judges every row of a list.
func BenchmarkJudge(b *testing.B) {
	bench(b, func(b *testing.B, p *Plan) {
		f := factsOf(b, p)
		if _, err := f.match(context.Background(), p); err != nil {
			b.Fatal(err)
		}
		r := newRun(p)
		for b.Loop() {
			if err := f.decide(context.Background(), r); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEmit parts a judged list into sinks that keep nothing.
func BenchmarkEmit(b *testing.B) {
	bench(b, func(b *testing.B, p *Plan) {
		r, err := Decide(context.Background(), p)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := r.Emit(context.Background(), 0, Outputs{discard{}, discard{}, discard{}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// discard is a sink that keeps nothing.
type discard struct{}

func (discard) Group() Group                      { return discard{} }
func (discard) Write(arrow.Record, []int32) error { return nil }
func (discard) Commit() error                     { return nil }
func (discard) Close() error                      { return nil }

// benchPlan is a send list of rows with UUIDs and email addresses, and a
// snapshot of as many profiles in another order, half of them planned. One of
// three has refused personal content, one of five the channel.
func benchPlan(rows int) *Plan {
	mem := memory.DefaultAllocator
	list := benchTable(rows, func(from, to int) arrow.Record {
		return record(to-from,
			textArray(mem, false, from, to, benchID),
			textArray(mem, false, from, to, func(i int) string { return fmt.Sprintf("person.%d@example.com", i) }),
			textArray(mem, false, from, to, func(i int) string { return fmt.Sprint("First name ", i%1000) }))
	})
	snapshot := benchTable(rows, func(from, to int) arrow.Record {
		choice := func(k int) arrow.Array {
			return textArray(mem, true, from, to, func(i int) string { return []string{"y", "y", "n", "y", null, "p"}[i%(k+3)] })
		}
		return record(to-from,
			textArray(mem, false, from, to, func(i int) string { return benchID(7919 * i % (2 * rows)) }),
			choice(0), choice(2), choice(1),
			timeArray(mem, to-from, func(i int) int64 { return int64(from+i) * 1000 }))
	})
	return &Plan{
		RunID: "bench", Normalizer: testNormalizer(), Threads: 1, Memory: mem,
		Fields: []string{"marketing.any.val", "marketing.email.val", "personalize.content.val"},
		Lists: []List{{
			Name: "list", Channel: "email", Kind: identity.Email, Keys: list, Rows: list,
			Profile: 0, Address: 1, Campaign: NoColumn, SendAt: NoColumn, SendAll: epoch + sendAt,
			Any: 0, Consent: 1, Subscription: NoField, Personalize: 2,
			Personalized: []Replacement{{Column: 2}}, DropDuplicates: true,
			Rule: func(string) consent.Rule { return consent.Rule{Mode: consent.OptOut} },
		}},
		Consents: []Consents{{
			Source: "consents", Table: snapshot, Key: KeyColumns{Column: 0}, Time: 4,
			Fields: []FieldColumns{{0, 1, NoColumn, NoColumn}, {1, 2, NoColumn, NoColumn}, {2, 3, NoColumn, NoColumn}},
		}},
	}
}

// benchID is the profile id of a person: a UUID without an order.
func benchID(i int) string {
	x := uint64(i+1) * 0x9E3779B97F4A7C15
	x ^= x >> 29
	x *= 0xBF58476D1CE4E5B9
	return string(appendUUID(nil, x, uint64(i)))
}

// benchTable is a table whose records are made before it is read. Readers hand
// out choices as codes and keys as text.
func benchTable(rows int, build func(from, to int) arrow.Record) Table {
	var t Table
	var records []arrow.Record
	for from := 0; from < rows; from += benchBatch {
		to := min(from+benchBatch, rows)
		t.Parts = append(t.Parts, Part{FirstRow: int64(from), Rows: int64(to - from)})
		records = append(records, build(from, to))
	}
	t.Open = func(part int) (Source, error) { return &benchSource{records[part]}, nil }
	return t
}

type benchSource struct{ record arrow.Record }

func (s *benchSource) Next(context.Context) (arrow.Record, error) {
	if s.record == nil {
		return nil, io.EOF
	}
	r := array.NewRecord(s.record.Schema(), s.record.Columns(), s.record.NumRows())
	s.record = nil
	return r, nil
}

func (s *benchSource) Close() error { return nil }
