package oracle

import "slices"

// needs are the fields that a job's lists ask for, without the ending val.
type needs struct {
	channels []string // of the schema, below marketing
	own      []string // of channels that the schema lacks, below marketing
	purposes []string
}

func needsOf(lists []SendList) (n needs) {
	for _, l := range lists {
		f := channelField[l.Channel]
		if l.Channel == custom {
			n.own = append(n.own, f)
		} else {
			n.channels = append(n.channels, f)
		}
		n.purposes = append(n.purposes, l.Requires...)
		if l.Personalization != nil {
			n.purposes = append(n.purposes, "personalize.content")
		}
	}
	for _, fields := range []*[]string{&n.channels, &n.own, &n.purposes} {
		slices.Sort(*fields)
		*fields = slices.Compact(*fields)
	}
	return n
}
