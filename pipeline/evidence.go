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
	none := evidence{time: consent.NoTime}
	switch v.Reasons.Primary() {
	case consent.Erased, consent.NoProfile:
		none.source = j.plan.Profiles.Source
		return none
	case consent.OptOutShared:
		field, value, source := j.sharedOptOut(row)
		return evidence{
			source: j.plan.Consents[source].Source, field: j.plan.Fields[field],
			value: value.Choice.String(), time: value.Time,
		}
	}
	switch v.Level {
	case consent.LevelAny:
		return j.answer(row, j.list.Any)
	case consent.LevelChannel:
		return j.answer(row, j.list.Consent)
	case consent.LevelSubscription:
		return j.answer(row, j.list.Subscription)
	case consent.LevelPurpose:
		return j.answer(row, j.list.Purposes[v.Purpose])
	case consent.LevelIdentity:
		value, source := j.identity(row, j.list.Consent)
		return evidence{
			source: j.plan.Consents[source].Source,
			field:  "idSpecific." + j.list.Kind.String() + "." + j.plan.Fields[j.list.Consent],
			value:  value.Choice.String(), time: value.Time,
		}
	case consent.LevelDefault:
		_, rules := j.gather(row)
		for _, rule := range rules {
			none.value = max(none.value, rule.Default.String())
		}
		none.source, none.field = "policy", "channels."+j.list.Channel+".default"
	}
	return none
}

// answer is what a snapshot said of the row's person or address.
func (j *judge) answer(row int64, field Field) evidence {
	value, from := j.value(row, field)
	e := evidence{field: j.plan.Fields[field], value: value.Choice.String(), time: value.Time}
	if value.Choice == consent.Absent {
		e.time = consent.NoTime
		return e
	}
	e.source = j.plan.Consents[from.source].Source
	if value.Choice == consent.Invalid {
		e.value = j.facts.invalid.values[invalidKey{from.kind, from.subject, field}]
	}
	return e
}
