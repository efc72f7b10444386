package pipeline

import (
	"errors"
	"fmt"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// maxInputs is how many inputs of a kind can be told apart as evidence.
const maxInputs = 256

// check refuses a plan by which people could be contacted because nobody would
// look for their answers. It reports every mistake at once.
func (p *Plan) check() error {
	var all []error
	add := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	if len(p.Screening) > maxInputs {
		add("more than %d lists of whom not to contact", maxInputs)
	}
	if len(p.Consents) > maxInputs {
		add("more than %d consent inputs", maxInputs)
	}
	if len(p.Events) > maxInputs {
		add("more than %d event logs", maxInputs)
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Choice == NoColumn && e.ChoiceAll != consent.Y && e.ChoiceAll != consent.N {
			add("events %s are neither opt-outs nor opt-ins", e.Name)
		}
	}
	for i := range p.Lists {
		l := &p.Lists[i]
		for k := range p.Events {
			if !l.Transactional && !p.hears(l, &p.Events[k]) {
				add("send list %s has no key by which events %s could be matched", l.Name, p.Events[k].Name)
			}
		}
		switch {
		case l.Rule == nil:
			add("send list %s has no rule", l.Name)
		case l.Kind != identity.None && l.Address == NoColumn && !(l.Kind == identity.Token && p.Profiles != nil && p.Profiles.Devices != nil):
			add("send list %s has no address column, which channel %s needs", l.Name, l.Channel)
		case l.Kind == identity.None && l.Profile == NoColumn:
			add("send list %s has no profile column, and channel %s no addresses", l.Name, l.Channel)
		case l.RequireProfile && p.Profiles == nil:
			add("send list %s requires profiles, and there are none", l.Name)
		case !l.Transactional && len(p.Consents) > 0 && !p.answers(l):
			add("send list %s has no key by which a consent input could be matched", l.Name)
		}
	}
	return errors.Join(all...)
}

// answers reports whether some consent snapshot can be matched with the rows of
// a list.
func (p *Plan) answers(l *List) bool {
	byID := l.Profile != NoColumn
	if p.Profiles != nil {
		for _, a := range p.Profiles.Addresses {
			byID = byID || a.Kind == l.Kind // rows find their people by address
		}
	}
	for i := range p.Consents {
		kind := p.Consents[i].Key.Kind
		if kind == identity.None && byID || kind != identity.None && kind == l.Kind {
			return true
		}
	}
	return false
}
