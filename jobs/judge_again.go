package jobs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// Judged is a planned row judged again, from the inputs of the run.
type Judged struct {
	Outcome
	Generic     bool         `json:"generic"`      // its content is not personal
	DuplicateOf *PlannedRow  `json:"duplicate_of"` // null for none
	Facts       []Fact       `json:"facts"`
	Governing   string       `json:"governing"` // the level whose answer the mode read: any, channel, identity or default
	Terms       []Terms      `json:"terms"`     // by which it was judged, for each country
	Rules       []RuleAnswer `json:"rules"`     // of every rule, the most severe first
}

// PlannedRow is a row of a send list.
type PlannedRow struct {
	List string `json:"list"`
	Row  int64  `json:"row"`
}

// A Fact is one thing that an input says, or that follows from all of them.
type Fact struct {
	Fact        string     `json:"fact"`
	Value       *string    `json:"value"`
	Class       string     `json:"class,omitempty"` // of a choice value, as the rules read it
	Source      *string    `json:"source"`
	Field       *string    `json:"field"`
	EffectiveAt *time.Time `json:"effective_at"`
}

// Terms are what silence and open answers mean.
type Terms struct {
	Mode        string   `json:"mode"`
	Default     string   `json:"default"` // "" for none
	AcceptBasis []string `json:"accept_basis"`
	ValidFor    float64  `json:"valid_for_seconds"` // 0 for ever
	Gate        string   `json:"personalization_gate"`
}

// A RuleAnswer is what the rule said that gives a reason.
type RuleAnswer struct {
	Reason      string     `json:"reason"`
	Answer      string     `json:"answer"` // not_asked, passes, lifted, bypassed or refuses
	Source      *string    `json:"source"`
	Field       *string    `json:"field"`
	Value       *string    `json:"value"`
	EffectiveAt *time.Time `json:"effective_at"`
}

// judgeAgain judges rows from the inputs of the run, if they are still what they
// were. If not, it says why not.
func (r *pastRun) judgeAgain(ctx context.Context, q *Question, e *Explanation) error {
	p, why, err := r.prepareAgain(ctx, q)
	if why != nil {
		e.NotJudged = why.Error()
	}
	if p == nil {
		return err
	}
	rows := make([][]int64, len(p.plan.Lists))
	for i := range e.Rows {
		at := slices.IndexFunc(p.plan.Lists, func(l pipeline.List) bool { return l.Name == e.Rows[i].List })
		rows[at] = append(rows[at], e.Rows[i].Row)
	}
	for i := range rows {
		slices.Sort(rows[i])
	}
	accounts, err := pipeline.Explain(ctx, p.plan, rows)
	if err != nil {
		return err
	}
	e.Judged = true
	for i := range accounts {
		a := &accounts[i]
		at := slices.IndexFunc(e.Rows, func(x RowExplained) bool { return x.List == a.List && x.Row == a.Row })
		e.Rows[at].Judged = judged(a)
		e.Rows[at].compare()
		e.Differs = e.Differs || len(e.Rows[at].Differences) > 0
	}
	return nil
}

// prepareAgain opens the inputs of the run as it did. Why is what stands in the way
// where they are not what they were.
func (r *pastRun) prepareAgain(ctx context.Context, q *Question) (p *prepared, why, err error) {
	base := baseDir(r.dir, r.manifest, q.JobFile)
	if base == "" {
		return nil, errors.New("nobody knows where the job file was; --job JOB.yaml says so"), nil
	}
	states, err := inputStates(ctx, r.manifest, base)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range states {
		switch s.State {
		case FileChanged, FileGone:
			return nil, fmt.Errorf("%s, of %s, is %s since", s.Path, s.Input, s.State), nil
		case FileUnknown:
			return nil, errors.New("the run has no digests of its inputs, so nobody knows whether they are the same"), nil
		}
	}
	if r.job.dir, err = filepath.Abs(base); err != nil {
		return nil, nil, err
	}
	if why := r.job.checkKeys(q.Secret); why != nil {
		return nil, why, nil
	}
	day, err := r.job.newDate(r.manifest.Date, r.manifest.StartedAt)
	if err != nil {
		return nil, nil, err
	}
	p, err = prepare(ctx, &opener{job: r.job, date: day, now: r.manifest.StartedAt, gates: &gates{}, secret: q.Secret, threads: q.Threads}, nil)
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		return nil, refusal, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if len(p.inputs()) != len(r.manifest.Inputs) {
		return nil, errors.New("this version of optout reads other inputs than the run did"), nil
	}
	for i, in := range p.inputs() {
		if !sameFiles(in.info.Files, r.manifest.Inputs[i].Files) {
			return nil, fmt.Errorf("%s has other files than it had", in.subject()), nil
		}
	}
	p.plan.HashKey, p.plan.Threads, p.plan.RunID = r.hashKey, max(q.Threads, 1), r.manifest.RunID
	return p, nil, nil
}

func sameFiles(now, then []writers.InputFile) bool {
	return slices.EqualFunc(now, then, func(a, b writers.InputFile) bool { return a.Path == b.Path && a.Bytes == b.Bytes })
}

// judged is an account in the words of JSON.
func judged(a *pipeline.Account) *Judged {
	j := &Judged{Generic: a.Generic, Governing: a.Governing, Facts: []Fact{}, Terms: []Terms{}, Rules: []RuleAnswer{}}
	j.Decision, j.Reasons = a.Decision.String(), []string{}
	for _, reason := range a.Reasons {
		j.Reasons = append(j.Reasons, reason.String())
	}
	if len(j.Reasons) > 0 {
		j.Reason = &j.Reasons[0]
	}
	j.Source, j.Field, j.Value, j.EffectiveAt = said(a.Evidence)
	if a.Duplicate != nil {
		j.DuplicateOf = &PlannedRow{a.Duplicate.List, a.Duplicate.Row}
	}
	for _, f := range a.Facts {
		fact := Fact{Fact: f.Name, Class: f.Class}
		fact.Source, fact.Field, fact.Value, fact.EffectiveAt = said(f.Evidence)
		j.Facts = append(j.Facts, fact)
	}
	for _, rule := range a.Terms {
		t := terms(rule)
		basis := append([]string{}, t.AcceptBasis...)
		j.Terms = append(j.Terms, Terms{Mode: t.Mode, Default: t.Default, AcceptBasis: basis, ValidFor: t.ValidFor.Seconds(), Gate: t.Gate})
	}
	for _, r := range a.Rules {
		answer := RuleAnswer{Reason: r.Reason.String(), Answer: r.Answer.String()}
		answer.Source, answer.Field, answer.Value, answer.EffectiveAt = said(r.Evidence)
		j.Rules = append(j.Rules, answer)
	}
	return j
}

// said is evidence with nothing for what it has not.
func said(e pipeline.Evidence) (source, field, value *string, at *time.Time) {
	word := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	if e.Time != consent.NoTime {
		t := time.UnixMicro(e.Time).UTC()
		at = &t
	}
	return word(e.Source), word(e.Field), word(e.Value), at
}

// compare holds what was published of a row against what it is judged now.
func (x *RowExplained) compare() {
	was, is := &x.Published, &x.Judged.Outcome
	differ := func(what, was, is string) {
		if was != is {
			x.Differences = append(x.Differences, fmt.Sprintf("%s: published %s, judged %s", what, orDash(was), orDash(is)))
		}
	}
	differ("decision", was.Decision, is.Decision)
	differ("reasons", fmt.Sprint(was.Reasons), fmt.Sprint(is.Reasons))
	if !x.inLedger {
		return
	}
	differ("source", orEmpty(was.Source), orEmpty(is.Source))
	differ("field", orEmpty(was.Field), orEmpty(is.Field))
	differ("value", orEmpty(was.Value), orEmpty(is.Value))
	differ("effective_at", timeText(was.EffectiveAt), timeText(is.EffectiveAt))
}

func orDash(text string) string { return orDefaultText(text, "-") }

func orEmpty(text *string) string { return orDefault(text, "") }

func timeText(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.Format(time.RFC3339Nano)
}
