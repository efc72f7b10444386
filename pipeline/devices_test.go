package pipeline

import (
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

// testDevice is an entry of a profile's devices; an empty text is null.
type testDevice struct{ token, app, platform, id, denied, blocked string }

// deviceTable has for each profile its id and its devices.
func deviceTable(c cutting, mem memory.Allocator, ids []string, devices [][]testDevice) Table {
	return newTable(c, len(ids), func(from, to int) arrow.Record {
		columns := []arrow.Array{textArray(mem, c.dictionary, from, to, func(i int) string { return ids[i] })}
		flag := array.NewBooleanBuilder(mem)
		defer flag.Release()
		for range to - from {
			flag.AppendNull()
		}
		none := textArray(mem, false, from, to, func(int) string { return null })
		columns = append(columns, none, flag.NewArray())
		for _, get := range []func(testDevice) string{
			func(d testDevice) string { return d.token }, func(d testDevice) string { return d.app }, func(d testDevice) string { return d.platform },
			func(d testDevice) string { return d.id }, func(d testDevice) string { return d.denied }, func(d testDevice) string { return d.blocked },
		} {
			b := newEntryBuilder(mem, arrow.BinaryTypes.String)
			for _, of := range devices[from:to] {
				b.row()
				if len(of) == 0 {
					b.add(0, 1, null, 3)
				}
				for i, d := range of {
					text := get(d)
					if text == "" {
						text = null
					}
					b.add(min(i, 1), 3, text, 3)
				}
			}
			columns = append(columns, b.array())
		}
		return record(to-from, columns...)
	})
}

// pushPlan is a plan of one push list over some profiles with devices.
func pushPlan(c cutting, threads int, mem memory.Allocator, rows []listRow, tokens bool, filter DeviceFilter, ids []string, devices [][]testDevice, consents ...consentRow) *Plan {
	w := onePerson(testRule{mode: consent.OptOut})
	w.share = true
	w.inputs[0].rows, w.lists[0].rows = consents, rows
	p := w.plan(c, threads, mem)
	l := &p.Lists[0]
	l.Kind, l.Channel, l.Devices = identity.Token, "push", filter
	if !tokens {
		l.Address, l.AddressView.Column = NoColumn, NoColumn
	}
	at := func(column int) *MapColumn { return &MapColumn{column, 3} }
	p.Profiles.Table = deviceTable(c, mem, ids, devices)
	p.Profiles.Devices = &DeviceColumns{Tokens: *at(3), App: at(4), Platform: at(5), IDs: at(6), Denied: []MapColumn{*at(7), *at(8)}}
	p.Profiles.Addresses = []AddressColumn{{Kind: identity.Token, Column: NoColumn, Entries: *at(3)}}
	return p
}

var pushCuttings = []cutting{
	whole, {part: 1, batch: 1, partitions: 2}, {part: 3, batch: 2, sliced: true, dictionary: true, partitions: 3},
}

// TestTokens: a token must be one that some profile has, that nobody denies, and
// of the app and platform that the message is for.
func TestTokens(t *testing.T) {
	tests := []struct {
		name    string
		filter  DeviceFilter
		devices [][]testDevice // of p1, p2
		want    string         // for token-1 of p1
	}{
		{"known", DeviceFilter{}, [][]testDevice{{{token: "token-1"}}, nil}, "kept[]"},
		{"the second of several", DeviceFilter{}, [][]testDevice{{{token: "token-0", denied: "true"}, {token: "token-1"}}, nil}, "kept[]"},
		{"in another case", DeviceFilter{}, [][]testDevice{{{token: "Token-1"}}, nil}, "dropped[invalid_token]"},
		{"nobody's", DeviceFilter{}, [][]testDevice{nil, nil}, "dropped[invalid_token]"},
		{"another's", DeviceFilter{}, [][]testDevice{nil, {{token: " token-1"}}}, "kept[]"},
		{"denied", DeviceFilter{}, [][]testDevice{{{token: "token-1", denied: "true"}}, nil}, "dropped[invalid_token]"},
		{"denied under another name", DeviceFilter{}, [][]testDevice{{{token: "token-1", denied: "false", blocked: "true"}}, nil}, "dropped[invalid_token]"},
		{"denied by another", DeviceFilter{}, [][]testDevice{{{token: "token-1"}}, {{token: "token-1", blocked: "true"}}}, "dropped[invalid_token]"},
		{"not denied", DeviceFilter{}, [][]testDevice{{{token: "token-1", denied: "false", blocked: "false"}}, nil}, "kept[]"},
		{"of the app", DeviceFilter{App: "a"}, [][]testDevice{{{token: "token-1", app: "a"}}, nil}, "kept[]"},
		{"of another app", DeviceFilter{App: "a"}, [][]testDevice{{{token: "token-1", app: "A"}}, nil}, "dropped[invalid_token]"},
		{"of an unknown app", DeviceFilter{App: "a"}, [][]testDevice{{{token: "token-1"}}, nil}, "dropped[invalid_token]"},
		{"of two apps", DeviceFilter{App: "a"}, [][]testDevice{{{token: "token-1", app: "a"}, {token: "token-1", app: "b"}}, nil}, "dropped[invalid_token]"},
		{"of the platform", DeviceFilter{Platforms: []string{"fcm", "apns"}}, [][]testDevice{{{token: "token-1", platform: "APNS"}}, nil}, "kept[]"},
		{"of another platform", DeviceFilter{Platforms: []string{"fcm"}}, [][]testDevice{{{token: "token-1", platform: "apns"}}, nil}, "dropped[invalid_token]"},
	}
	for _, tt := range tests {
		for _, c := range pushCuttings {
			mem := checked(t)
			rows := []listRow{{profile: "p1", address: "token-1", campaign: null}}
			p := pushPlan(c, 2, mem, rows, true, tt.filter, []string{"p1", "p2"}, tt.devices)
			if got := outcomesOf(t, p, c); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, got, tt.want)
			}
		}
	}
}

// outcomesOf is outcomes of a plan in a given cutting.
func outcomesOf(t *testing.T, p *Plan, c cutting) (all []string) {
	t.Helper()
	p.LedgerAll = true
	got, err := run(p, c, unitRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range got[0].ledger.rows {
		all = append(all, row[decisionColumn]+strings.NewReplacer(`"`, "", ",", " ").Replace(row[reasonsColumn]))
	}
	return all
}

// TestOwnersOfDevices: a list that names no tokens is for all devices of its
// people.
func TestOwnersOfDevices(t *testing.T) {
	no := func(namespace, id, val string) consentRow {
		return consentRow{id: "p1", identities: []identityRow{{namespace: namespace, id: id, email: val, time: consent.NoTime}}}
	}
	fcm := DeviceFilter{App: "a", Platforms: []string{"fcm"}}
	tests := []struct {
		name    string
		filter  DeviceFilter
		devices []testDevice // of p1
		consent consentRow
		want    string
	}{
		{"none", DeviceFilter{}, nil, consentRow{}, "dropped[no_address]"},
		{"one without a token", DeviceFilter{}, []testDevice{{app: "a"}, {token: "null"}}, consentRow{}, "dropped[no_address]"},
		{"one", DeviceFilter{}, []testDevice{{token: "t"}}, consentRow{}, "kept[]"},
		{"denied", DeviceFilter{}, []testDevice{{token: "t", denied: "true"}}, consentRow{}, "dropped[invalid_token]"},
		{"one of two denied", DeviceFilter{}, []testDevice{{token: "t", denied: "true"}, {token: "u"}}, consentRow{}, "kept[]"},
		{"none of the app and platform", fcm, []testDevice{{token: "t", app: "a", platform: "apns"}, {token: "u", app: "b", platform: "fcm"}}, consentRow{}, "dropped[invalid_token]"},
		{"one of the app and platform", fcm, []testDevice{{token: "t", app: "a", platform: "apns"}, {token: "u", app: "a", platform: "fcm"}}, consentRow{}, "kept[]"},
		{"a no of one", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}, {token: "u", id: "d2"}}, no("ECID", "d2", "n"), "dropped[opt_out_identity]"},
		{"an invalid answer of one", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}}, no("ECID", "d1", "ja"), "dropped[consent_invalid]"},
		{"a no for an address", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}}, no("Email", "a@example.com", "n"), "kept[]"},
		{"a no for one that cannot be named", DeviceFilter{}, []testDevice{{token: "t", id: "d 1"}}, no("ECID", "d 1", "n"), "dropped[opt_out_identity]"},
		{"a no for two in one text", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}}, no("ECID", "d1 d2", "n"), "dropped[opt_out_identity]"},
		{"a no for nobody", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}}, no("ECID", "none", "n"), "kept[]"},
		{"a yes of one", DeviceFilter{}, []testDevice{{token: "t", id: "d1"}}, no("ECID", "d1", "y"), "kept[]"},
	}
	for _, tt := range tests {
		for _, c := range pushCuttings {
			rows := []listRow{{profile: "p1", address: null, campaign: null}}
			p := pushPlan(c, 2, checked(t), rows, false, tt.filter, []string{"p1"}, [][]testDevice{tt.devices}, tt.consent)
			if got := outcomesOf(t, p, c); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, got, tt.want)
			}
		}
	}
	// A yes for one device is no answer of the others.
	p := pushPlan(whole, 1, checked(t), []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{},
		[]string{"p1"}, [][]testDevice{{{token: "t", id: "d1"}, {token: "u", id: "d2"}}}, no("ECID", "d1", "y"))
	p.Lists[0].Rule = func(string) consent.Rule { return consent.Rule{} }
	if got := outcomesOf(t, p, whole); got[0] != "dropped[consent_missing]" {
		t.Errorf("got %s, want no permission", got)
	}
}

// TestOwnersBesideOthers: profiles that only another list brings in have no row of a
// list without tokens, and their devices are passed over.
func TestOwnersBesideOthers(t *testing.T) {
	ids, devices := []string{"p1", "p2", "p3"}, [][]testDevice{{{token: "t"}}, {{token: "token-1"}}, {{token: "token-1"}}}
	for _, c := range pushCuttings {
		mem := checked(t)
		p := pushPlan(c, 2, mem, []listRow{{profile: "p1", address: null, campaign: null}}, false, DeviceFilter{}, ids, devices)
		other := pushPlan(c, 2, mem, []listRow{{profile: null, address: "token-1", campaign: null}}, true, DeviceFilter{}, ids, devices)
		other.Lists[0].Profile = NoColumn
		p.Lists = append(p.Lists, other.Lists[0])
		if got := outcomesOf(t, p, c); !slices.Equal(got, []string{"kept[]"}) {
			t.Errorf("%+v: got %s, want the row kept", c, got)
		}
	}
}

// TestConsentOfDevices: a consent for one device, given under its id or its token,
// holds for its tokens and no others.
func TestConsentOfDevices(t *testing.T) {
	devices := [][]testDevice{{{token: "token-1", id: "d1"}, {token: "token-2", id: "d2"}, {token: "token-3", id: "d1"}}}
	rows := []listRow{
		{profile: "p1", address: "token-1", campaign: null}, {profile: "p1", address: "token-2", campaign: null}, {profile: "p1", address: "token-3", campaign: null},
	}
	for _, tt := range []struct{ namespace, id, want string }{
		{"ECID", "d1", "no yes no"},
		{"ecid", " d2", "yes no yes"},
		{"ECID", "token-1", "no yes yes"},
		{"Push", "token-2", "yes no yes"},
		{"Push", "d1", "yes yes yes"},
		{"ECID", "D1", "yes yes yes"},
		{"ECID", "", "yes yes yes"},
	} {
		for _, c := range pushCuttings {
			row := consentRow{id: "p1", identities: []identityRow{{namespace: tt.namespace, id: tt.id, email: "n", time: consent.NoTime}}}
			var got []string
			for _, o := range outcomesOf(t, pushPlan(c, 2, checked(t), rows, true, DeviceFilter{}, []string{"p1"}, devices, row), c) {
				got = append(got, map[string]string{"kept[]": "yes", "dropped[opt_out_identity]": "no"}[o])
			}
			if fmt.Sprint(got) != "["+tt.want+"]" {
				t.Errorf("%s %s, %+v: got %s, want %s", tt.namespace, tt.id, c, got, tt.want)
			}
		}
	}
}

// TestSharedDevice: an opt-out of another profile that has the token counts, as
// with every address.
func TestSharedDevice(t *testing.T) {
	devices := [][]testDevice{{{token: "token-1"}}, {{token: "token-0"}, {token: "token-1"}}}
	rows := []listRow{{profile: "p1", address: "token-0", campaign: null}, {profile: "p1", address: "token-1", campaign: null}}
	for val, want := range map[string]string{"n": "dropped[opt_out_shared]", "y": "kept[]"} {
		for _, c := range pushCuttings {
			p := pushPlan(c, 2, checked(t), rows, true, DeviceFilter{}, []string{"p1", "p2"}, devices, consentRow{id: "p2", email: val})
			if got := outcomesOf(t, p, c); got[0] != want || got[1] != want {
				t.Errorf("%s, %+v: got %s, want %s", val, c, got, want)
			}
		}
	}
}

// TestDevicesMisaligned: columns of devices that do not belong together are
// damage.
func TestDevicesMisaligned(t *testing.T) {
	rows := []listRow{{profile: "p1", address: "token-1", campaign: null}}
	mem := checked(t)
	p := pushPlan(whole, 1, mem, rows, true, DeviceFilter{}, []string{"p1"}, [][]testDevice{{{token: "token-1"}}})
	other := deviceTable(whole, mem, []string{"p1"}, [][]testDevice{{{token: "token-1"}, {token: "token-2", denied: "true"}}})
	p.Profiles.Table = spliced(p.Profiles.Table, other, 7)
	if _, err := run(p, whole, unitRows); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v, want damage", err)
	}
}
