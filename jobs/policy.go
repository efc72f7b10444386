package jobs

import (
	"slices"
	"strings"
	"time"

	"optout/pipeline/consent"
)

// layer is one of the policies that hold in a country, the nearest first.
type layer struct {
	channels        map[string]ChannelPolicy
	others          ChannelPolicy
	validFor        map[string]Duration
	personalization PersonalizationPolicy
}

// layers are the policies for a country: the first jurisdiction that names it,
// then the job's own.
func (j *Job) layers(country string) (found []layer) {
	p := &j.Policy
	matches := func(u Jurisdiction) bool {
		return country != "" && slices.ContainsFunc(u.Countries, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), country) })
	}
	if i := slices.IndexFunc(p.Jurisdictions, matches); i >= 0 {
		u := p.Jurisdictions[i]
		found = append(found, layer{u.Channels, u.Default, u.ValidFor, u.Personalization})
	}
	return append(found, layer{p.Channels, p.Default, p.ValidFor, p.Personalization})
}

// rule is the policy for a channel in a country, "" for an unknown one. Each
// setting is the nearest that is named: the channel's before that of all
// channels, the jurisdiction's before the job's. What nobody names is the zero
// rule: opt-in, for silence is not consent (GDPR, recital 32).
func (j *Job) rule(channel, country string) (r consent.Rule) {
	var mode, fallback, basis, valid, gate bool
	for _, l := range j.layers(country) {
		for _, p := range []ChannelPolicy{l.channels[channel], l.others} {
			if p.Mode != nil && !mode {
				r.Mode, mode = p.Mode.mode(), true
			}
			if p.Default != nil && !fallback {
				r.Default, fallback = consent.Choice(*p.Default), true
			}
			if p.AcceptBasis != nil && !basis {
				r.AcceptBasis, basis = p.basisSet(), true
			}
		}
		if d, named := l.validFor[channel]; named && !valid {
			r.ValidFor, valid = time.Duration(d).Microseconds(), true
		}
		if g := l.personalization.Gate; g != nil && !gate {
			r.Gate, gate = g.gate(), true
		}
	}
	return r
}
