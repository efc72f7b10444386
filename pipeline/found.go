package pipeline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// found tells of every fact of the row last gathered.
func (j *judge) found(row int64) (facts []Fact) {
	facts = append(facts, j.foundProfile(row)...)
	facts = append(facts, j.foundListed(row)...)
	return append(facts, j.foundAnswers(row)...)
}

// plain is a fact of which no choice value tells.
func plain(name, source, value string) Fact {
	return Fact{Name: name, Evidence: Evidence{Source: source, Value: value, Time: consent.NoTime}}
}

// foundProfile is what the send list and the profiles say of whom the row is about.
func (j *judge) foundProfile(row int64) (facts []Fact) {
	sendAt := j.memory.SendAt
	facts = append(facts, plain("send at", "", time.UnixMicro(sendAt).UTC().Format(time.RFC3339)))
	p := j.plan.Profiles
	if p == nil {
		return facts
	}
	flags, _ := j.profile(row)
	facts = append(facts, plain("profile", p.Source, word(flags&seenInProfiles != 0, "found", "not found")))
	if p.Erased != NoColumn {
		facts = append(facts, plain("profile erased", p.Source, word(flags&erased != 0 || j.sharesErased(row), "yes", "no")))
	}
	if p.Country != NoColumn {
		facts = append(facts, plain("country", p.Source, strings.Join(j.countriesOf(row), ", ")))
	}
	if j.knowsOthers() {
		others := slices.Clone(j.having(row))
		slices.Sort(others)
		others = slices.DeleteFunc(slices.Compact(others), func(s slot) bool { return s == j.person(row) })
		facts = append(facts, plain("other profiles with "+j.common(), p.Source, strconv.Itoa(len(others))))
	}
	if j.list.Kind == identity.Token && j.facts.devices != nil {
		facts = append(facts, plain("device", p.Source, word(j.memory.InvalidToken, "unknown, denied, or not one that the list is for",
			word(j.memory.NoAddress, "none", "usable"))))
	}
	return facts
}

// knowsOthers reports whether it is known who else has a row's address, or one of its
// devices.
func (j *judge) knowsOthers() bool {
	if j.namesNoDevice() {
		return j.facts.owned != nil && j.facts.owned.links != nil
	}
	return j.facts.links[j.list.Kind] != nil
}

// common is what others share with a row.
func (j *judge) common() string { return word(j.namesNoDevice(), "one of the devices", "the address") }

func word(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// countriesOf lists the countries of whom the row is about.
func (j *judge) countriesOf(row int64) (all []string) {
	kind := j.plan.Profiles.Key.Kind
	at := slices.Clone(j.people(row))
	if kind != identity.None {
		at = nil
		if address := j.address(row); kind == j.list.Kind && address != noSlot && address != malformedSlot {
			at = []slot{address}
		}
	}
	for _, subject := range at {
		all = append(all, j.facts.countries.sets[j.facts.subjects(kind).country(subject)]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// foundListed are the lists that have the row's address, its domain or its person.
func (j *judge) foundListed(row int64) (facts []Fact) {
	add := func(by string, marks []mark) {
		for _, m := range marks {
			f := Fact{Name: "listed by " + by, Evidence: j.plan.told(j.list, onScreening(m.list, m.category))}
			if !slices.Contains(facts, f) {
				facts = append(facts, f)
			}
		}
	}
	if j.facts.screened == nil {
		return nil
	}
	add(word(j.namesNoDevice(), "device", "address"), j.onAddress)
	add("domain", j.inDomain)
	for _, person := range slices.Clone(j.people(row)) {
		add("profile", j.facts.screened.people.at(person))
	}
	return facts
}

// foundAnswers are the answers at each level. Where events changed one, the
// snapshots' own is told too.
func (j *judge) foundAnswers(row int64) (facts []Fact) {
	l := j.list
	add := func(name string, f finding) {
		fact := Fact{Name: name, Evidence: j.plan.told(l, f)}
		if fact.Class = className(f.choice.Class()); f.kind == foundSilence || f.kind == foundOwnSilence {
			fact.Class = className(consent.ClassAbsent)
		}
		facts = append(facts, fact)
	}
	for _, level := range []struct {
		name  string
		field Field
		own   bool
	}{{"any", l.Any, false}, {"channel", l.Consent, false}, {"identity", l.Consent, true}, {"subscription", l.Subscription, false}} {
		if level.field == NoField {
			continue
		}
		find := answered
		snapshot := j.answer
		if level.own {
			find, snapshot = answeredOwn, j.own
		}
		heard := find(level.field, j.heard(row, level.field, level.own))
		add(level.name, heard)
		if before := find(level.field, snapshot(row, level.field)); before != heard {
			add(level.name+", before events", before)
		}
	}
	if field, a := j.sharedOptOut(row); field != NoField {
		add("another profile with "+j.common(), answered(field, a))
	}
	for _, field := range l.Purposes {
		a, own := j.purpose(row, field)
		if own {
			add("purpose", answeredOwn(field, a))
		} else {
			add("purpose", answered(field, a))
		}
	}
	if l.Personalize != NoField {
		add("personal content", answered(l.Personalize, j.answer(row, l.Personalize)))
		add("personal content, identity", answeredOwn(l.Personalize, j.own(row, l.Personalize)))
	}
	return facts
}

// className names a class as consent.md does.
func className(c consent.Class) string {
	switch c {
	case consent.ClassYes:
		return "yes"
	case consent.ClassNo:
		return "no"
	case consent.ClassBasis:
		return "basis"
	case consent.ClassOpen:
		return "open"
	case consent.ClassInvalid:
		return "invalid"
	}
	return "absent"
}
