package jobs

import (
	"time"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/pipeline/identity"
	"optout/writers"
)

// rules says for the report by what each list was judged.
func (p *prepared) rules() (all []writers.ListRules) {
	for i := range p.job.SendLists {
		all = append(all, p.job.listRules(&p.job.SendLists[i], p.date))
	}
	return all
}

func (j *Job) listRules(l *SendList, date logicalDate) writers.ListRules {
	r := writers.ListRules{
		List: l.Name, Channel: l.Channel, Category: "marketing", Field: channelOf(l.Channel).valField(),
		Terms:        terms(j.rule(l.Channel, "")),
		Subscription: l.Subscription, Requires: l.Requires,
		SendColumn: l.sendColumn(), SendAt: date.end(),
		DropDuplicates: l.dropDuplicates(), RequireProfile: j.requireProfile(),
		Devices:       j.devicesOf(l),
		SharedAddress: l.Address != "" && (j.propagates() || l.Profile == "") && j.Profiles.knows(channelOf(l.Channel).address),
	}
	if l.Category != "" {
		r.Category = string(l.Category)
	}
	if at, err := parseTime(l.SendAt); err == nil {
		r.SendAt = at
	}
	for _, u := range j.Policy.Jurisdictions {
		if len(u.Countries) > 0 {
			r.Jurisdictions = append(r.Jurisdictions, writers.Jurisdiction{Countries: u.Countries, Terms: j.jurisdictionTerms(l.Channel, u)})
		}
	}
	if r.DropDuplicates {
		recipient := "profile"
		if channelOf(l.Channel).address != identity.None {
			recipient = "normalised address"
		}
		r.DuplicatesBy = []string{recipient, "channel"}
		if l.Campaign != "" {
			r.DuplicatesBy = append(r.DuplicatesBy, "column "+l.Campaign)
		}
	}
	r.Screening = j.screeningRules(l)
	r.ReachComplaints = j.Policy.ReachComplaints && l.Category == "transactional"
	if l.Personalization != nil {
		for _, name := range l.Personalization.Columns {
			column := writers.PersonalColumn{Name: name}
			if text, ok := l.Personalization.Fallback[name]; ok {
				fallback := string(text)
				column.Fallback = &fallback
			}
			r.Personal = append(r.Personal, column)
		}
	}
	return r
}

// screeningRules are the lists of addresses and people that can name recipients
// of a send list.
func (j *Job) screeningRules(l *SendList) (rules []writers.ScreeningRule) {
	all := j.screenings()
	for i := range all {
		s := &all[i]
		if !s.canName(j, l) {
			continue
		}
		marketing := s.use == pipeline.UseRegistry || s.use == pipeline.UseExemption || s.suppression != nil && s.suppression.Scope == "marketing"
		rules = append(rules, writers.ScreeningRule{Kind: s.kind, Name: s.name, Bypassed: marketing && l.Category == "transactional"})
	}
	return rules
}

// jurisdictionTerms are the terms where u is the jurisdiction that matches.
func (j *Job) jurisdictionTerms(channel string, u Jurisdiction) writers.Terms {
	alone := *j
	alone.Policy.Jurisdictions = []Jurisdiction{u}
	return terms(alone.rule(channel, u.Countries[0]))
}

func terms(r consent.Rule) writers.Terms {
	t := writers.Terms{
		Mode: r.Mode.String(), Default: r.Default.String(), Gate: "opt_in",
		ValidFor: time.Duration(r.ValidFor) * time.Microsecond,
	}
	if r.Gate == consent.GateOptOut {
		t.Gate = "opt_out"
	}
	for c := consent.LI; c <= consent.PI; c++ {
		if r.AcceptBasis.Has(c) {
			t.AcceptBasis = append(t.AcceptBasis, c.String())
		}
	}
	return t
}
