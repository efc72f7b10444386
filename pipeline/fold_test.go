package pipeline

import (
	"context"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// TestCountsOfMaps: what a snapshot says is counted once, whoever is planned,
// and whatever the memory of the run.
func TestCountsOfMaps(t *testing.T) {
	row := consentRow{
		ids: []mappedID{{"CRM", "p1"}, {"CRM", "p2"}, {"crm", "p1"}}, any: "Y", email: "n", emailTime: consent.NoTime,
		identities:    []identityRow{at("a@example.com", "N"), at("a@example.com", "ja"), at("unplanned@example.com", "")},
		subscriptions: []subscriptionRow{{"news", "dn"}, {"other", "n"}},
	}
	unplanned := row
	unplanned.ids = []mappedID{{"CRM", "nobody"}}
	w := &world{
		inputs: []testInput{{name: "consents", by: byIDMap, rows: []consentRow{row, unplanned}}},
		lists: []testList{{name: "list", rows: []listRow{
			{profile: "p1", address: "a@example.com", campaign: null}, {profile: "p2", address: "b@example.com", campaign: null},
		}}},
		rules: map[string]testRule{"": {}},
	}
	want := ValueCounts{Values: 10, OptOuts: 6, Normalised: 4, Invalid: 2, ByInvalid: map[string]int64{"ja": 2}}
	for partitions := 1; partitions < 4; partitions++ {
		for _, batch := range []int{1, 2} {
			r, err := decide(context.Background(), w.plan(cutting{part: 2, batch: batch}, 1, memory.DefaultAllocator), partitions)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Inputs[0]; !equalCounts(got, want) {
				t.Errorf("%d partitions, records of %d: got %+v, want %+v", partitions, batch, got, want)
			}
		}
	}
}

// TestKindsOfAddresses: an email address and a device token are two addresses,
// also where they have the same place in their indexes.
func TestKindsOfAddresses(t *testing.T) {
	w := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y", identities: []identityRow{
		at("a@example.com", "y"), {namespace: "ECID", id: "token-1", email: "n", time: consent.NoTime},
	}})
	push := w.lists[0]
	push.name = "push"
	push.rows = []listRow{{profile: "p1", address: "token-1", campaign: null}, {profile: "p1", address: "token-2", campaign: null}}
	w.lists = append(w.lists, push)
	p := w.plan(whole, 1, memory.DefaultAllocator)
	p.Lists[1].Kind, p.Lists[1].Channel = identity.Token, "push"
	p.LedgerAll = true
	got, err := run(p, whole, unitRows)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range [][]string{{"kept"}, {"dropped", "kept"}} {
		for i, row := range got[k].ledger.rows {
			if row[decisionColumn] != want[i] {
				t.Errorf("list %d row %d: got %q, want %s", k, i, row, want[i])
			}
		}
	}
	if row := got[1].ledger.rows[0]; row[10] != "idSpecific.token.marketing.email.val" {
		t.Errorf("got evidence %q", row)
	}
}

// TestLevelsDecide: an entry whose level says that there is no value has none,
// whatever stands in its place.
func TestLevelsDecide(t *testing.T) {
	mem := checked(t)
	entry := func(def int, value string) arrow.Array {
		b := newEntryBuilder(mem, arrow.BinaryTypes.String)
		b.row()
		b.add(0, def, value, 99)
		return b.array()
	}
	const is, isNot = 2, 1
	tests := []struct {
		name                             string
		namespace, id, val, list, subVal int // levels, of which 2 is a value
		want                             string
	}{
		{"all there", is, is, is, is, is, "dropped[opt_out_identity opt_out_subscription]"},
		{"no namespace", isNot, is, is, is, is, "dropped[opt_out_subscription]"},
		{"no id", is, isNot, is, is, is, "dropped[opt_out_subscription]"},
		{"no value", is, is, isNot, is, is, "dropped[opt_out_subscription]"},
		{"no name of a subscription", is, is, is, isNot, is, "dropped[opt_out_identity]"},
		{"no value of a subscription", is, is, is, is, isNot, "dropped[opt_out_identity]"},
	}
	for _, tt := range tests {
		w := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y"})
		w.lists[0].bound = true
		p := w.plan(whole, 1, mem)
		c := &p.Consents[0]
		c.Fields, c.Time = nil, NoColumn
		c.Identity = &IdentityColumns{
			Namespaces: MapColumn{1, 2}, IDs: MapColumn{2, 2}, Fields: []IdentityField{{Field: fieldEmail, Val: MapColumn{3, 2}}},
		}
		c.Subscriptions = []SubscriptionColumns{{Names: MapColumn{4, 2}, Val: MapColumn{5, 2}, Field: map[string]Field{"news": fieldNews}}}
		c.Table = newTable(whole, 1, func(int, int) arrow.Record {
			return record(1, textArray(mem, false, 0, 1, func(int) string { return "p1" }),
				entry(tt.namespace, "Email"), entry(tt.id, "a@example.com"), entry(tt.val, "n"), entry(tt.list, "news"), entry(tt.subVal, "n"))
		})
		if got := outcomes(t, p)[0]; got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		// Values are counted whoever they are for, but only where there is one.
		want := ValueCounts{}
		for _, there := range []bool{tt.val == is, tt.list == is && tt.subVal == is} {
			if there {
				want.Values, want.OptOuts = want.Values+1, want.OptOuts+1
			}
		}
		if r := matched(t, p); !equalCounts(r.Inputs[0], want) {
			t.Errorf("%s: counted %+v, want %+v", tt.name, r.Inputs[0], want)
		}
	}
	keys := newEntryBuilder(mem, arrow.BinaryTypes.String)
	keys.row()
	keys.add(0, isNot, "p1", 99)
	r := record(1, entry(is, "CRM"), keys.array())
	defer r.Release()
	people := planned(t, []string{"p1"}, nil)
	by := KeyColumns{Column: NoColumn, Namespaces: MapColumn{0, 2}, IDs: MapColumn{1, 2}, Namespace: "CRM"}
	if got := hitsOf(t, newProber(by, people, testNormalizer()), r); got != "" {
		t.Errorf("an id that is not there hits %s", got)
	}
}

// TestNullIsNotErased: null in the column of the erased is no request, whatever
// bit stands under it.
func TestNullIsNotErased(t *testing.T) {
	mem := checked(t)
	w := onePerson(testRule{mode: consent.OptOut})
	p := w.plan(whole, 1, mem)
	p.Profiles.Table = newTable(whole, 1, func(int, int) arrow.Record {
		none, all := memory.NewBufferBytes([]byte{0}), memory.NewBufferBytes([]byte{0xFF})
		data := array.NewData(arrow.FixedWidthTypes.Boolean, 1, []*memory.Buffer{none, all}, nil, 1, 0)
		defer data.Release()
		text := func(s string) arrow.Array { return textArray(mem, false, 0, 1, func(int) string { return s }) }
		return record(1, text("p1"), text("FR"), array.NewBooleanData(data), text("a@example.com"))
	})
	if got := outcomes(t, p)[0]; got != "kept[]" {
		t.Errorf("got %s, want kept", got)
	}
}

// TestMatchFails: an input that cannot be read ends the run with its name.
func TestMatchFails(t *testing.T) {
	for name, column := range map[string]func(c *Consents){
		"a time that is text":      func(c *Consents) { c.Time = 1 },
		"a choice that is a time":  func(c *Consents) { c.Fields[0].Val = 6 },
		"an own time that is text": func(c *Consents) { c.Fields[0].Time = 1 },
		"a map that is text":       func(c *Consents) { c.Identity.IDs.Column = 1 },
		"times of text in a map":   func(c *Consents) { c.Identity.Fields[0].Time = &MapColumn{10, 5} },
		"subscriptions of text":    func(c *Consents) { c.Subscriptions[0].Val.Column = 1 },
	} {
		mem := checked(t)
		w := onePerson(testRule{}, consentRow{email: "y", identities: []identityRow{at("a@example.com", "y")}})
		p := w.plan(whole, 1, mem)
		column(&p.Consents[0])
		if _, err := Decide(context.Background(), p); err == nil || len(err.Error()) < 23 || err.Error()[:23] != "read consents consents:" {
			t.Errorf("%s: got %v, want an error with the input's name", name, err)
		}
	}
}
