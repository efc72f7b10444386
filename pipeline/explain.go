package pipeline

import (
	"cmp"
	"context"
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// An Account is all that is known of one planned row and what each rule made of
// it, in the words of a ledger. It tells of other people by their number only.
type Account struct {
	PlannedRow
	Facts     []Fact
	Governing string         // the level whose answer the mode read: any, channel, identity or default
	Terms     []consent.Rule // by which it was judged: several where it is about several countries
	Rules     []RuleAnswer   // of every rule, by severity

	Decision  consent.Decision
	Reasons   []consent.Reason // by severity
	Generic   bool             // its content is not personal
	Evidence                   // of the primary reason
	Duplicate *PlannedRow      // the row that it repeats
}

// Evidence is the record that decided: its texts are empty, and its time is
// consent.NoTime, where there is none.
type Evidence struct {
	Source, Field, Value string
	Time                 int64 // microseconds since 1970 UTC
}

// A Fact is one thing that an input says of a row, or that follows from all.
type Fact struct {
	Name  string
	Class string // of a choice value: how the rules read it
	Evidence
}

// A RuleAnswer is what a rule made of the facts.
type RuleAnswer struct {
	Reason consent.Reason // that the rule gives
	Answer Answer
	Evidence
}

// An Answer is what a rule says.
type Answer uint8

const (
	NotAsked Answer = iota // the rule has no say on this list
	Passes
	Lifted   // an exemption passed it
	Bypassed // it refused, and does not bind a message that is not marketing
	Refuses
)

func (a Answer) String() string {
	return [...]string{"not_asked", "passes", "lifted", "bypassed", "refuses"}[a]
}

// Explain judges some rows again and tells all that was found of them. Rows has,
// for each list of the plan, their numbers in order. It reads every list and
// every snapshot, and memory follows the rows asked for.
func Explain(ctx context.Context, p *Plan, rows [][]int64) ([]Account, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	c, err := p.choose(ctx, rows)
	if err != nil {
		return nil, err
	}
	reduced := *p
	reduced.Lists, reduced.Progress = c.lists, nil
	recipients, err := readRecipients(ctx, &reduced, partition{0, 1}, newHashers())
	if err != nil {
		return nil, err
	}
	f := newFacts(&reduced, recipients)
	if _, err := f.match(ctx, &reduced); err != nil {
		return nil, err
	}
	var all []Account
	for i := range reduced.Lists {
		l := &reduced.Lists[i]
		j := newJudge(&reduced, l, &recipients.lists[i], f)
		for at, row := range c.rows[i] {
			if _, asked := slices.BinarySearch(rows[i], row); !asked {
				continue
			}
			a := j.account(int64(at))
			a.PlannedRow = PlannedRow{l.Name, row}
			if of, is := c.duplicateOf[a.PlannedRow]; is {
				a.Duplicate = &of
			}
			all = append(all, a)
		}
	}
	return all, nil
}

// account judges a row and tells of it.
func (j *judge) account(row int64) (a Account) {
	f, rules := j.gather(row)
	facts := *f
	facts.Purposes = slices.Clone(f.Purposes)
	a.Terms = slices.Clone(rules)
	a.Governing = levelName(facts.Governing())
	var v consent.Verdict
	var refusals []consent.Refusal
	for i, rule := range a.Terms {
		next, told := consent.Explain(&facts, rule)
		refusals = append(refusals, told...)
		if i == 0 {
			v = next
		} else {
			v = consent.Both(v, next)
		}
	}
	a.Decision, a.Reasons = v.Decision, v.Reasons.Append(nil)
	a.Generic = j.list.Personalize != NoField && v.Generic
	exempt := j.standingOf.exempt
	a.Evidence = Evidence{Time: consent.NoTime}
	switch {
	case v.Reasons != 0:
		a.Evidence = j.plan.told(j.list, j.finding(row, v))
	case exempt.is() && !j.list.Transactional:
		a.Evidence = j.plan.told(j.list, onScreening(exempt.number(), consent.NoCategory))
	}
	for r := range consent.NumReasons {
		a.Rules = append(a.Rules, j.answerOf(row, r, v, refusals))
	}
	a.Facts = j.found(row)
	return a
}

// told is a finding in the words of a ledger.
func (p *Plan) told(l *List, f finding) Evidence {
	e := p.evidence(l, f)
	return Evidence{e.source, e.field, e.value, e.time}
}

// answerOf is what the rule said that gives a reason, with the record that made it
// say so.
func (j *judge) answerOf(row int64, r consent.Reason, v consent.Verdict, refusals []consent.Refusal) RuleAnswer {
	answer := RuleAnswer{Reason: r, Evidence: Evidence{Time: consent.NoTime}}
	if j.asks(r) {
		answer.Answer = Passes
	}
	if exempt := j.standingOf.exempt; r == consent.Registry && exempt.is() {
		answer.Answer = Lifted
		answer.Evidence = j.plan.told(j.list, onScreening(exempt.number(), consent.NoCategory))
	}
	refusals = slices.DeleteFunc(slices.Clone(refusals), func(n consent.Refusal) bool { return n.Reason != r })
	if len(refusals) == 0 {
		return answer
	}
	// Of several levels the coarsest, as a verdict has it.
	refusal := slices.MinFunc(refusals, func(x, y consent.Refusal) int { return cmp.Compare(x.Level, y.Level) })
	answer.Answer = Refuses
	if refusal.Bypassed {
		answer.Answer = Bypassed
	}
	alone := consent.Verdict{Reasons: consent.Reasons(0).With(r), Level: refusal.Level, Purpose: v.Purpose}
	answer.Evidence = j.plan.told(j.list, j.finding(row, alone))
	return answer
}

// asks reports whether a rule can refuse rows of the list at all.
func (j *judge) asks(r consent.Reason) bool {
	p, l := j.plan, j.list
	uses := func(use Use, match func(Match) bool) bool {
		return slices.ContainsFunc(p.Screening, func(s ScreeningList) bool {
			return s.Use == use && slices.ContainsFunc(s.matches(), match)
		})
	}
	whole := func(m Match) bool { return !m.Domain }
	domain := func(m Match) bool { return m.Domain }
	switch r {
	case consent.Erased:
		return p.Profiles != nil && p.Profiles.Erased != NoColumn || uses(UseErased, whole)
	case consent.SuppressedAddress:
		return uses(UseSuppression, whole)
	case consent.SuppressedDomain:
		return uses(UseSuppression, domain)
	case consent.NotAllowed:
		return p.hasAllowed()
	case consent.NoIdentity:
		return l.Profile != NoColumn
	case consent.MalformedAddress:
		return l.Kind != identity.None && l.Address != NoColumn
	case consent.NoAddress:
		return l.Kind != identity.None
	case consent.InvalidToken:
		return l.Kind == identity.Token && j.facts.devices != nil
	case consent.OptOutSubscription:
		return l.Subscription != NoField
	case consent.OptOutShared:
		return l.Profile == NoColumn || p.ShareByAddress && j.knowsOthers()
	case consent.Registry:
		return uses(UseRegistry, func(Match) bool { return true })
	case consent.PurposeDenied:
		return len(l.Purposes) > 0
	case consent.NoProfile:
		return l.RequireProfile
	case consent.Duplicate:
		return l.DropDuplicates
	case consent.FrequencyCap:
		return false // no rule gives it yet
	}
	return true
}

func levelName(l consent.Level) string {
	switch l {
	case consent.LevelAny:
		return "any"
	case consent.LevelChannel:
		return "channel"
	case consent.LevelIdentity:
		return "identity"
	}
	return "default"
}
