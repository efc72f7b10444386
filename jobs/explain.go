package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// A Question asks why somebody was kept or refused. Exactly one of Profile,
// Address and Row says who.
type Question struct {
	Profile string
	Address string // in any spelling
	Row     *int64 // of List, counted from zero as in the ledger
	List    string // "" for every list

	JobFile string // where relative paths of inputs start; "" for where the run says

	HashKey []byte                           // of address hashes, as when the run was made
	Secret  func(name string) ([]byte, bool) // as in Options
	Threads int                              // at least 1
}

// An Explanation is the answer.
type Explanation struct {
	Job   string         `json:"job"`
	RunID string         `json:"run_id"`
	Date  string         `json:"date"`
	Path  string         `json:"path"`
	Rows  []RowExplained `json:"rows"`

	// WithoutAudience are the lists whose audience is not there any more: their kept
	// rows are found by their number only.
	WithoutAudience []string `json:"without_audience,omitempty"`

	// Judged says that the rows were judged again from the inputs of the run;
	// NotJudged is why they were not.
	Judged    bool   `json:"judged_again"`
	NotJudged string `json:"not_judged,omitempty"`
	Differs   bool   `json:"differs"` // some row is not judged as it was published
}

// RowExplained is one planned row: what the run published of it, and where the
// inputs are still there what they say of it.
type RowExplained struct {
	List        string  `json:"list"`
	Channel     string  `json:"channel"`
	Row         int64   `json:"row"`
	ProfileID   *string `json:"profile_id"`
	AddressHash *string `json:"address_hash"`
	Published   Outcome `json:"published"`

	Judged      *Judged  `json:"judged"`
	Differences []string `json:"differences,omitempty"` // between the two

	inLedger bool
}

// An Outcome is what became of a row, as the ledger says it: the last four are the
// evidence for the primary reason.
type Outcome struct {
	Decision    string     `json:"decision"`
	Reason      *string    `json:"reason"`
	Reasons     []string   `json:"reasons"`
	Source      *string    `json:"source"`
	Field       *string    `json:"field"`
	Value       *string    `json:"value"`
	EffectiveAt *time.Time `json:"effective_at"`
}

// ErrNotPlanned means that a run planned no message to whom was asked for.
var ErrNotPlanned = errors.New("no planned row of the run is about that profile, address or row")

// Explain answers a question about a published run. Path is as in FindRun. The
// answer is personal data about whom was asked for; others it tells of by their
// number alone.
func Explain(ctx context.Context, path string, q Question) (*Explanation, error) {
	r, err := openPastRun(path, "", q.HashKey)
	if err != nil {
		return nil, err
	}
	if q.List != "" && r.list(q.List) == nil {
		return nil, &UsageError{fmt.Errorf("the run has no send list %s; it has %s", q.List, strings.Join(r.listNames(), ", "))}
	}
	e := &Explanation{Job: r.manifest.Job, RunID: r.manifest.RunID, Date: r.manifest.Date, Path: r.dir, Rows: []RowExplained{}}
	usable := false
	for _, l := range r.summary.Lists {
		if q.List != "" && q.List != l.Name {
			continue
		}
		is, ok := r.asked(&q, l.Channel)
		if usable = usable || ok; !ok {
			continue
		}
		first := len(e.Rows)
		err := r.eachRow(ctx, l.Name, func(p pastRow) error {
			if is(&p) {
				e.Rows = append(e.Rows, RowExplained{
					List: l.Name, Channel: l.Channel, Row: p.row,
					ProfileID: orNull(p.profile), AddressHash: orNull(p.addressHash), Published: published(p.ledger), inLedger: p.ledger != nil,
				})
			}
			return nil
		})
		if errors.Is(err, errNoAudience) {
			e.WithoutAudience = append(e.WithoutAudience, l.Name)
			if q.Row != nil && *q.Row < l.Planned && len(e.Rows) == first { // refused rows are in the ledger
				e.Rows = append(e.Rows, RowExplained{List: l.Name, Channel: l.Channel, Row: *q.Row, Published: published(nil)})
			}
		} else if err != nil {
			return nil, err
		}
		slices.SortFunc(e.Rows[first:], func(a, b RowExplained) int { return cmp.Compare(a.Row, b.Row) })
	}
	switch {
	case !usable:
		return nil, &UsageError{errors.New("what is asked for is neither a profile id nor an address as the lists of the run have them")}
	case len(e.Rows) == 0 && e.WithoutAudience != nil && q.Row == nil:
		return nil, fmt.Errorf("%w, unless it was kept: the audiences of %s were deleted", ErrNotPlanned, strings.Join(e.WithoutAudience, ", "))
	case len(e.Rows) == 0:
		return nil, ErrNotPlanned
	}
	return e, r.judgeAgain(ctx, &q, e)
}

func (r *pastRun) listNames() (names []string) {
	for i := range r.summary.Lists {
		names = append(names, r.summary.Lists[i].Name)
	}
	return names
}

// asked returns what tells whether a row of a channel is asked for, and false
// where no row of it can be.
func (r *pastRun) asked(q *Question, channel string) (is func(*pastRow) bool, ok bool) {
	switch {
	case q.Row != nil:
		return func(p *pastRow) bool { return p.row == *q.Row }, true
	case q.Profile != "":
		id, status := r.normalizer.AppendProfileID(nil, []byte(q.Profile))
		return func(p *pastRow) bool { return p.profile != nil && slices.Equal(p.profile, id) }, status == identity.Valid
	}
	address, status := r.normalizer.AppendAddress(nil, channelOf(channel).address, []byte(q.Address))
	hash := identity.HashAddress(r.hashKey, address)
	return func(p *pastRow) bool { return string(p.addressHash) == hash }, status == identity.Valid
}

// published is what a ledger says of a row; nil is a kept one that it has not.
func published(l *pipeline.LedgerRow) Outcome {
	o := Outcome{Decision: consent.Kept.String(), Reasons: []string{}}
	if l == nil {
		return o
	}
	o.Decision, o.Reason = string(l.Decision), orNull(l.Reason)
	o.Source, o.Field, o.Value = orNull(l.Source), orNull(l.Field), orNull(l.Value)
	for _, reason := range l.Reasons {
		o.Reasons = append(o.Reasons, string(reason))
	}
	if l.Effective != consent.NoTime {
		at := time.UnixMicro(l.Effective).UTC()
		o.EffectiveAt = &at
	}
	return o
}
