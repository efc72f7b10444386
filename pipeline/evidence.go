package pipeline

import (
	"optout/pipeline/consent"
)

// evidence is the record that decided a refusal: which input, which field of
// it, what it said and since when.
type evidence struct {
	source, field, value string
	time                 int64
}

// evidence finds the record behind the primary reason of a verdict. It is
// looked up again, for refused rows only, rather than kept for all.
func (j *judge) evidence(row int64, v consent.Verdict) evidence {
	l := j.list
	switch v.Reasons.Primary() {
	case consent.Erased, consent.NoProfile:
		return evidence{source: j.plan.Profiles.Source, time: consent.NoTime}
	case consent.OptOutShared:
		field, a := j.sharedOptOut(row)
		return j.said(field, a)
	}
	switch v.Level {
	case consent.LevelAny:
		return j.said(l.Any, j.answer(row, l.Any))
	case consent.LevelChannel:
		return j.said(l.Consent, j.answer(row, l.Consent))
	case consent.LevelIdentity:
		return j.saidOwn(l.Consent, j.own(row, l.Consent))
	case consent.LevelSubscription:
		return j.said(l.Subscription, j.answer(row, l.Subscription))
	case consent.LevelPurpose:
		field := l.Purposes[v.Purpose]
		a, own := j.purpose(row, field)
		if own {
			return j.saidOwn(field, a)
		}
		return j.said(field, a)
	case consent.LevelDefault:
		return j.byDefault(row)
	}
	return evidence{time: consent.NoTime}
}

// said is an answer in a field, or that there is none.
func (j *judge) said(field Field, a answer) evidence {
	e := evidence{time: consent.NoTime}
	if field == NoField {
		return e
	}
	e.field = j.plan.Fields[field]
	if a.Choice == consent.Absent {
		return e
	}
	e.source, e.value, e.time = j.plan.Consents[a.source].Source, a.Choice.String(), a.Time
	if a.Choice == consent.Invalid {
		e.value = shown(a.text)
	}
	return e
}

// saidOwn is an answer for the row's address only.
func (j *judge) saidOwn(field Field, a answer) evidence {
	e := j.said(field, a)
	e.field = "idSpecific." + j.list.Kind.String() + "." + e.field
	return e
}

// byDefault is the default that refused a row; of those of several countries the
// most restrictive.
func (j *judge) byDefault(row int64) evidence {
	f, rules := j.gather(row)
	refused := consent.Absent
	for _, rule := range rules {
		if consent.Judge(f, rule).Level == consent.LevelDefault {
			refused = max(refused, rule.Default)
		}
	}
	return evidence{source: "policy", field: "channels." + j.list.Channel + ".default", value: refused.String(), time: consent.NoTime}
}
