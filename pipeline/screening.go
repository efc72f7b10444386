package pipeline

import (
	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// A ScreeningList is a list of addresses, domains or people that says something
// of whoever stands on it: consent.md, section 7. It is streamed once, after the
// profiles, and marks the planned recipients that it names.
type ScreeningList struct {
	Name   string // in the job
	Field  string // for evidence: the key of the list, as in suppressions.bounces
	Source string // for evidence: the path
	Use    Use
	Table  Table

	// Value is the column of entries. Match says what they are; where Type is a
	// column, it says so row by row, by the texts of Matches without regard to
	// case, and Match stands for null.
	Value   int
	Match   Match
	Type    int // column, or NoColumn
	Matches map[string]Match

	// Normalizer reads the entries; nil stands for that of the plan.
	Normalizer *identity.Normalizer

	// Hash says how the entries are hashed.
	Hash EntryHash

	// Category of an entry of a suppression list: All, or where Category is a
	// column what Categories makes of its text without regard to case. A text that
	// it does not name is the most binding category.
	Category    int // column, or NoColumn
	Categories  map[string]consent.Category
	CategoryAll consent.Category

	// Status is a column whose texts in Ignored, without regard to case, take an
	// entry off the list.
	Status  int // column, or NoColumn
	Ignored []string

	// Sender is a column of sender ids: the entry binds the send lists of that
	// sender only. Where it is NoColumn the list binds all.
	Sender int

	MarketingOnly bool // of a suppression list: it does not bind transactional messages

	// Registry is the number in Plan.Screening of the registry that an Exemption
	// lifts.
	Registry int
}

// A Use is what standing on a screening list means.
type Use uint8

const (
	UseSuppression Use = iota // never contact
	UseAllowed                // nobody else may be contacted
	UseRegistry               // no marketing, as do-not-call
	UseExemption              // lifts a hit of a registry
	UseErased                 // the person asked to be forgotten
)

// A Match is what the entries of a screening list are.
type Match struct {
	Kind       identity.Kind // of addresses; None for profile ids
	Domain     bool          // domains of email addresses; Kind is Email
	Subdomains bool          // and all domains below them

	// Widened are addresses taken for one: of clear email addresses only.
	Widened identity.Widening
}

// EntryHash says how the entries of a screening list are hashed, over the normal
// form of what they stand for.
type EntryHash struct {
	Algorithm identity.Algorithm // Clear for entries that are not hashed
	Key       []byte             // of HMAC
	Digits    bool               // phone numbers were hashed without their plus
}

// ScreeningCounts says what a screening list holds, over all its rows.
type ScreeningCounts struct {
	Rows      int64
	Ignored   int64 // off the list by their status
	Empty     int64 // null, empty or a placeholder: they name nobody
	Malformed int64 // no address, domain or digest of the kind that the list is of
	Hits      int64 // entries that name a planned recipient
	// WrongLength are those of the malformed that have not the length of a digest
	// of a hashed list.
	WrongLength int64
	Wrong       []int64 // rows of the first malformed entries, in order

	// Sketch is a sample of the valid entries; nil where the plan has no HashKey.
	Sketch Sketch
}
