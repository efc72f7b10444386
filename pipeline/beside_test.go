package pipeline

import (
	"context"
	"slices"
	"testing"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// besidePlan is a plan of a row of p1 that names no device, over profiles of which some
// are to be forgotten.
func besidePlan(t *testing.T, c cutting, profiles []profileRow, devices [][]testDevice, consents ...consentRow) *Plan {
	t.Helper()
	var ids []string
	for _, p := range profiles {
		ids = append(ids, p.id)
	}
	mem := checked(t)
	p := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{}, ids, devices, consents...)
	w := world{profiles: profiles}
	p.Profiles.Table = spliced(p.Profiles.Table, w.profileTable(c, mem), 2)
	return p
}

// TestSharedOwned: whoever else has a device that a row would reach, though it names
// none, counts as does who shares an address.
func TestSharedOwned(t *testing.T) {
	p1, p2 := profileRow{id: "p1", country: null, email: null}, profileRow{id: "p2", country: null, email: null}
	gone, lost := p2, p2
	gone.erased, lost.erased, lost.id = true, true, null
	both := []profileRow{p1, p2}
	on := func(use Use, ids ...string) []testScreening {
		return []testScreening{{name: "s", use: use, match: "profile", entries: entriesOf(ids...)}}
	}
	t1, u := []testDevice{{token: "t"}, {token: "u"}}, []testDevice{{token: " u"}}
	shared, apart := [][]testDevice{t1, u}, [][]testDevice{t1, {{token: "v"}}}
	no, yes := consentRow{id: "p2", email: "n"}, consentRow{id: "p2", email: "y"}
	yesAt := consentRow{id: "p2", any: "dn", identities: []identityRow{{namespace: "Push", id: "u", email: "y", time: consent.NoTime}}}
	tests := []struct {
		name     string
		profiles []profileRow
		devices  [][]testDevice
		lists    []testScreening
		consents []consentRow
		change   func(p *Plan)
		want     string
		scans    int64
	}{
		{"nobody speaks against it", both, shared, nil, []consentRow{yes}, nil, "kept[]", 2},
		{"suppressed", both, shared, on(UseSuppression, "p2"), nil, nil, "dropped[suppressed_address]", 2},
		{"suppressed, of another device", both, apart, on(UseSuppression, "p2"), nil, nil, "kept[]", 2},
		{"suppressed, and no address is followed", both, shared, on(UseSuppression, "p2"), nil, func(p *Plan) { p.ShareByAddress = false }, "kept[]", 1},
		{"suppressed, in an earlier record", []profileRow{p2, p1}, [][]testDevice{u, t1}, on(UseSuppression, "p2"), nil, nil, "dropped[suppressed_address]", 2},
		{"on a list of the erased", both, shared, on(UseErased, "p2"), nil, nil, "dropped[erased]", 2},
		{"on a registry", both, shared, on(UseRegistry, "p2"), nil, nil, "kept[]", 2},
		{"allowed alone", both, shared, on(UseAllowed, "p2"), nil, nil, "dropped[not_allowed]", 2},
		{"to be forgotten", []profileRow{p1, gone}, shared, nil, nil, nil, "dropped[erased]", 2},
		{"to be forgotten, of another device", []profileRow{p1, gone}, apart, nil, nil, nil, "kept[]", 2},
		{"to be forgotten, in another record", []profileRow{gone, p1, p2}, [][]testDevice{nil, t1, u}, nil, nil, nil, "dropped[erased]", 2},
		{"to be forgotten, without an id", []profileRow{p1, lost}, shared, nil, nil, nil, "dropped[erased]", 2},
		{"to be forgotten, and no address is followed", []profileRow{p1, gone}, shared, nil, nil, func(p *Plan) { p.ShareByAddress = false }, "kept[]", 1},
		{"opted out", both, shared, nil, []consentRow{no}, nil, "dropped[opt_out_shared]", 2},
		{"opted out, of another device", both, apart, nil, []consentRow{no}, nil, "kept[]", 2},
		{"opted out of all", both, shared, nil, []consentRow{{id: "p2", any: "n", email: "y"}}, nil, "dropped[opt_out_shared]", 2},
		{"in for a device, out by default", both, shared, nil, []consentRow{yesAt}, nil, "dropped[opt_out_shared]", 2},
		{"opted out, and no address is followed", both, shared, nil, []consentRow{no}, func(p *Plan) { p.ShareByAddress = false }, "kept[]", 1},
		{"opted out, transactional", both, shared, nil, []consentRow{no}, func(p *Plan) { p.Lists[0].Transactional = true }, "kept[]", 2},
		{"suppressed, transactional", both, shared, on(UseSuppression, "p2"), nil, func(p *Plan) { p.Lists[0].Transactional = true }, "dropped[suppressed_address]", 2},
		{"of a device that p1 denies", both, [][]testDevice{{{token: "t"}, {token: "u", denied: "true"}}, u}, on(UseSuppression, "p2"), []consentRow{no}, nil, "kept[]", 2},
		{"of a device that p2 denies", both, [][]testDevice{t1, {{token: "u", denied: "true"}}}, on(UseSuppression, "p2"), nil, nil, "dropped[suppressed_address]", 2},
		{"of a device of another app", both, [][]testDevice{{{token: "t", app: "a"}, {token: "u", app: "b"}}, u}, nil, []consentRow{no}, func(p *Plan) { p.Lists[0].Devices = DeviceFilter{App: "a"} }, "dropped[opt_out_shared]", 2},
	}
	for _, tt := range tests {
		for _, c := range pushCuttings {
			p := besidePlan(t, c, tt.profiles, tt.devices, tt.consents...)
			for i := range tt.lists {
				p.Screening = append(p.Screening, tt.lists[i].list(c, checked(t)))
			}
			if tt.change != nil {
				tt.change(p)
			}
			scans := openings(&p.Profiles.Table)
			if got := outcomesOf(t, p, c); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, got, tt.want)
			}
			if n := scans.Load(); c.partitions < 2 && n != tt.scans {
				t.Errorf("%s, %+v: the profiles are read %d times, want %d", tt.name, c, n, tt.scans)
			}
		}
	}
}

// TestSharedOwnedBeside: of lists beside it the rows of other people hear nothing of
// those devices, and the one that names the shared token hears the same.
func TestSharedOwnedBeside(t *testing.T) {
	devices := [][]testDevice{{{token: "t"}, {token: "u"}}, {{token: "u"}}}
	profiles := []profileRow{{id: "p1", country: null, email: null}, {id: "p2", country: null, email: null}, {id: "p3", country: null, email: null}}
	devices = append(devices, []testDevice{{token: "w"}})
	for _, c := range pushCuttings {
		mem := checked(t)
		p := besidePlan(t, c, profiles, devices, consentRow{id: "p2", email: "n"})
		named := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: "u", campaign: null}, {profile: "p1", address: "t", campaign: null}, {profile: "p3", address: "w", campaign: null}},
			true, DeviceFilter{}, []string{"p1"}, devices[:1])
		mail := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{}, []string{"p1"}, devices[:1])
		mail.Lists[0].Kind = identity.None
		p.Lists = append(p.Lists, named.Lists[0], mail.Lists[0])
		p.LedgerAll = true
		got, err := run(p, c, unitRows)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range [][]string{{"dropped"}, {"dropped", "kept", "kept"}, {"kept"}} {
			var all []string
			for _, row := range got[i].ledger.rows {
				all = append(all, row[decisionColumn])
			}
			if !slices.Equal(all, want) {
				t.Errorf("list %d, %+v: got %s, want %s", i, c, all, want)
			}
		}
	}
}

// TestExplainSharedOwned: an account says how many others have one of the devices, and
// which rule heard them.
func TestExplainSharedOwned(t *testing.T) {
	profiles := []profileRow{{id: "p1", country: null, email: null}, {id: "p2", country: null, email: null, erased: true}}
	p := besidePlan(t, whole, profiles, [][]testDevice{{{token: "t"}, {token: "u"}}, {{token: "u"}, {token: "t"}}}, consentRow{id: "p2", email: "n"})
	accounts, err := Explain(context.Background(), p, [][]int64{{0}})
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{}
	for _, f := range accounts[0].Facts {
		facts[f.Name] = f.Value
	}
	for name, want := range map[string]string{"other profiles with one of the devices": "1", "another profile with one of the devices": "n", "profile erased": "yes"} {
		if facts[name] != want {
			t.Errorf("%s: got %q, want %q", name, facts[name], want)
		}
	}
	for _, r := range accounts[0].Rules {
		if r.Reason == consent.OptOutShared && r.Answer != Refuses {
			t.Errorf("opt_out_shared: got %s, want refuses", r.Answer)
		}
	}
}
