package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// FuzzVerdict compares the engine with the specification over random worlds,
// cut up in random ways, and checks the laws.
func FuzzVerdict(f *testing.F) {
	f.Add([]byte{})
	for seed := range worldSeeds {
		f.Add(worldText(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		pick := picker(text)
		w := randomWorld(&pick)
		compare(t, w, randomCutting(&pick), 1+pick.below(4))
		checkLaws(t, w, randomCutting(&pick), 1+pick.below(4))
	})
}

// worldSeeds is how many worlds every test run goes through. TestWorldsCover
// holds their number to what they are for.
const worldSeeds = 350

// worldText is the decisions of one of them.
func worldText(seed int) []byte {
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	text := make([]byte, 1000+r.IntN(2000))
	for i := range text {
		text[i] = byte(r.Uint32())
	}
	return text
}

func randomCutting(p *picker) cutting {
	return cutting{
		part: 1 + p.below(7), batch: 1 + p.below(5), sliced: p.below(2) == 1, dictionary: p.below(2) == 1,
		nativeList: p.below(2) == 1, nativeInput: p.below(2) == 1, partitions: p.below(4),
	}
}

// result is what a run makes of one list.
type result struct {
	outputs
	counts *Counts
	inputs []ValueCounts // of the whole run

	screening []ScreeningCounts
	events    []EventCounts
}

// run runs a plan through the calls that a job makes.
func run(p *Plan, c cutting, unitRows int64) (all []*result, err error) {
	ctx := context.Background()
	if err := p.check(); err != nil {
		return nil, err
	}
	r, err := decide(ctx, p, max(c.partitions, 1))
	if err != nil {
		return nil, err
	}
	for i := range p.Lists {
		l := &result{counts: r.Counts[i], inputs: r.Inputs, screening: r.Screening, events: r.Events}
		if err := emit(ctx, p, i, r.verdicts[i], l.all(), unitRows, r.seats); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// ledgerRow is a row of a ledger in the words of the specification.
func ledgerRow(w *world, k, i int, v verdict) []string {
	l, r := &w.lists[k], w.lists[k].rows[i]
	row := []string{"test", l.name, l.channel(), strconv.Itoa(i), null, null, v.decision, null}
	f := w.specFacts(l, r)
	if f.id != "" {
		row[4] = f.id
	}
	if f.address != "" && f.address != "bad" {
		row[5] = identity.HashAddress(nil, []byte(f.address))
	}
	if len(v.reasons) > 0 {
		row[7] = v.reasons[0]
	}
	reasons, _ := json.Marshal(append([]string{}, v.reasons...))
	row = append(row, string(reasons))
	for _, text := range []string{v.evidence.source, v.evidence.field, v.evidence.value} {
		if text == "" {
			text = null
		}
		row = append(row, text)
	}
	if len(v.reasons) == 0 || v.evidence.time == consent.NoTime {
		return append(row, null)
	}
	return append(row, time.UnixMicro(epoch+v.evidence.time).UTC().Format("2006-01-02 15:04:05.999999Z"))
}

// expected is what the specification makes of a list.
func expected(w *world, k int) *outputs {
	want := &outputs{}
	l := &w.lists[k]
	for i := range l.rows {
		v := specify(w, k, i)
		row := []string{strconv.Itoa(i), "name " + strconv.Itoa(i)}
		switch v.decision {
		case "kept":
			if l.personal {
				row = append(row, strconv.FormatBool(!v.generic))
			}
			if v.generic {
				row[1] = null
			}
			want.audience.rows = append(want.audience.rows, row)
		case "quarantined":
			want.quarantine.rows = append(want.quarantine.rows, append(row, v.reasons[0]))
		}
		if v.decision != "kept" || w.ledgerAll {
			want.ledger.rows = append(want.ledger.rows, ledgerRow(w, k, i, v))
		}
	}
	return want
}

// expectedCounts is what the specification says of a whole list.
func expectedCounts(w *world, k int) (c Counts) {
	number := func(name string) int { return slices.Index(severity, name) }
	for i := range w.lists[k].rows {
		v := specify(w, k, i)
		c.Planned++
		c.Decisions[slices.Index([]string{"not_granted", "kept", "dropped", "quarantined"}, v.decision)]++
		for n, name := range v.reasons {
			if c.Listed[number(name)]++; n == 0 {
				c.Primary[number(name)]++
			}
		}
		if v.decision != "kept" {
			continue
		}
		if v.generic {
			c.Generic++
		}
		if v.exempted {
			c.Exempted++
		}
		if len(v.bypassed) > 0 {
			c.Reprieved++
		}
		for _, name := range v.bypassed {
			c.Bypassed[number(name)]++
		}
	}
	return c
}

func equalRows(a, b [][]string) bool {
	return slices.EqualFunc(a, b, func(a, b []string) bool { return slices.Equal(a, b) })
}

func compare(t *testing.T, w *world, c cutting, threads int) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	got, err := run(w.plan(c, threads, mem), c, int64(c.batch))
	if err != nil {
		t.Fatalf("%v\nworld %+v", err, w)
	}
	for k, in := range got[0].inputs {
		if want := w.counts(&w.inputs[k]); !equalCounts(in, want) {
			t.Fatalf("input %d:\n got %+v\nwant %+v\nworld %+v", k, in, want, w)
		}
	}
	for k, got := range got[0].screening {
		want := w.screening[k].counts()
		if want.Hits = got.Hits; !reflect.DeepEqual(got, want) {
			t.Fatalf("screening list %d:\n got %+v\nwant %+v\nworld %+v", k, got, want, w)
		}
	}
	for k, got := range got[0].events {
		want := w.logs[k].counts()
		want.Lists = w.effects(k)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("event log %d:\n got %+v\nwant %+v\nworld %+v", k, got, want, w)
		}
	}
	for k, l := range got {
		if want := expectedCounts(w, k); *l.counts != want {
			t.Fatalf("list %d:\n got counts %+v\nwant %+v\nworld %+v", k, l.counts, want, w)
		}
		want := expected(w, k)
		for name, pair := range map[string][2][][]string{
			"audience":   {l.audience.rows, want.audience.rows},
			"ledger":     {l.ledger.rows, want.ledger.rows},
			"quarantine": {l.quarantine.rows, want.quarantine.rows},
		} {
			if !equalRows(pair[0], pair[1]) {
				t.Fatalf("list %d, %s:\n got %q\nwant %q\nworld %+v", k, name, pair[0], pair[1], w)
			}
		}
		if open := l.audience.open + l.ledger.open + l.quarantine.open; open != 0 {
			t.Fatalf("list %d: %d groups were not closed", k, open)
		}
	}
}

// decisions runs a world and returns decision and reasons of every row.
func decisions(t *testing.T, w *world, c cutting, threads int) (all [][][]string) {
	t.Helper()
	with := *w
	with.ledgerAll = true
	got, err := run(with.plan(c, threads, memory.DefaultAllocator), c, int64(c.batch))
	if err != nil {
		t.Fatalf("%v\nworld %+v", err, w)
	}
	for _, l := range got {
		all = append(all, l.ledger.rows)
	}
	return all
}

const (
	decisionColumn = 6
	reasonsColumn  = 8
)

// checkLaws checks what must hold whatever the rules are.
func checkLaws(t *testing.T, w *world, c cutting, threads int) {
	t.Helper()
	got := decisions(t, w, c, threads)

	// No order of rows, and no row read twice, shows in anything.
	for k, rows := range decisions(t, w.turned(), cutting{part: 3, batch: 2}, 2) {
		if !equalRows(rows, got[k]) {
			t.Fatalf("list %d, rows in the opposite order and twice:\n got %q\nwant %q\nworld %+v", k, rows, got[k], w)
		}
	}

	// An opt-out more never adds to an audience.
	stricter := *w
	stricter.inputs = slices.Clone(w.inputs)
	for i := range stricter.inputs {
		in := &stricter.inputs[i]
		no := consentRow{id: "p1", any: "n", time: consent.NoTime, emailTime: consent.NoTime}
		if in.by.address() {
			no.id = "a@example.com"
		}
		no.ids = []mappedID{{"CRM", no.id}, {"Email", no.id}}
		in.rows = append(slices.Clone(in.rows), no)
	}
	stricter.logs = append(slices.Clone(w.logs), testLog{name: "more", snapshotAt: consent.NoTime, events: []testEvent{
		{profile: "p2", address: null, channel: null, scope: "all", choice: "n", list: null, time: consent.NoTime},
		{profile: null, address: "b@example.com", channel: "email", scope: "channel", choice: "n", list: null, time: 20},
	}})
	stricter.screening = append(slices.Clone(w.screening), testScreening{
		name: "more", match: "email", entries: []testEntry{{kind: null, value: "a@example.com", category: null, status: null, sender: null}},
	})
	for k, rows := range decisions(t, &stricter, c, threads) {
		for i := range rows {
			if rows[i][decisionColumn] == "kept" && got[k][i][decisionColumn] != "kept" {
				t.Fatalf("list %d row %d is kept only once somebody opts out\nworld %+v", k, i, w)
			}
		}
	}

	// A second pass over a cleaned audience drops nobody.
	clean := *w
	clean.lists = slices.Clone(w.lists)
	for k := range w.lists {
		clean.lists[k].rows = nil
		for i, row := range w.lists[k].rows {
			if got[k][i][decisionColumn] == "kept" {
				clean.lists[k].rows = append(clean.lists[k].rows, row)
			}
		}
	}
	for k, rows := range decisions(t, &clean, c, threads) {
		for i := range rows {
			if rows[i][decisionColumn] != "kept" {
				t.Fatalf("list %d row %d of the cleaned audience is %q\nworld %+v", k, i, rows[i], w)
			}
		}
	}

	// A list is judged alike whatever lists stand beside it, duplicates apart.
	for k := range w.lists {
		alone := *w
		alone.lists = []testList{w.lists[k]}
		for i, row := range decisions(t, &alone, c, threads)[0] {
			if a, b := withoutDuplicate(row), withoutDuplicate(got[k][i]); a != b {
				t.Fatalf("list %d row %d is %s alone and %s beside others\nworld %+v", k, i, a, b, w)
			}
		}
	}
}

func withoutDuplicate(row []string) string {
	var reasons []string
	if err := json.Unmarshal([]byte(row[reasonsColumn]), &reasons); err != nil {
		return err.Error()
	}
	return fmt.Sprint(slices.DeleteFunc(reasons, func(s string) bool { return s == "duplicate" }))
}

// TestWorldsCover: the worlds of every test run refuse for every reason that
// the rules know so far, first and beside others, and keep.
func TestWorldsCover(t *testing.T) {
	first, listed := map[string]int{}, map[string]int{}
	for seed := range worldSeeds {
		pick := picker(worldText(seed))
		w := randomWorld(&pick)
		for k := range w.lists {
			for i := range w.lists[k].rows {
				v := specify(w, k, i)
				for n, name := range v.reasons {
					if listed[name]++; n == 0 {
						first[name]++
						if name == "opt_out_shared" && w.latest {
							first["opt_out_shared, latest"]++
						}
					}
				}
				silent := *w
				silent.logs = nil
				if before := specify(&silent, k, i); len(v.reasons) > 0 && strings.HasPrefix(v.evidence.source, "path of events") {
					first["event, "+v.reasons[0]]++
				} else if before.decision != "kept" && v.decision == "kept" {
					first["opted in since"]++
				}
				if v.exempted && v.decision == "kept" {
					first["exempted"]++
				}
				if v.decision == "kept" {
					first[fmt.Sprint("kept, generic ", v.generic)]++
				}
			}
		}
	}
	want := []string{
		"event, opt_out_all", "event, opt_out_channel", "event, opt_out_identity", "event, opt_out_subscription", "event, opt_out_shared",
		"event, consent_expired", "opted in since", "exempted", "kept, generic true", "kept, generic false", "opt_out_shared, latest",
	}
	for _, name := range severity {
		switch name {
		case "invalid_token", "frequency_cap": // not built
		default:
			want = append(want, name)
			if listed[name] < 10 {
				t.Errorf("%d rows have the reason %s", listed[name], name)
			}
		}
	}
	for _, name := range want {
		if first[name] < 2 {
			t.Errorf("%d rows are %s", first[name], name)
		}
	}
}

// TestOrderDoesNotShow runs worlds in many cuttings with many threads.
func TestOrderDoesNotShow(t *testing.T) {
	refused := 0
	for seed := range 20 {
		pick := picker(worldText(seed))
		w := randomWorld(&pick)
		var want [][][]string
		for _, c := range []cutting{{part: 1, batch: 1}, {part: 3, batch: 2, dictionary: true, nativeList: true, partitions: 2}, {part: 100, batch: 100, sliced: true, nativeInput: true}, {part: 7, batch: 3, sliced: true, dictionary: true, nativeList: true, nativeInput: true, partitions: 3}} {
			for _, threads := range []int{1, 2, 5} {
				got := decisions(t, w, c, threads)
				if want == nil {
					want = got
				}
				for k := range got {
					refused += len(got[k])
					if !equalRows(got[k], want[k]) {
						t.Errorf("world %d, list %d, cutting %+v with %d threads:\n got %q\nwant %q", seed, k, c, threads, got[k], want[k])
					}
				}
			}
		}
	}
	if refused == 0 {
		t.Error("the worlds refuse nobody, so they show nothing")
	}
}
