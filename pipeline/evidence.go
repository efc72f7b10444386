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

// A finding is evidence in numbers, of which millions are kept.
type finding struct {
	kind   findingKind
	field  Field
	source uint8 // in Plan.Consents, Plan.Screening or Plan.Events
	choice consent.Choice
	time   int64

	category consent.Category // of an entry of a suppression list
	text     string           // of an invalid value
}

type findingKind uint8

const (
	foundNothing    findingKind = iota
	foundProfiles               // the snapshot of profiles
	foundAnswer                 // a field of a consent snapshot
	foundOwn                    // the same, for the row's address only
	foundSilence                // no snapshot has an answer in the field
	foundOwnSilence             // nor one for the row's address only
	foundDefault                // the policy's default
	foundScreening              // an entry of a screening list
	foundNotAllowed             // no allowed list has the row
	foundEvent                  // an event since the snapshot
	foundOwnEvent               // the same, for the row's address only
)

// evidence is a finding in the words of a ledger.
func (p *Plan) evidence(l *List, f finding) evidence {
	e := evidence{time: consent.NoTime}
	switch f.kind {
	case foundNothing:
		return e
	case foundProfiles:
		e.source = p.Profiles.Source
		return e
	case foundScreening:
		screening := &p.Screening[f.source]
		return evidence{source: screening.Source, field: screening.Field, value: f.category.String(), time: consent.NoTime}
	case foundNotAllowed:
		return evidence{field: "allowed", time: consent.NoTime}
	case foundDefault:
		return evidence{source: "policy", field: "channels." + l.Channel + ".default", value: f.choice.String(), time: consent.NoTime}
	}
	e.field = p.Fields[f.field]
	if f.kind == foundOwn || f.kind == foundOwnSilence || f.kind == foundOwnEvent {
		e.field = "idSpecific." + l.Kind.String() + "." + e.field
	}
	if f.kind == foundSilence || f.kind == foundOwnSilence {
		return e
	}
	e.value, e.time = f.choice.String(), f.time
	if f.kind == foundEvent || f.kind == foundOwnEvent {
		e.source = p.Events[f.source].Source
		return e
	}
	e.source = p.Consents[f.source].Source
	if f.choice == consent.Invalid {
		e.value = shown(f.text)
	}
	return e
}

// finding looks up the record behind the primary reason of a verdict, for
// refused rows only. It belongs to the row that was judged last.
func (j *judge) finding(row int64, v consent.Verdict) finding {
	l, st := j.list, &j.standingOf
	switch v.Reasons.Primary() {
	case consent.Erased:
		if st.erased.is() {
			return onScreening(st.erased.number(), consent.NoCategory)
		}
		return finding{kind: foundProfiles, time: consent.NoTime}
	case consent.NoProfile, consent.InvalidToken:
		return finding{kind: foundProfiles, time: consent.NoTime}
	case consent.SuppressedAddress:
		return onScreening(st.address.list, st.address.category)
	case consent.SuppressedDomain:
		return onScreening(st.domain.list, st.domain.category)
	case consent.NotAllowed:
		return finding{kind: foundNotAllowed, time: consent.NoTime}
	case consent.Registry:
		return onScreening(st.registered.number(), consent.NoCategory)
	case consent.OptOutShared:
		field, a := j.sharedOptOut(row)
		return answered(field, a)
	}
	switch v.Level {
	case consent.LevelAny:
		return answered(l.Any, j.heard(row, l.Any, false))
	case consent.LevelChannel:
		return answered(l.Consent, j.heard(row, l.Consent, false))
	case consent.LevelIdentity:
		return answeredOwn(l.Consent, j.heard(row, l.Consent, true))
	case consent.LevelSubscription:
		return answered(l.Subscription, j.heard(row, l.Subscription, false))
	case consent.LevelPurpose:
		field := l.Purposes[v.Purpose]
		a, own := j.purpose(row, field)
		if own {
			return answeredOwn(field, a)
		}
		return answered(field, a)
	case consent.LevelDefault:
		return finding{kind: foundDefault, choice: j.refusedDefault(row), time: consent.NoTime}
	}
	return finding{time: consent.NoTime}
}

func onScreening(list uint8, c consent.Category) finding {
	return finding{kind: foundScreening, source: list, category: c, time: consent.NoTime}
}

// answered is an answer in a field, or that there is none.
func answered(field Field, a answer) finding {
	switch {
	case field == NoField:
		return finding{time: consent.NoTime}
	case a.Choice == consent.Absent:
		return finding{kind: foundSilence, field: field, time: consent.NoTime}
	}
	f := finding{kind: foundAnswer, field: field, source: a.source, choice: a.Choice, time: a.Time, text: a.text}
	if a.event {
		f.kind = foundEvent
	}
	return f
}

// answeredOwn is an answer for the row's address only.
func answeredOwn(field Field, a answer) finding {
	f := answered(field, a)
	switch f.kind {
	case foundAnswer:
		f.kind = foundOwn
	case foundSilence:
		f.kind = foundOwnSilence
	case foundEvent:
		f.kind = foundOwnEvent
	}
	return f
}

// refusedDefault is the default that refused a row; of those of several
// countries the most restrictive.
func (j *judge) refusedDefault(row int64) consent.Choice {
	f, rules := j.gather(row)
	refused := consent.Absent
	for _, rule := range rules {
		if consent.Judge(f, rule).Level == consent.LevelDefault {
			refused = max(refused, rule.Default)
		}
	}
	return refused
}
