package jobs

import (
	"slices"
	"strings"

	"optout/pipeline"
)

// eventSpellings are names of channels that logs use beside those of a job and of
// the consent schema: the schema's sms is for all three.
var eventSpellings = map[string]string{"mms": "sms", "rcs": "sms"}

// eventChannels is what the events of each channel are about, by all names that a
// channel has, in lower case.
func (j *Job) eventChannels(f *fields) map[string]pipeline.EventChannel {
	all := map[string]pipeline.EventChannel{}
	add := func(name string) {
		c := channelOf(name)
		e := pipeline.EventChannel{Kind: c.address, Field: f.find(c.valField()), Subscriptions: map[string]pipeline.Field{}}
		for _, s := range f.subscriptions {
			if s.channel == c.field {
				e.Subscriptions[s.name] = s.field
			}
		}
		all[strings.ToLower(name)], all[strings.ToLower(c.field)] = e, e
	}
	for _, name := range channelNames {
		add(name)
	}
	for i := range j.SendLists {
		add(j.SendLists[i].Channel)
	}
	for name, of := range eventSpellings {
		if _, taken := all[name]; !taken {
			all[name] = all[of]
		}
	}
	return all
}

// find returns the number of a field, or NoField where the job does not read it.
func (f *fields) find(name string) pipeline.Field {
	if i := slices.Index(f.names, name); i >= 0 {
		return pipeline.Field(i)
	}
	return pipeline.NoField
}

// isEventChannel reports whether a job file names a channel as its lists do.
func (j *Job) isEventChannel(name string) bool {
	return slices.Contains(channelNames, name) || slices.ContainsFunc(j.SendLists, func(l SendList) bool { return l.Channel == name })
}
