package pipeline

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// A Plan says what to read and how to judge it. It is data and tables only; the
// package reads no file and no clock.
type Plan struct {
	RunID      string
	Normalizer *identity.Normalizer
	HashKey    []byte   // of address_hash in the ledger; empty for plain SHA-256
	Fields     []string // the consents that the job reads, by the names that ledgers show
	Latest     bool     // of two records of one profile the later wins, not the more restrictive

	Lists    []List
	Profiles *Profiles // nil where the job names none
	Consents []Consents

	// Screening are the suppression and allowed lists, registries and the like.
	Screening []ScreeningList

	// Events are what people said since the snapshots, and AsOf the time that the
	// run is for, microseconds since 1970 UTC: no opt-in of a later time counts.
	Events []EventLog
	AsOf   int64

	// ShareByAddress lets an opt-out follow the address: a no of any profile that
	// has a row's address drops the row.
	ShareByAddress bool

	// MemoryLimit is how many bytes a run should stay under, 0 for any number.
	MemoryLimit int64

	LedgerAll bool // the ledger has a row for every kept recipient too
	Threads   int  // at least 1
	Memory    memory.Allocator

	// Progress is told of rows as they are read; it may be nil and is called
	// from several goroutines.
	Progress func(stage Stage, rows int64)
}

// A Stage is a step of the life of a run.
type Stage uint8

const (
	StageRecipients Stage = iota
	StageProfiles
	StageScreening
	StageEvents
	StageConsents
	StageEmit

	NumStages
)

// Progress names of the stages.
var stageNames = [NumStages]string{"reading send lists", "reading profiles", "reading lists of whom not to contact", "reading events", "reading consents", "writing audiences"}

func (s Stage) String() string { return stageNames[s] }

// A List is one send list.
type List struct {
	Name          string
	Channel       string // by its name in the job
	Kind          identity.Kind
	Transactional bool

	// Devices says which devices a push message is for.
	Devices DeviceFilter

	// Sender is the id that the messages come from, which some suppressions are
	// bound to; it may be empty.
	Sender string

	// ReachComplaints lets transactional messages reach addresses that are
	// suppressed for a spam complaint.
	ReachComplaints bool

	// Keys is the list read for its keys alone; the columns below are its
	// columns by number, NoColumn for those the list does not have.
	Keys     Table
	Profile  int
	Address  int
	Campaign int
	SendAt   int
	SendAll  int64 // when the messages go out where SendAt is NoColumn, microseconds since 1970 UTC

	// Rows is the list whole, every column as it is stored, with the same parts
	// as Keys; ProfileView and AddressView are its columns of keys.
	Rows                     Table
	ProfileView, AddressView KeyView

	Any          Field
	Consent      Field // of the channel
	Subscription Field // NoField where the list is not bound to one
	Personalize  Field // NoField where the list has no personal content
	Purposes     []Field

	Personalized   []Replacement // columns of Rows that hold personal content
	DropDuplicates bool
	RequireProfile bool

	// Rule is the policy for the list's channel in a country, "" for an
	// unknown one.
	Rule func(country string) consent.Rule
}

// A KeyView is a column of keys among columns as they are stored.
type KeyView struct {
	Column int            // or NoColumn
	Type   arrow.DataType // that its values have as keys: of the same layout
}

// NoColumn stands for a column that a table does not have.
const NoColumn = -1

// A Replacement says what a generic row has in a column of personal content:
// null, or the one value of Fallback, an array of the type of the column.
type Replacement struct {
	Column   int // of List.Rows
	Fallback arrow.Array
}

// Profiles is the snapshot of who exists.
type Profiles struct {
	Source  string // for evidence
	Table   Table
	Key     KeyColumns
	Country int // column of country codes, or NoColumn
	Erased  int // boolean column, or NoColumn

	// Addresses are the columns that say which addresses a profile has. They need
	// a Key of profile ids.
	Addresses []AddressColumn

	// Devices are the profiles' push registrations, nil where the job names none.
	Devices *DeviceColumns
}

// AddressColumn is a column of addresses of one kind.
type AddressColumn struct {
	Kind   identity.Kind
	Column int // or NoColumn, where it is one of entries

	Entries MapColumn
}

// KeyColumns says which person or address a row is about.
type KeyColumns struct {
	Column int // of profile ids, or NoColumn where the row has an identity map
	// Of an identity map: the columns of its namespaces and ids, lists of
	// entries whose repetition levels nest, and which namespace counts, with
	// the kind of address it holds; None for profile ids.
	Namespaces, IDs MapColumn
	Namespace       string
	Kind            identity.Kind

	// Entries is a list of keys in place of Column, nil for none.
	Entries *MapColumn
}

// A MapColumn is a repeated column: each row is a list of Parquet entries with
// their levels.
type MapColumn struct {
	Column        int
	MaxDefinition int // definition level of an entry that has a value
}

// Consents is one consent snapshot.
type Consents struct {
	Source string // for evidence: the path
	Table  Table
	Key    KeyColumns
	Fields []FieldColumns
	Time   int // column of metadata.time, the time of every value without one, or NoColumn

	// Values reads what the snapshot says in place of the schema's choice
	// values, which are read all the same where it does not name them.
	Values map[string]consent.Choice

	Identity      *IdentityColumns // consents for one address, nil for none
	Subscriptions []SubscriptionColumns
}

// FieldColumns is where a snapshot has a field.
type FieldColumns struct {
	Field     Field
	Val, Time int // columns; Time may be NoColumn
	Expires   int // column of the times when a yes ends, or NoColumn
}

// IdentityColumns is where a snapshot has consents for one address: a map of
// namespaces to a map of ids.
type IdentityColumns struct {
	Namespaces, IDs MapColumn
	Fields          []IdentityField
}

// IdentityField is a field inside the map of ids.
type IdentityField struct {
	Field Field
	Val   MapColumn
	Time  *MapColumn // nil for none
}

// SubscriptionColumns is where a snapshot has a map of subscriptions.
type SubscriptionColumns struct {
	Names MapColumn
	Val   MapColumn
	Field map[string]Field // by the name of the subscription
}

func (p *Plan) progress(stage Stage, rows int64) {
	if p.Progress != nil {
		p.Progress(stage, rows)
	}
}
