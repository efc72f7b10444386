package pipeline

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// screenedBy is one person at one address, and a screening list.
func screenedBy(s testScreening) *world {
	w := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y"})
	w.screening = []testScreening{s}
	return w
}

func entriesOf(values ...string) (all []testEntry) {
	for _, v := range values {
		all = append(all, testEntry{kind: null, value: v, category: null, status: null, sender: null})
	}
	return all
}

// TestWrongEntries: of many malformed entries the first are named, whatever parts
// and threads they are read in.
func TestWrongEntries(t *testing.T) {
	s := testScreening{name: "bounces", match: "email", entries: entriesOf(slices.Repeat([]string{"b@example.com", "bad"}, 50)...)}
	for _, c := range []cutting{whole, {part: 7, batch: 2}} {
		for _, threads := range []int{1, 3} {
			for partitions := 1; partitions < 4; partitions++ {
				r, err := decide(context.Background(), screenedBy(s).plan(c, threads, memory.DefaultAllocator), partitions)
				if err != nil {
					t.Fatal(err)
				}
				got := r.Screening[0]
				want := ScreeningCounts{Rows: 100, Malformed: 50}
				for row := int64(1); len(want.Wrong) < maxWrong; row += 2 {
					want.Wrong = append(want.Wrong, row)
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("cutting %+v, %d threads, %d partitions:\n got %+v\nwant %+v", c, threads, partitions, got, want)
				}
			}
		}
	}
}

// TestHitsOfPartitions: every entry that names somebody planned is counted once,
// in whatever partition they are.
func TestHitsOfPartitions(t *testing.T) {
	s := testScreening{name: "bounces", match: "email"}
	w := screenedBy(s)
	w.lists[0].rows = nil
	for i := range 20 {
		address := fmt.Sprintf("%d@example.com", i)
		w.lists[0].rows = append(w.lists[0].rows, listRow{profile: "p1", address: address, campaign: null})
		w.screening[0].entries = append(w.screening[0].entries, entriesOf(address, "not-"+address)...)
	}
	for _, c := range []cutting{whole, {part: 7, batch: 2}} {
		for partitions := 1; partitions < 4; partitions++ {
			r, err := decide(context.Background(), w.plan(c, 2, memory.DefaultAllocator), partitions)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Screening[0].Hits; got != 20 {
				t.Errorf("cutting %+v, %d partitions: got %d hits, want 20", c, partitions, got)
			}
		}
	}
}

// TestGroupsInTime: addresses are sorted by their domain, and hashed, when an entry comes
// that may be one, and not before.
func TestGroupsInTime(t *testing.T) {
	for _, hash := range []identity.Algorithm{identity.Clear, identity.SHA256} {
		for _, kind := range []string{"email", "domain", null} {
			value := "b@example.com"
			if kind == "domain" && hash == identity.Clear {
				value = "example.org"
			}
			s := testScreening{name: "block", match: "email", typed: true, hash: hash, entries: []testEntry{
				{kind: kind, value: value, category: null, status: null, sender: null},
			}}
			p := screenedBy(s).plan(whole, 2, memory.DefaultAllocator)
			r, err := readRecipients(t.Context(), p, partition{0, 1}, newHashers())
			if err != nil {
				t.Fatal(err)
			}
			f := newFacts(p, r)
			if _, err := f.readScreening(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if sorted := f.screened.domains.of != nil; sorted != (kind == "domain") {
				t.Errorf("%v, an entry of kind %q: sorted by domain is %v", hash, kind, sorted)
			}
			for k, d := range f.screened.digests {
				if hashed := d.table.at != nil; hashed != (kind == "domain" && k.domain || kind != "domain" && !k.domain && k.kind == identity.Email) {
					t.Errorf("%v, an entry of kind %q: %+v is hashed: %v", hash, kind, k, hashed)
				}
			}
		}
	}
}

// TestManyWords: a column of types or senders with more different words than
// are remembered is read to its end.
func TestManyWords(t *testing.T) {
	s := testScreening{name: "block", match: "email", senders: true}
	for i := range maxMeanings + 10 {
		s.entries = append(s.entries, testEntry{kind: null, value: "a@example.com", category: null, status: null, sender: fmt.Sprint("sender ", i)})
	}
	w := screenedBy(s)
	for sender, want := range map[string]string{fmt.Sprint("sender ", maxMeanings+9): "dropped[suppressed_address]", "sender x": "kept[]"} {
		w.lists[0].sender = sender
		if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator))[0]; got != want {
			t.Errorf("%s: got %s, want %s", sender, got, want)
		}
	}
}

// TestScreeningFails: a list that cannot be read ends the run with its name.
func TestScreeningFails(t *testing.T) {
	p := screenedBy(testScreening{name: "bounces", match: "email", entries: entriesOf("a@example.com")}).plan(whole, 1, memory.DefaultAllocator)
	at := screenedBy(testScreening{}).plan(whole, 1, memory.DefaultAllocator).Consents[0].Table // column 6 is of times
	p.Screening[0].Table, p.Screening[0].Value = at, 6
	if _, err := Decide(context.Background(), p); err == nil || err.Error()[:19] != "read list bounces: " {
		t.Errorf("got %v, want an error with the list's name", err)
	}
}
