package pipeline

import (
	"context"
	"io"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// null stands for a null in the text columns of a world.
const null = "\x00null"

// world is a small job in plain text: what tests say, and what they turn into
// tables of Arrow records in every way that must not matter.
type world struct {
	profiles []profileRow
	consents []consentRow
	lists    []testList

	requireProfile bool
	latest         bool
	rules          map[string]testRule // by country, "" for all others
}

type profileRow struct {
	id, country string
	erased      bool
}

type consentRow struct {
	id                             string
	any, email, personalize, share string
	time                           int64 // microseconds, consent.NoTime for none
	identities                     []identityRow
	subscriptions                  []subscriptionRow
}

type identityRow struct{ namespace, id, email, personalize string }

type subscriptionRow struct{ list, val string }

type testList struct {
	name          string
	transactional bool
	bound         bool // to the subscription "news"
	requires      bool // the purpose share
	personal      bool
	duplicates    bool // dropped
	rows          []listRow
}

type listRow struct{ profile, address, campaign string }

type testRule struct {
	mode     consent.Mode
	fallback string
	accept   []string
	validFor int64
	gate     consent.Gate
}

// cut says how a table is cut up: rows of a part, rows of a record, whether
// text comes dictionary-encoded.
type cutting struct {
	part, batch int
	dictionary  bool
}

const (
	fieldAny Field = iota
	fieldEmail
	fieldPersonalize
	fieldShare
	fieldNews
)

// plan turns the world into a plan.
func (w *world) plan(c cutting, threads int, mem memory.Allocator) *Plan {
	normalizer, err := identity.NewNormalizer(identity.Options{})
	if err != nil {
		panic(err)
	}
	p := &Plan{
		RunID: "test", Normalizer: normalizer, Latest: w.latest, Threads: threads, Memory: mem,
		Fields:   []string{"marketing.any.val", "marketing.email.val", "personalize.content.val", "share.val", "marketing.email.subscriptions.news.val"},
		Profiles: &Profiles{Source: "profiles", Table: w.profileTable(c, mem), Key: KeyColumns{Column: 0}, Country: 1, Erased: 2},
		Consents: []Consents{{
			Source: "consents", Table: w.consentTable(c, mem), Key: KeyColumns{Column: 0}, Time: 5,
			Fields: []FieldColumns{
				{fieldAny, 1, NoColumn}, {fieldEmail, 2, NoColumn}, {fieldPersonalize, 3, NoColumn}, {fieldShare, 4, NoColumn},
			},
			Identity: &IdentityColumns{
				Namespaces: MapColumn{6, 2}, IDs: MapColumn{7, 4},
				Fields: []IdentityField{{Field: fieldEmail, Val: MapColumn{8, 5}}, {Field: fieldPersonalize, Val: MapColumn{9, 5}}},
			},
			Subscriptions: []SubscriptionColumns{{Names: MapColumn{10, 2}, Val: MapColumn{11, 3}, Field: map[string]Field{"news": fieldNews}}},
		}},
	}
	for _, l := range w.lists {
		p.Lists = append(p.Lists, w.list(l, c, mem))
	}
	return p
}

func (w *world) list(l testList, c cutting, mem memory.Allocator) List {
	table := textTable(c, mem, len(l.rows), func(i int) []string {
		return []string{l.rows[i].profile, l.rows[i].address, l.rows[i].campaign}
	})
	list := List{
		Name: l.name, Channel: "email", Kind: identity.Email, Transactional: l.transactional,
		Keys: table, Rows: table, Profile: 0, Address: 1, Campaign: 2, SendAt: NoColumn, SendAll: sendAt,
		Any: fieldAny, Consent: fieldEmail, Subscription: NoField, Personalize: NoField,
		DropDuplicates: l.duplicates, RequireProfile: w.requireProfile,
		Rule: func(country string) consent.Rule {
			r, ok := w.rules[country]
			if !ok {
				r = w.rules[""]
			}
			rule := consent.Rule{Mode: r.mode, ValidFor: r.validFor, Gate: r.gate}
			rule.Default, _ = consent.ParseChoice(r.fallback)
			for _, a := range r.accept {
				basis, _ := consent.ParseChoice(a)
				rule.AcceptBasis = rule.AcceptBasis.With(basis)
			}
			return rule
		},
	}
	if l.bound {
		list.Subscription = fieldNews
	}
	if l.personal {
		list.Personalize = fieldPersonalize
	}
	if l.requires {
		list.Purposes = []Field{fieldShare}
	}
	return list
}

// sendAt is when the test's messages go out.
const sendAt = 1_000_000

func (w *world) profileTable(c cutting, mem memory.Allocator) Table {
	return newTable(c, len(w.profiles), func(from, to int) arrow.Record {
		flag := array.NewBooleanBuilder(mem)
		defer flag.Release()
		for _, r := range w.profiles[from:to] {
			flag.Append(r.erased)
		}
		return record(to-from,
			textArray(mem, c.dictionary, from, to, func(i int) string { return w.profiles[i].id }),
			textArray(mem, c.dictionary, from, to, func(i int) string { return w.profiles[i].country }),
			flag.NewArray())
	})
}

func (w *world) consentTable(c cutting, mem memory.Allocator) Table {
	return newTable(c, len(w.consents), func(from, to int) arrow.Record {
		column := func(get func(consentRow) string) arrow.Array {
			return textArray(mem, c.dictionary, from, to, func(i int) string { return get(w.consents[i]) })
		}
		times := array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Microsecond})
		defer times.Release()
		namespaces, ids, emails, personal := newEntryBuilder(mem), newEntryBuilder(mem), newEntryBuilder(mem), newEntryBuilder(mem)
		lists, vals := newEntryBuilder(mem), newEntryBuilder(mem)
		for _, r := range w.consents[from:to] {
			if r.time == consent.NoTime {
				times.AppendNull()
			} else {
				times.Append(arrow.Timestamp(r.time))
			}
			addIdentities(r.identities, namespaces, ids, emails, personal)
			addSubscriptions(r.subscriptions, lists, vals)
		}
		return record(to-from,
			column(func(r consentRow) string { return r.id }), column(func(r consentRow) string { return r.any }),
			column(func(r consentRow) string { return r.email }), column(func(r consentRow) string { return r.personalize }),
			column(func(r consentRow) string { return r.share }), times.NewArray(),
			namespaces.array(), ids.array(), emails.array(), personal.array(), lists.array(), vals.array())
	})
}

// addIdentities writes a map of namespaces to maps of ids as its leaves stand
// in Parquet: consecutive rows of one namespace share its map.
func addIdentities(rows []identityRow, namespaces, ids, emails, personal *entryBuilder) {
	for _, b := range []*entryBuilder{namespaces, ids, emails, personal} {
		b.row()
	}
	if len(rows) == 0 {
		for _, b := range []*entryBuilder{namespaces, ids, emails, personal} {
			b.add(0, 1, null, 99)
		}
		return
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
			namespaces.add(rep, 2, r.namespace, 2)
		}
		ids.add(rep, 4, r.id, 4)
		emails.add(rep, 5, r.email, 5)
		personal.add(rep, 5, r.personalize, 5)
	}
}

func addSubscriptions(rows []subscriptionRow, lists, vals *entryBuilder) {
	lists.row()
	vals.row()
	if len(rows) == 0 {
		lists.add(0, 1, null, 2)
		vals.add(0, 1, null, 3)
		return
	}
	for i, r := range rows {
		lists.add(min(i, 1), 2, r.list, 2)
		vals.add(min(i, 1), 3, r.val, 3)
	}
}

// entryBuilder builds a column of Parquet entries.
type entryBuilder struct{ *array.ListBuilder }

func newEntryBuilder(mem memory.Allocator) *entryBuilder {
	return &entryBuilder{array.NewListBuilder(mem, arrow.StructOf(
		arrow.Field{Name: "level", Type: arrow.PrimitiveTypes.Uint16},
		arrow.Field{Name: "value", Type: arrow.BinaryTypes.String, Nullable: true}))}
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

func (b *entryBuilder) array() arrow.Array {
	defer b.Release()
	return b.NewArray()
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
		return &testSource{next: int(p.FirstRow), end: int(p.FirstRow + p.Rows), batch: c.batch, build: build}, nil
	}
	return t
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

// verdicts runs the plan and returns what became of every row.
func verdicts(p *Plan) ([][]consent.Verdict, error) {
	ctx := context.Background()
	run, err := ReadRecipients(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := run.Match(ctx); err != nil {
		return nil, err
	}
	var all [][]consent.Verdict
	for i := range p.Lists {
		j := newJudge(p, &p.Lists[i], &run.facts.recipients.lists[i], run.facts)
		var list []consent.Verdict
		for row := range p.Lists[i].Keys.NumRows() {
			list = append(list, j.row(row))
		}
		all = append(all, list)
	}
	return all, nil
}
