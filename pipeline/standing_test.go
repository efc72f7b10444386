package pipeline

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// TestStanding: what standing on lists means for a row, and which list is the
// evidence.
func TestStanding(t *testing.T) {
	on := func(name string, use Use, values ...string) testScreening {
		return testScreening{name: name, use: use, match: "email", entries: entriesOf(values...)}
	}
	with := func(s testScreening, change func(s *testScreening)) testScreening {
		change(&s)
		return s
	}
	category := func(name string) func(*testScreening) {
		return func(s *testScreening) { s.categories, s.entries[0].category = true, name }
	}
	exemption := func(name string, registry int, values ...string) testScreening {
		return with(on(name, UseExemption, values...), func(s *testScreening) { s.registry = registry })
	}
	const row = "a@example.com" // of p1
	tests := []struct {
		name      string
		screening []testScreening
		list      testList
		want      string // decision, reasons, source and value
	}{
		{"suppressed", []testScreening{on("s", UseSuppression, row)}, testList{}, "dropped [suppressed_address] path of s manual"},
		{"another is", []testScreening{on("s", UseSuppression, "b@example.com")}, testList{}, "kept []  "},
		{"the first list", []testScreening{on("s", UseSuppression, row), on("t", UseSuppression, row)}, testList{}, "dropped [suppressed_address] path of s manual"},
		{
			"the category that binds most",
			[]testScreening{with(on("s", UseSuppression, row), category("soft")), with(on("t", UseSuppression, row), category("hard"))},
			testList{},
			"dropped [suppressed_address] path of t hard",
		},
		{
			"all messages before marketing", []testScreening{
				with(on("s", UseSuppression, row), func(s *testScreening) { category("hard")(s); s.marketingOnly = true }), with(on("t", UseSuppression, row), category("soft")),
			}, testList{}, "dropped [suppressed_address] path of t soft",
		},
		{"a complaint stops a transactional message", []testScreening{with(on("s", UseSuppression, row), category("complaint"))}, testList{transactional: true}, "dropped [suppressed_address] path of s spam_complaint"},
		{"unless the switch is on", []testScreening{with(on("s", UseSuppression, row), category("complaint"))}, testList{transactional: true, reachComplaints: true}, "kept []  "},
		{"which is not for marketing", []testScreening{with(on("s", UseSuppression, row), category("complaint"))}, testList{reachComplaints: true}, "dropped [suppressed_address] path of s spam_complaint"},
		{"nor for a hard bounce", []testScreening{with(on("s", UseSuppression, row), category("hard"))}, testList{transactional: true, reachComplaints: true}, "dropped [suppressed_address] path of s hard"},
		{"a list for marketing only", []testScreening{with(on("s", UseSuppression, row), func(s *testScreening) { s.marketingOnly = true })}, testList{transactional: true}, "kept []  "},
		{"on a registry", []testScreening{on("r", UseRegistry, row)}, testList{}, "dropped [registry] path of r "},
		{"which binds marketing", []testScreening{on("r", UseRegistry, row)}, testList{transactional: true}, "kept []  "},
		{"with an exemption", []testScreening{on("r", UseRegistry, row), exemption("e", 0, row)}, testList{}, "kept [] path of e "},
		{"of another address", []testScreening{on("r", UseRegistry, row), exemption("e", 0, "b@example.com")}, testList{}, "dropped [registry] path of r "},
		{"of another registry", []testScreening{on("r", UseRegistry, row), on("q", UseRegistry), exemption("e", 1, row)}, testList{}, "dropped [registry] path of r "},
		{"on two, exempt from one", []testScreening{on("r", UseRegistry, row), on("q", UseRegistry, row), exemption("e", 0, row)}, testList{}, "dropped [registry] path of q "},
		{"exempt, but not marketing", []testScreening{on("r", UseRegistry, row), exemption("e", 0, row)}, testList{transactional: true}, "kept []  "},
		{"erased", []testScreening{on("d", UseErased, row)}, testList{transactional: true}, "dropped [erased] path of d "},
		{"not allowed", []testScreening{on("a", UseAllowed, "b@example.com")}, testList{transactional: true}, "dropped [not_allowed]  "},
		{"allowed", []testScreening{on("a", UseAllowed, row)}, testList{}, "kept []  "},
		{"on one of two allowed lists", []testScreening{on("a", UseAllowed), on("b", UseAllowed, row)}, testList{}, "kept []  "},
		{"an allowed list of nobody", []testScreening{on("a", UseAllowed)}, testList{}, "dropped [not_allowed]  "},
		{"suppressed beats allowed", []testScreening{on("a", UseAllowed, row), on("s", UseSuppression, row)}, testList{}, "dropped [suppressed_address] path of s manual"},
		{"and not allowed", []testScreening{on("a", UseAllowed), on("s", UseSuppression, row)}, testList{}, "dropped [suppressed_address not_allowed] path of s manual"},
	}
	for _, tt := range tests {
		w := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y"})
		tt.list.name, tt.list.rows = "list", []listRow{{profile: "p1", address: row, campaign: null}}
		w.lists, w.screening, w.ledgerAll = []testList{tt.list}, tt.screening, true
		got, err := run(w.plan(whole, 1, memory.DefaultAllocator), whole, unitRows)
		if err != nil {
			t.Fatal(err)
		}
		ledger := got[0].ledger.rows[0]
		shown := strings.NewReplacer(`"`, "", ",", " ", null, "").Replace(strings.Join([]string{ledger[decisionColumn], ledger[reasonsColumn], ledger[9], ledger[11]}, " "))
		if shown != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, shown, tt.want)
		}
		if exempted := got[0].counts.Exempted; (exempted == 1) != strings.Contains(tt.want, "path of e") {
			t.Errorf("%s: %d rows are exempted", tt.name, exempted)
		}
	}
}

// TestOnePermissionEach: where a row is for all who have an address, the list that
// permits must have them all, and one that forbids only one of them.
func TestOnePermissionEach(t *testing.T) {
	for _, tt := range []struct {
		use    Use
		values []string
		want   string
	}{
		{UseAllowed, []string{"p1", "p2"}, "kept[]"},
		{UseAllowed, []string{"p1"}, "dropped[not_allowed]"},
		{UseSuppression, []string{"p2"}, "dropped[suppressed_address]"},
		{UseErased, []string{"p1"}, "dropped[erased]"},
		{UseRegistry, []string{"p2"}, "dropped[registry]"},
	} {
		w := onePerson(testRule{mode: consent.OptOut})
		w.profiles = []profileRow{{id: "p1", country: null, email: "a@example.com"}, {id: "p2", country: null, email: "a@example.com"}}
		w.lists[0].noProfile, w.lists[0].rows = true, []listRow{{profile: null, address: "a@example.com", campaign: null}}
		w.screening = []testScreening{{name: "s", use: tt.use, match: "profile", entries: entriesOf(tt.values...)}}
		if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator))[0]; got != tt.want {
			t.Errorf("use %d of %v: got %s, want %s", tt.use, tt.values, got, tt.want)
		}
	}
}

// TestLiftsTogether: what lifts or permits by profile must be said of all people of an
// address. Of exemptions one list must say it, which is the evidence; allowed lists
// are as one.
func TestLiftsTogether(t *testing.T) {
	people := func(name string, use Use, values ...string) testScreening {
		return testScreening{name: name, use: use, match: "profile", entries: entriesOf(values...)}
	}
	registry := people("r", UseRegistry, "p1")
	for _, tt := range []struct {
		name      string
		screening []testScreening
		want      string
	}{
		{"one exemption for one", []testScreening{registry, people("e", UseExemption, "p1")}, "dropped[registry]"},
		{"one exemption for both", []testScreening{registry, people("e", UseExemption, "p1", "p2")}, "kept[]"},
		{"two exemptions, one for each", []testScreening{registry, people("e", UseExemption, "p1"), people("f", UseExemption, "p2")}, "dropped[registry]"},
		{"two exemptions, one for both", []testScreening{registry, people("e", UseExemption, "p1"), people("f", UseExemption, "p2", "p1")}, "kept[]"},
		{"two allowed lists, one for each", []testScreening{people("a", UseAllowed, "p1"), people("b", UseAllowed, "p2")}, "kept[]"},
	} {
		w := onePerson(testRule{mode: consent.OptOut})
		w.profiles = []profileRow{{id: "p1", country: null, email: "a@example.com"}, {id: "p2", country: null, email: "a@example.com"}}
		w.lists[0].noProfile, w.lists[0].rows = true, []listRow{{profile: null, address: "a@example.com", campaign: null}}
		w.screening = tt.screening
		if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator))[0]; got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// slotOf looks one digest up.
func (d *digester) slotOf(t *testing.T, digest []byte) slot {
	t.Helper()
	h, ok := readDigest([]byte(hex.EncodeToString(digest)), len(digest))
	if !ok {
		t.Fatalf("%x is no digest", digest)
	}
	found, err := d.lookupAll([]hexDigest{h})
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

// TestDigestsAreExact: a digest that agrees in its first words alone is not that
// of the key, and one of another length is nobody's.
func TestDigestsAreExact(t *testing.T) {
	r := planned(t, nil, []string{"a@example.com", "b@example.com"})
	x := newDigestIndex(r.addresses[identity.Email], EntryHash{Algorithm: identity.SHA256}, 2)
	d := x.newDigester()
	digest := slices.Clone(d.digest(1))
	if got := d.slotOf(t, digest); got != 1 {
		t.Errorf("got slot %d, want 1", got)
	}
	digest[20] ^= 1
	if got := d.slotOf(t, digest); got != noSlot {
		t.Errorf("got slot %d for a digest of nobody", got)
	}
	for text, want := range map[string]bool{
		hex.EncodeToString(digest): true, strings.ToUpper(hex.EncodeToString(digest)): true,
		hex.EncodeToString(digest[1:]): false, hex.EncodeToString(append(digest, 0)): false, strings.Repeat("zz", 32): false, "": false,
	} {
		h, ok := readDigest([]byte(text), 32)
		if got := h.append(nil); ok != want || ok && (!bytes.Equal(got, digest) || binary.LittleEndian.Uint64(got) != h.head) {
			t.Errorf("%q: got %x, %v", text, got, ok)
		}
	}
}

// TestDigestsCollide: keys whose places in the table collide are all found.
func TestDigestsCollide(t *testing.T) {
	var ids []string
	for i := range 1000 { // of 1334 places
		ids = append(ids, fmt.Sprintf("%d@example.com", i))
	}
	r := planned(t, nil, ids)
	keys := r.addresses[identity.Email]
	for _, how := range []EntryHash{{Algorithm: identity.MD5}, {Algorithm: identity.HMACSHA256, Key: []byte("k")}} {
		d := newDigestIndex(keys, how, 3).newDigester()
		for s := range slot(keys.len()) {
			if got := d.slotOf(t, d.digest(s)); got != s {
				t.Errorf("%s: got slot %d, want %d", how.Algorithm, got, s)
			}
		}
	}
}

// TestDigitsOfPhones: a list may hash phone numbers without their plus.
func TestDigitsOfPhones(t *testing.T) {
	x := newIndex(newHasher())
	k := x.hasher.key([]byte("+15551234567"))
	if _, err := x.intern(&k, []byte("+15551234567")); err != nil {
		t.Fatal(err)
	}
	for digits, text := range map[bool]string{false: "+15551234567", true: "15551234567"} {
		h := identity.SHA256.New(nil)
		h.Write([]byte(text))
		d := newDigestIndex(x, EntryHash{Algorithm: identity.SHA256, Digits: digits}, 1).newDigester()
		if got := d.slotOf(t, h.Sum(nil)); got != 0 {
			t.Errorf("digits %v: %s is not found", digits, text)
		}
	}
}

// TestListedByAnother: a profile that is never to be contacted, or to be
// forgotten, is reached under its address, too, whoever the row is for.
func TestListedByAnother(t *testing.T) {
	for _, tt := range []struct {
		use    Use
		share  bool
		listed string
		want   string
	}{
		{UseSuppression, true, "p2", "dropped[suppressed_address]"},
		{UseErased, true, "p2", "dropped[erased]"},
		{UseRegistry, true, "p2", "kept[]"}, // a registry is of those who are called
		{UseSuppression, false, "p2", "kept[]"},
		{UseErased, true, "p3", "kept[]"},
	} {
		w := onePerson(testRule{mode: consent.OptOut})
		w.share = tt.share
		w.profiles = []profileRow{
			{id: "p1", country: null, email: "a@example.com"}, {id: "p2", country: null, email: "a@example.com"}, {id: "p3", country: null, email: "b@example.com"},
		}
		w.screening = []testScreening{{name: "s", use: tt.use, match: "profile", entries: entriesOf(tt.listed)}}
		if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator))[0]; got != tt.want {
			t.Errorf("use %d of %s, shared %v: got %s, want %s", tt.use, tt.listed, tt.share, got, tt.want)
		}
	}
}

// TestErasedWithoutID: a profile to be forgotten whose id is lost still has its
// address.
func TestErasedWithoutID(t *testing.T) {
	for _, tt := range []struct {
		share, noProfile bool
		want             string
	}{{true, false, "dropped[erased]"}, {false, false, "kept[]"}, {true, true, "dropped[erased]"}, {false, true, "dropped[erased]"}} {
		w := onePerson(testRule{mode: consent.OptOut})
		w.share, w.lists[0].noProfile = tt.share, tt.noProfile
		w.profiles = []profileRow{{id: "p1", country: null, email: "a@example.com"}, {id: null, country: null, email: "a@example.com", erased: true}}
		if got := outcomes(t, w.plan(whole, 1, memory.DefaultAllocator))[0]; got != tt.want {
			t.Errorf("shared %v, without profiles %v: got %s, want %s", tt.share, tt.noProfile, got, tt.want)
		}
	}
}
