package pipeline

import (
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// null stands for a null in the text columns of a world.
const null = "\x00null"

// world is a small job in plain text: what tests say, and what they turn into
// tables of Arrow records in every way that must not matter.
type world struct {
	profiles  []profileRow
	byAddress bool // profiles are found by their email address
	inputs    []testInput
	screening []testScreening
	logs      []testLog
	lists     []testList

	requireProfile bool
	latest         bool
	share          bool                // an opt-out follows the address
	rules          map[string]testRule // by country, "" for all others
	ledgerAll      bool
}

// profileRow is a profile; its key is its id, or its email in a world by address.
type profileRow struct {
	id, country, email string
	erased             bool
}

// testInput is a consent snapshot.
type testInput struct {
	name string
	by   keyForm
	rows []consentRow
}

// keyForm says how the rows of a snapshot are matched.
type keyForm uint8

const (
	byID       keyForm = iota // by a column of profile ids
	byEmail                   // by a column of email addresses
	byIDMap                   // by the ids of an identity map in the namespace CRM
	byEmailMap                // by its ids in the namespace Email
)

func (f keyForm) address() bool { return f == byEmail || f == byEmailMap }

// consentRow is a record of a snapshot. An empty text and null are both no
// answer.
type consentRow struct {
	id                                   string
	ids                                  []mappedID // of an identity map, in place of id
	any, email, mail, personalize, share string
	emailTime, emailEnd                  int64 // of the email value alone; no end is 0
	time                                 int64 // of all others; microseconds, consent.NoTime for none
	identities                           []identityRow
	subscriptions                        []subscriptionRow
}

type mappedID struct{ namespace, id string }

type identityRow struct {
	namespace, id, email, personalize, share string
	time                                     int64 // of the email value alone
}

type subscriptionRow struct{ list, val string }

type testList struct {
	name          string
	mail          bool // direct mail, which has no address; else email
	transactional bool
	bound         bool // to the subscription "news"
	requires      bool // the purpose share
	personal      bool
	duplicates    bool // dropped
	noProfile     bool // the list has no column of profile ids
	noAddress     bool // nor of addresses
	times         bool // the list has a column of times of sending

	sender          string
	reachComplaints bool
	rows            []listRow
}

// listRow is a row of a send list; at is its time of sending, 0 for null.
type listRow struct {
	profile, address, campaign string
	at                         int64
}

func (l *testList) channel() string {
	if l.mail {
		return "direct_mail"
	}
	return "email"
}

// addressed reports whether the messages of the list have an address.
func (l *testList) addressed() bool { return !l.mail && !l.noAddress }

type testRule struct {
	mode     consent.Mode
	fallback string
	accept   []string
	validFor int64
	gate     consent.Gate
}

// cutting says how the tables of a world are cut up: rows of a part, rows of a
// record, whether records are slices and text comes dictionary-encoded, and
// whether profile ids that are all UUIDs or numbers come as such, in lists and in
// snapshots.
type cutting struct {
	part, batch             int
	sliced, dictionary      bool
	nativeList, nativeInput bool
	partitions              int // 0 for one
}

// whole is a table in one piece.
var whole = cutting{part: 1000, batch: 1000}

const (
	fieldAny Field = iota
	fieldEmail
	fieldMail
	fieldPersonalize
	fieldShare
	fieldNews
)

var fieldNames = []string{
	"marketing.any.val", "marketing.email.val", "marketing.postalMail.val", "personalize.content.val", "share.val",
	"marketing.email.subscriptions.news.val",
}

// Times in a world are microseconds since its epoch, 2020.
const epoch = 1_577_836_800_000_000

// sendAt is when the test's messages go out, unless their row says otherwise.
const sendAt = 1_000_000

var testNormalizer = sync.OnceValue(func() *identity.Normalizer {
	n, err := identity.NewNormalizer(identity.Options{})
	if err != nil {
		panic(err)
	}
	return n
})

// plan turns the world into a plan.
func (w *world) plan(c cutting, threads int, mem memory.Allocator) *Plan {
	p := &Plan{
		RunID: "test", Normalizer: testNormalizer(), Latest: w.latest, ShareByAddress: w.share, LedgerAll: w.ledgerAll,
		Threads: threads, Memory: mem, Fields: fieldNames, AsOf: epoch + asOf,
		Profiles: &Profiles{Source: "profiles", Table: w.profileTable(c, mem), Key: KeyColumns{Column: 0}, Country: 1, Erased: 2},
	}
	if w.byAddress {
		p.Profiles.Key = KeyColumns{Column: 3, Kind: identity.Email}
	} else {
		p.Profiles.Addresses = []AddressColumn{{Kind: identity.Email, Column: 3}}
	}
	for i := range w.inputs {
		p.Consents = append(p.Consents, w.input(&w.inputs[i], c, mem))
	}
	for i := range w.screening {
		p.Screening = append(p.Screening, w.screening[i].list(c, mem))
	}
	for i := range w.logs {
		p.Events = append(p.Events, w.logs[i].plan(c, mem))
	}
	for i := range w.lists {
		p.Lists = append(p.Lists, w.list(&w.lists[i], c, mem))
	}
	return p
}

func (w *world) input(in *testInput, c cutting, mem memory.Allocator) Consents {
	keys := map[keyForm]KeyColumns{
		byID:       {Column: 0},
		byEmail:    {Column: 0, Kind: identity.Email},
		byIDMap:    {Column: NoColumn, Namespaces: MapColumn{16, 2}, IDs: MapColumn{17, 4}, Namespace: "CRM"},
		byEmailMap: {Column: NoColumn, Namespaces: MapColumn{16, 2}, IDs: MapColumn{17, 4}, Namespace: "email", Kind: identity.Email},
	}
	return Consents{
		Source: in.name, Table: w.inputTable(in, c, mem), Key: keys[in.by], Time: 6,
		Fields: []FieldColumns{
			{fieldAny, 1, NoColumn, NoColumn},
			{fieldEmail, 2, 7, 18},
			{fieldMail, 3, NoColumn, NoColumn},
			{fieldPersonalize, 4, NoColumn, NoColumn},
			{fieldShare, 5, NoColumn, NoColumn},
		},
		Identity: &IdentityColumns{
			Namespaces: MapColumn{8, 2}, IDs: MapColumn{9, 4},
			Fields: []IdentityField{
				{Field: fieldEmail, Val: MapColumn{10, 5}, Time: &MapColumn{11, 5}},
				{Field: fieldPersonalize, Val: MapColumn{12, 5}},
				{Field: fieldShare, Val: MapColumn{13, 5}},
			},
		},
		Subscriptions: []SubscriptionColumns{{Names: MapColumn{14, 2}, Val: MapColumn{15, 3}, Field: map[string]Field{"news": fieldNews}}},
	}
}

func (w *world) list(l *testList, c cutting, mem memory.Allocator) List {
	list := List{
		Name: l.name, Channel: l.channel(), Kind: identity.Email, Transactional: l.transactional,
		Keys: w.keyTable(l, c, mem), Rows: l.rowTable(c, mem), Profile: 0, Address: 1, Campaign: 2, SendAt: NoColumn, SendAll: epoch + sendAt,
		Any: fieldAny, Consent: fieldEmail, Subscription: NoField, Personalize: NoField,
		ProfileView: KeyView{2, arrow.BinaryTypes.String}, AddressView: KeyView{3, arrow.BinaryTypes.String},
		DropDuplicates: l.duplicates, RequireProfile: w.requireProfile,
		Sender: l.sender, ReachComplaints: l.reachComplaints,
		Rule: func(country string) consent.Rule { return w.rule(country).rule() },
	}
	if l.mail {
		list.Kind, list.Consent = identity.None, fieldMail
	}
	if l.noProfile {
		list.Profile, list.ProfileView.Column = NoColumn, NoColumn
	}
	if l.noAddress {
		list.Address, list.AddressView.Column = NoColumn, NoColumn
	}
	if l.times {
		list.SendAt = 3
	}
	if l.bound {
		list.Subscription = fieldNews
	}
	if l.personal {
		list.Personalize = fieldPersonalize
		list.Personalized = []Replacement{{Column: 1}}
	}
	if l.requires {
		list.Purposes = []Field{fieldShare}
	}
	return list
}

func (w *world) rule(country string) testRule {
	if r, ok := w.rules[country]; ok {
		return r
	}
	return w.rules[""]
}

func (r testRule) rule() consent.Rule {
	rule := consent.Rule{Mode: r.mode, ValidFor: r.validFor, Gate: r.gate}
	rule.Default, _ = consent.ParseChoice(r.fallback)
	for _, a := range r.accept {
		basis, _ := consent.ParseChoice(a)
		rule.AcceptBasis = rule.AcceptBasis.With(basis)
	}
	return rule
}

// turned is the world with the rows of its snapshots in the opposite order and
// every one of them twice, which must not show.
func (w *world) turned() *world {
	t := *w
	t.profiles = slices.Concat(w.profiles, w.profiles)
	slices.Reverse(t.profiles)
	t.inputs = slices.Clone(w.inputs)
	for i := range t.inputs {
		in := &t.inputs[i]
		in.rows = slices.Concat(in.rows, in.rows)
		slices.Reverse(in.rows)
	}
	t.screening = slices.Clone(w.screening)
	for i := range t.screening {
		s := &t.screening[i]
		s.entries = slices.Concat(s.entries, s.entries)
		slices.Reverse(s.entries)
	}
	t.logs = slices.Clone(w.logs)
	for i := range t.logs {
		l := &t.logs[i]
		l.events = slices.Concat(l.events, l.events)
		slices.Reverse(l.events)
	}
	return &t
}

// isUUIDText and isNumber say whether all ids of a column can come as such.
func isUUIDText(id string) bool { return len(id) == 36 && strings.Count(id, "-") == 4 }

func isNumber(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }
