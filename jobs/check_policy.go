package jobs

import (
	"fmt"
	"maps"
	"slices"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

func checkPolicy(j *Job, m *mistakes) {
	p := &j.Policy
	if _, err := identity.NewNormalizer(identity.Options{Region: p.DefaultRegion, Placeholders: p.Placeholders}); err != nil {
		m.add("policy.default_region", "%q is no country code of two letters", p.DefaultRegion)
	}
	if p.RequireProfile != nil && *p.RequireProfile && j.Profiles == nil {
		m.add("policy.require_profile", "the job has no profiles")
	}
	checkChannels(j, m, "policy", p.Channels, p.Default, p.ValidFor)
	if len(p.Jurisdictions) > 0 && (j.Profiles == nil || j.Profiles.Country == "") {
		m.add("policy.jurisdictions", "need the country column of the profiles, or they apply to nobody")
	}
	for i, u := range p.Jurisdictions {
		key := fmt.Sprintf("policy.jurisdictions[%d]", i)
		if len(u.Countries) == 0 {
			m.add(key+".countries", "missing: the countries that it is for")
		}
		checkChannels(j, m, key, u.Channels, u.Default, u.ValidFor)
	}
}

// checkChannels checks the policies of channels. One for a channel that no list
// uses is allowed, one for a channel that cannot be is a slip of the pen.
func checkChannels[D any](j *Job, m *mistakes, key string, policies map[string]ChannelPolicy, others ChannelPolicy, validFor map[string]D) {
	known := append(slices.Clone(channelNames), j.ownChannels()...)
	for name, policy := range policies {
		if !slices.Contains(known, name) {
			m.add(key+".channels."+name, "%q is no channel%s", name, suggest(name, known))
		}
		checkBasis(m, key+".channels."+name, policy)
	}
	checkBasis(m, key+".default", others)
	for _, name := range slices.Sorted(maps.Keys(validFor)) {
		if !slices.Contains(known, name) {
			m.add(key+".valid_for."+name, "%q is no channel%s", name, suggest(name, known))
		}
	}
}

func checkBasis(m *mistakes, key string, p ChannelPolicy) {
	for i, c := range p.AcceptBasis {
		if choice := consent.Choice(c); choice != consent.Absent && choice.Class() != consent.ClassBasis {
			m.add(fmt.Sprintf("%s.accept_basis[%d]", key, i), "%s is no legal basis; use LI, CT, CP, VI or PI", choice)
		}
	}
}

// ownChannels lists the channels of the job's lists that the schema lacks.
func (j *Job) ownChannels() (names []string) {
	for _, l := range j.SendLists {
		if _, known := channels[l.Channel]; !known && l.Channel != "" {
			names = append(names, l.Channel)
		}
	}
	return names
}
