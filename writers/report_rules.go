package writers

import "time"

// ListRules are the rules by which one send list was judged, as the report
// words them. They are what the job file and its defaults came to, not what it
// spelled out.
type ListRules struct {
	List     string // its name in the summary
	Channel  string // by its name in the job: email, sms, …
	Category string // marketing or transactional
	Field    string // the consent read for the channel, such as marketing.email.val; "" for none

	// Terms hold for everybody whom no jurisdiction names: profiles of other
	// countries, and recipients whose country is not known.
	Terms
	Jurisdictions []Jurisdiction // the first that names a country holds

	Subscription string   // the subscription that must not be refused; "" where the list is bound to none
	Requires     []string // purposes that every row must permit: share, collect, …

	SendColumn string    // the column of the send time; "" where all rows go out at SendAt
	SendAt     time.Time // read where SendColumn is ""

	DropDuplicates bool
	DuplicatesBy   []string // what two rows share to be duplicates: "normalised address", "channel", "column campaign_id"

	RequireProfile bool // a row without a profile is dropped
	SharedAddress  bool // an opt-out of another profile with the same address binds

	// Devices says which devices a push list is for, "" for a list of no devices
	// that the profiles know.
	Devices string

	Screening       []ScreeningRule // lists of addresses and people that can name recipients
	ReachComplaints bool            // who is suppressed for a spam complaint only is reached

	Personal []PersonalColumn // columns of personal content; none for a list without
}

// Terms are the policy for one channel in one jurisdiction.
type Terms struct {
	Mode        string        // opt_in or opt_out
	Default     string        // the choice value that stands for silence; "" for none
	AcceptBasis []string      // legal bases that count as permission: LI, CT, CP, VI, PI
	ValidFor    time.Duration // for how long a yes holds; 0 for ever
	Gate        string        // of personal content, opt_in or opt_out; shown where the list has some
}

// A Jurisdiction is where other terms hold. The report shows what differs.
type Jurisdiction struct {
	Countries []string // as the job names them
	Terms              // complete, not only what differs
}

// A PersonalColumn is a column that a person who refused personalisation gets
// in general words.
type PersonalColumn struct {
	Name     string
	Fallback *string // nil where the column becomes null
}
