package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// planned are recipients with these profile ids and email addresses, in slots in
// their order.
func planned(t *testing.T, ids, emails []string) *recipients {
	t.Helper()
	r := &recipients{people: newIndex(newHasher())}
	for k := range r.addresses {
		r.addresses[k] = newIndex(newHasher())
	}
	for x, texts := range map[*index][]string{r.people: ids, r.addresses[identity.Email]: emails} {
		for _, text := range texts {
			k := x.hasher.key([]byte(text))
			if _, err := x.intern(&k, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return r
}

func hitsOf(t *testing.T, p *prober, r arrow.Record) string {
	t.Helper()
	hits, err := p.probe(r)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, h := range hits {
		all = append(all, fmt.Sprint(h.row, ":", h.slot))
	}
	return strings.Join(all, " ")
}

// TestProbeMap finds every id that a row has in the namespace, in whatever case
// the namespace is written, and none that it has in others.
func TestProbeMap(t *testing.T) {
	mem := checked(t)
	e := newEntryColumns(mem)
	for _, row := range [][]mappedID{
		{{"CRM", "p0"}},
		nil,
		{{"Email", "p0"}, {"crm", "p1"}, {"crm", " p0 "}, {"ECID", "p1"}},
		{{"CRM", null}, {"Crm", "p1"}, {"CRM", "nobody"}, {"cRM", "0"}},
		{{"Email", "A@example.com"}, {"CRM", "a@example.com"}},
		{{"CRM", "p1"}, {"CRM", "p1"}},
	} {
		e.addIDs(row)
	}
	for _, b := range []*entryBuilder{e.namespaces, e.ids, e.emails, e.times, e.personal, e.share, e.lists, e.vals} {
		b.Release()
	}
	r := record(6, e.keyNamespaces.array(), e.keys.array())
	defer r.Release()
	people := planned(t, []string{"p0", "p1"}, []string{"a@example.com"})
	keys := KeyColumns{Column: NoColumn, Namespaces: MapColumn{0, 2}, IDs: MapColumn{1, 4}, Namespace: "CRM"}
	if got, want := hitsOf(t, newProber(keys, people, testNormalizer()), r), "0:0 2:1 2:0 3:1 5:1 5:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	keys.Namespace, keys.Kind = "EMAIL", identity.Email
	if got, want := hitsOf(t, newProber(keys, people, testNormalizer()), r), "4:0"; got != want {
		t.Errorf("by email: got %s, want %s", got, want)
	}
	keys.Namespace = "phone"
	if got := hitsOf(t, newProber(keys, people, testNormalizer()), r); got != "" {
		t.Errorf("in a namespace that is not there: got %s", got)
	}
	part := r.NewSlice(2, 5)
	defer part.Release()
	keys.Namespace, keys.Kind = "crm", identity.None
	if got, want := hitsOf(t, newProber(keys, people, testNormalizer()), part), "0:1 0:0 1:1"; got != want {
		t.Errorf("sliced: got %s, want %s", got, want)
	}
}

// TestProbeColumn probes plain columns of every type of id, again and again with
// one prober.
func TestProbeColumn(t *testing.T) {
	mem := checked(t)
	people := planned(t, []string{"p0", testUUID, "17"}, []string{"a@example.com"})
	p := newProber(KeyColumns{Column: 0}, people, testNormalizer())
	text := func(dictionary bool, ids ...string) arrow.Record {
		return record(len(ids), textArray(mem, dictionary, 0, len(ids), func(i int) string { return ids[i] }))
	}
	tests := []struct {
		record arrow.Record
		want   string
	}{
		{text(false, "p0", null, "P0", "p0 ", "", testUUID, strings.ToUpper(testUUID), "017", "17"), "0:0 3:0 5:1 6:1 8:2"},
		{text(true, "x", "p0", null, "p0", "17"), "1:0 3:0 4:2"},
		{record(3, idArray(mem, false, true, 0, 3, func(i int) string { return []string{null, testUUID, "00000000-0000-0000-0000-000000000000"}[i] })), "1:1"},
		{record(3, idArray(mem, false, true, 0, 3, func(i int) string { return []string{"17", null, "0"}[i] })), "0:2"},
		{text(false, "nobody"), ""},
	}
	for i, tt := range tests {
		if got := hitsOf(t, p, tt.record); got != tt.want {
			t.Errorf("record %d: got %s, want %s", i, got, tt.want)
		}
		tt.record.Release()
	}
	byEmail := newProber(KeyColumns{Column: 0, Kind: identity.Email}, people, testNormalizer())
	r := text(false, "A@Example.com", "a@example.com", "bad", null, "unknown", "b@example.com")
	defer r.Release()
	if got, want := hitsOf(t, byEmail, r), "0:0 1:0"; got != want {
		t.Errorf("by email: got %s, want %s", got, want)
	}
	times := record(1, timeArray(mem, 1, func(int) int64 { return 5 }))
	defer times.Release()
	if _, err := p.probe(times); err == nil {
		t.Error("a column of times can be probed")
	}
}

// TestDamagedMaps: leaves of one map that do not belong together are an error in
// every column, never another row's value.
func TestDamagedMaps(t *testing.T) {
	identities := []identityRow{at("a@example.com", "y"), at("b@example.com", "n"), {namespace: "Phone", id: "+33612345678", email: "n"}}
	full := consentRow{
		id: "p1", ids: []mappedID{{"CRM", "p1"}, {"Email", "a@example.com"}}, email: "y", identities: identities,
		subscriptions: []subscriptionRow{{"news", "y"}, {"other", "n"}},
	}
	few := consentRow{
		id: "p1", ids: full.ids[:1], email: "y", identities: identities[:1], subscriptions: full.subscriptions[:1],
	}
	many := consentRow{
		id: "p1", email: "y", ids: append(slices.Clone(full.ids), mappedID{"ECID", "x"}),
		identities:    append(slices.Clone(identities), identityRow{namespace: "ECID", id: "x"}),
		subscriptions: append(slices.Clone(full.subscriptions), subscriptionRow{"more", "y"}),
	}
	for column := 8; column <= 17; column++ {
		for name, damage := range map[string]consentRow{"few": few, "many": many} {
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			w := &world{
				inputs: []testInput{{name: "consents", rows: []consentRow{full}}},
				lists:  []testList{{name: "list", bound: true, rows: []listRow{{profile: "p1", address: "a@example.com", campaign: null}}}},
				rules:  map[string]testRule{"": {mode: consent.OptOut}},
			}
			if column >= 16 {
				w.inputs[0].by = byIDMap
			}
			other := testInput{rows: []consentRow{damage}}
			p := w.plan(whole, 1, mem)
			p.Consents[0].Table = spliced(p.Consents[0].Table, w.inputTable(&other, whole, mem), column)
			if _, err := factsOf(t, p).match(context.Background(), p); !errors.Is(err, errMisaligned) {
				t.Errorf("column %d has entries too %s: got %v, want %v", column, name, err, errMisaligned)
			}
			mem.AssertSize(t, 0)
		}
	}
}

// spliced is a table of one record with one column of another.
func spliced(a, b Table, column int) Table {
	t := a
	t.Open = func(part int) (Source, error) {
		first, err := a.Open(part)
		if err != nil {
			return nil, err
		}
		second, err := b.Open(part)
		if err != nil {
			return nil, err
		}
		return &splicedSource{first, second, column}, nil
	}
	return t
}

type splicedSource struct {
	Source
	other  Source
	column int
}

func (s *splicedSource) Next(ctx context.Context) (arrow.Record, error) {
	a, err := s.Source.Next(ctx)
	if err != nil {
		return nil, err
	}
	defer a.Release()
	b, err := s.other.Next(ctx)
	if err != nil {
		return nil, err
	}
	defer b.Release()
	columns := slices.Clone(a.Columns())
	columns[s.column] = b.Column(s.column)
	return array.NewRecord(a.Schema(), columns, a.NumRows()), nil
}

// TestNoEntries: what is no list of entries is an error.
func TestNoEntries(t *testing.T) {
	mem := checked(t)
	r := record(1, textArray(mem, false, 0, 1, func(int) string { return "x" }))
	defer r.Release()
	if _, err := newEntries(r, MapColumn{0, 2}); err == nil || !strings.Contains(err.Error(), "not a list of entries") {
		t.Errorf("got %v", err)
	}
}
