package pipeline

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// deviceList is a screening list of tokens.
func deviceList(name string, use Use, tokens ...string) testScreening {
	return testScreening{name: name, use: use, match: "profile", entries: entriesOf(tokens...)} // spelled as ids are
}

// screenDevices adds screening lists of tokens to a plan.
func screenDevices(p *Plan, c cutting, mem memory.Allocator, lists ...testScreening) {
	for i := range lists {
		l := lists[i].list(c, mem)
		l.Match = Match{Kind: identity.Token}
		p.Screening = append(p.Screening, l)
	}
}

// TestListedDevices: what a list says against one device is against a row for all
// devices of its owner, and what it permits to one device permits nothing.
func TestListedDevices(t *testing.T) {
	long := "a-token-of-more-than-sixteen-bytes:APA91b"
	hashed := func(a identity.Algorithm, s testScreening) testScreening {
		s.hash = a
		return s
	}
	exemption := deviceList("e", UseExemption, "t", "u")
	ofProfile := deviceList("e", UseExemption, "p1")
	complaint := deviceList("s", UseSuppression, "u")
	complaint.categories, complaint.entries[0].category = true, "complaint"
	marketing := deviceList("s", UseSuppression, "u")
	marketing.marketingOnly = true
	two := []testDevice{{token: "t"}, {token: "u"}}
	tests := []struct {
		name    string
		lists   []testScreening
		devices []testDevice // of p1, who shares v with p2
		change  func(p *Plan)
		want    string // for a row of p1: decision, reasons, source, value
	}{
		{"nobody", []testScreening{deviceList("s", UseSuppression, "T", "w", "p1", "")}, two, nil, "kept [] - -"},
		{"a profile of that name", []testScreening{deviceList("s", UseSuppression, "u")}, two, func(p *Plan) { p.Screening[0].Match = Match{} }, "kept [] - -"},
		{"one of two", []testScreening{deviceList("s", UseSuppression, " u")}, two, nil, "dropped [suppressed_address] path of s manual"},
		{"a long one", []testScreening{deviceList("s", UseSuppression, long)}, []testDevice{{token: "t"}, {token: long}}, nil, "dropped [suppressed_address] path of s manual"},
		{"one that another has, too", []testScreening{deviceList("s", UseSuppression, "v")}, []testDevice{{token: "v"}}, nil, "dropped [suppressed_address] path of s manual"},
		{"another's", []testScreening{deviceList("s", UseSuppression, "v")}, two, nil, "kept [] - -"},
		{"of another app", []testScreening{deviceList("s", UseSuppression, "u")}, []testDevice{{token: "t", app: "a"}, {token: "u", app: "b"}}, func(p *Plan) { p.Lists[0].Devices = DeviceFilter{App: "a"} }, "dropped [suppressed_address] path of s manual"},
		{"denied", []testScreening{deviceList("s", UseSuppression, "u")}, []testDevice{{token: "t"}, {token: "u", denied: "true"}}, nil, "kept [] - -"},
		{"denied once", []testScreening{deviceList("s", UseSuppression, "u")}, []testDevice{{token: "u", denied: "true"}, {token: "u"}}, nil, "dropped [suppressed_address] path of s manual"},
		{"by the first list", []testScreening{deviceList("r", UseSuppression, "w"), deviceList("s", UseSuppression, "u"), deviceList("q", UseSuppression, "t")}, two, nil, "dropped [suppressed_address] path of s manual"},
		{"hashed", []testScreening{hashed(identity.SHA256, deviceList("s", UseSuppression, "u"))}, two, nil, "dropped [suppressed_address] path of s manual"},
		{"hashed otherwise", []testScreening{hashed(identity.HMACSHA256, deviceList("s", UseSuppression, "w")), hashed(identity.MD5, deviceList("q", UseSuppression, "t"))}, two, nil, "dropped [suppressed_address] path of q manual"},
		{"hashed, of nobody", []testScreening{hashed(identity.SHA256, deviceList("s", UseSuppression, "w"))}, two, nil, "kept [] - -"},
		{"erased", []testScreening{deviceList("d", UseErased, "t"), deviceList("s", UseSuppression, "u")}, two, nil, "dropped [erased suppressed_address] path of d -"},
		{"on a registry", []testScreening{deviceList("r", UseRegistry, "u")}, two, nil, "dropped [registry] path of r -"},
		{"exempt by all devices", []testScreening{deviceList("r", UseRegistry, "u"), exemption}, two, nil, "dropped [registry] path of r -"},
		{"exempt by profile", []testScreening{deviceList("r", UseRegistry, "u"), ofProfile}, two, func(p *Plan) { p.Screening[1].Match = Match{} }, "kept [] path of e -"},
		{"allowed by all devices", []testScreening{deviceList("a", UseAllowed, "t", "u")}, two, nil, "dropped [not_allowed] - -"},
		{"allowed by profile", []testScreening{deviceList("a", UseAllowed, "p1")}, two, func(p *Plan) { p.Screening[0].Match = Match{} }, "kept [] - -"},
		{"transactional", []testScreening{complaint}, two, func(p *Plan) { p.Lists[0].Transactional = true }, "dropped [suppressed_address] path of s spam_complaint"},
		{"transactional, for marketing", []testScreening{marketing}, two, func(p *Plan) { p.Lists[0].Transactional = true }, "kept [] - -"},
		{"of several kinds", []testScreening{deviceList("s", UseSuppression, "u")}, two, func(p *Plan) {
			s := &p.Screening[0]
			s.Match, s.Type, s.Matches = Match{Kind: identity.Email}, 0, map[string]Match{"profile": {}, "device": {Kind: identity.Token}}
		}, "dropped [suppressed_address] path of s manual"},
	}
	for _, tt := range tests {
		for i := range tt.lists[0].entries {
			tt.lists[0].entries[i].kind = "DEVICE"
		}
		for _, c := range pushCuttings {
			mem := checked(t)
			p := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{},
				[]string{"p1", "p2"}, [][]testDevice{tt.devices, {{token: "v"}}})
			screenDevices(p, c, mem, tt.lists...)
			if tt.change != nil {
				tt.change(p)
			}
			p.LedgerAll = true
			got, err := run(p, c, unitRows)
			if err != nil {
				t.Fatal(err)
			}
			row := got[0].ledger.rows[0]
			shown := strings.NewReplacer(`"`, "", ",", " ", null, "-").Replace(strings.Join([]string{row[decisionColumn], row[reasonsColumn], row[9], row[11]}, " "))
			if shown != tt.want {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, shown, tt.want)
			}
		}
	}
}

// TestListedDevicesBeside: of a list that names tokens only the row of the one on a
// list is refused, of one beside it that names none every row of its owners, and
// neither of those of other channels.
func TestListedDevicesBeside(t *testing.T) {
	ids, devices := []string{"p1", "p2", "p3"}, [][]testDevice{{{token: "t"}, {token: "u"}}, {{token: "u"}, {token: "v"}}, {{token: "v"}}}
	tokens := []listRow{{profile: "p1", address: "t", campaign: null}, {profile: "p1", address: "u", campaign: null}}
	people := []listRow{{profile: "p1", address: null, campaign: null}, {profile: "p2", address: null, campaign: null}, {profile: "p3", address: null, campaign: null}}
	want := map[string]string{"tokens": "kept[] dropped[suppressed_address]", "people": "dropped[suppressed_address] dropped[suppressed_address] kept[]", "mail": "kept[] kept[] kept[]"}
	for _, hash := range []identity.Algorithm{identity.Clear, identity.SHA256} {
		for _, c := range pushCuttings {
			mem := checked(t)
			p := pushPlan(c, 2, mem, people, false, DeviceFilter{}, ids, devices)
			p.Lists = append(p.Lists, pushPlan(c, 2, mem, tokens, true, DeviceFilter{}, ids, devices).Lists[0], pushPlan(c, 2, mem, people, false, DeviceFilter{}, ids, devices).Lists[0])
			p.Lists[0].Name, p.Lists[1].Name, p.Lists[2].Name = "people", "tokens", "mail"
			p.Lists[2].Kind = identity.None
			s := deviceList("s", UseSuppression, "u", "w")
			s.hash = hash
			screenDevices(p, c, mem, s)
			p.LedgerAll = true
			got, err := run(p, c, unitRows)
			if err != nil {
				t.Fatal(err)
			}
			for i := range p.Lists {
				var all []string
				for _, row := range got[i].ledger.rows {
					all = append(all, row[decisionColumn]+strings.ReplaceAll(row[reasonsColumn], `"`, ""))
				}
				if name := p.Lists[i].Name; strings.Join(all, " ") != want[name] {
					t.Errorf("%s, %s, %+v: got %s, want %s", name, hash, c, all, want[name])
				}
			}
			if c.partitions < 2 && got[0].screening[0].Hits != 1 {
				t.Errorf("%s, %+v: %d entries name somebody planned, want 1", hash, c, got[0].screening[0].Hits)
			}
		}
	}
}

// TestDevicesNotAsked: without a list of tokens that refuses, where opt-outs do not
// follow the address, or without a send list that names none, nobody's devices are
// remembered.
func TestDevicesNotAsked(t *testing.T) {
	rows := []listRow{{profile: "p1", address: "t", campaign: null}}
	for _, tt := range []struct {
		name   string
		tokens bool
		share  bool
		use    Use
		want   bool
	}{
		{"of people", false, false, UseSuppression, true},
		{"of people, and a registry", false, false, UseRegistry, true},
		{"of people, and those erased", false, false, UseErased, true},
		{"of people, allowed", false, false, UseAllowed, false},
		{"of people, exempt", false, false, UseExemption, false},
		{"of people, allowed, where opt-outs follow", false, true, UseAllowed, true},
		{"of tokens", true, true, UseSuppression, false},
	} {
		mem := checked(t)
		p := pushPlan(whole, 1, mem, rows, tt.tokens, DeviceFilter{}, []string{"p1"}, [][]testDevice{{{token: "t"}}})
		p.ShareByAddress = tt.share
		screenDevices(p, whole, mem, deviceList("s", tt.use, "t"))
		if got := newOwned(p, planned(t, nil, nil)) != nil; got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
		p.Lists[0].Keys.Parts = []Part{{Rows: 40_000_000}}
		p.MemoryLimit = 1 << 30
		with := p.Partitions()
		p.Profiles.Devices = nil
		if without := p.Partitions(); (with > without) != tt.want {
			t.Errorf("%s: %d partitions, %d without devices", tt.name, with, without)
		}
	}
}

// TestExplainListedDevices: an account says that a device is listed, and where.
func TestExplainListedDevices(t *testing.T) {
	mem := checked(t)
	p := pushPlan(whole, 1, mem, []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{}, []string{"p1"}, [][]testDevice{{{token: "t"}, {token: "u"}}})
	screenDevices(p, whole, mem, deviceList("s", UseSuppression, "t", "u"), deviceList("r", UseRegistry, "u"))
	p.Screening[1].CategoryAll = consent.NoCategory
	accounts, err := Explain(context.Background(), p, [][]int64{{0}})
	if err != nil {
		t.Fatal(err)
	}
	var got []Fact
	for _, f := range accounts[0].Facts {
		if strings.HasPrefix(f.Name, "listed") {
			got = append(got, f)
		}
	}
	want := []Fact{
		{Name: "listed by device", Evidence: Evidence{Source: "path of s", Field: "field of s", Value: "manual", Time: consent.NoTime}},
		{Name: "listed by device", Evidence: Evidence{Source: "path of r", Field: "field of r", Time: consent.NoTime}},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
