package oracle

import "maps"

var (
	modes  = []string{"opt_in", "opt_out"}
	values = []string{"y", "n", "dy", "dn", "p", "u", "LI", "CT", "CP", "VI", "PI"}
)

// newPolicy draws a policy for the channels of the job's lists. An opt-out cannot
// follow an address where no profiles say who has it.
func newPolicy(d dice, lists []SendList, profiles *Source) Policy {
	p := Policy{
		Duplicates: one(d, "", "most_restrictive", "latest", "latest"),
		Propagate:  profiles != nil && profiles.keyKind() == "" && d.chance(70),

		ReachComplaints: d.chance(50),
	}
	layer := newLayer(d, lists)
	p.Channels, p.Default, p.ValidFor, p.Personalization = layer.Channels, layer.Default, layer.ValidFor, layer.Personalization
	if profiles != nil && profiles.Country != "" {
		for range d.between(0, 3) {
			j := newLayer(d, lists)
			j.Countries = some(d, 50, "FR", "DE", "it", "US")
			if len(j.Countries) > 0 {
				p.Jurisdictions = append(p.Jurisdictions, j)
			}
		}
	}
	return p
}

// newLayer draws what the job or one jurisdiction says of channels.
func newLayer(d dice, lists []SendList) Jurisdiction {
	l := Jurisdiction{Channels: map[string]ChannelPolicy{}, ValidFor: map[string]string{}}
	for _, list := range lists {
		if d.chance(70) {
			l.Channels[list.Channel] = newChannelPolicy(d)
		}
		if d.chance(35) {
			l.ValidFor[list.Channel] = one(d, "30d", "730d", "36h")
		}
	}
	if d.chance(60) {
		p := newChannelPolicy(d)
		l.Default = &p
	}
	if d.chance(50) {
		l.Personalization = &Gate{one(d, modes...)}
	}
	maps.DeleteFunc(l.Channels, func(_ string, p ChannelPolicy) bool { return p.Mode == "" && p.Default == "" && p.AcceptBasis == nil })
	return l
}

func newChannelPolicy(d dice) ChannelPolicy {
	p := ChannelPolicy{Mode: one(d, "", "opt_in", "opt_out", "opt_out")}
	if d.chance(40) {
		p.Default = one(d, values...)
	}
	if d.chance(40) {
		p.AcceptBasis = some(d, 40, "LI", "CT", "CP", "VI", "PI")
	}
	return p
}
