package jobs

import (
	"fmt"
	"slices"
	"strings"

	"optout/pipeline/identity"
)

// checkEvents checks the event logs.
func checkEvents(j *Job, m *mistakes) {
	for i := range j.Events {
		e, key := &j.Events[i], fmt.Sprintf("events[%d]", i)
		checkName(m, key+".name", e.Name)
		if e.Name != "" && !isOnce(j.inputNames(), e.Name) {
			m.add(key+".name", "another input of the job is called %q", e.Name)
		}
		if e.Path == "" {
			m.add(key+".path", "missing: a file, directory or glob pattern")
		}
		checkPath(m, key+".path", e.Path)
		checkWaitFor(m, key, e.Path, e.WaitFor)
		checkEventColumns(j, e, m, key)
		for k := range e.HonorWithin {
			checkCeiling(j, &e.HonorWithin[k], m, fmt.Sprintf("%s.honor_within[%d]", key, k))
		}
		for k := range j.SendLists {
			l := &j.SendLists[k]
			if (e.Columns.Profile != "" || e.Columns.Address != "") && l.Category != "transactional" && !j.hears(l, e) {
				m.add(key+".columns", "name nobody of send list %s: map the column of profile ids or of addresses that its rows have, too", l.Name)
			}
		}
	}
}

func isOnce(names []string, name string) bool {
	return len(slices.DeleteFunc(names, func(n string) bool { return n != name })) == 1
}

// checkEventColumns makes sure that every event says who, what and on which
// channel, once.
func checkEventColumns(j *Job, e *Events, m *mistakes, key string) {
	c := &e.Columns
	if c.Profile == "" && c.Address == "" {
		m.add(key+".columns", "missing: profile, address or both, the columns that say who")
	}
	if e.Region != "" {
		if _, err := identity.NewNormalizer(identity.Options{Region: e.Region}); err != nil {
			m.add(key+".region", "%q is no country code of two letters", e.Region)
		}
	}
	for _, of := range []struct{ name, column, all string }{
		{"channel", c.Channel, e.Channel}, {"scope", c.Scope, string(e.Scope)}, {"choice", c.Choice, string(e.Choice)},
	} {
		if of.column != "" && of.all != "" {
			m.add(key+"."+of.name, "stands for all events, and columns.%s says so of each: leave one of them out", of.name)
		}
	}
	switch {
	case c.Choice == "" && e.Choice == "":
		m.add(key+".choice", "missing: columns.choice, or n where all events are opt-outs")
	case c.Choice == "" && len(e.Values) > 0:
		m.add(key+".values", "are those of columns.choice, which is missing")
	}
	if c.Time == "" && e.Choice != "n" {
		m.add(key+".columns.time", "missing: an opt-in without a time lifts nothing")
	}
	if c.Channel == "" && e.Channel == "" && e.Scope != "all" {
		m.add(key+".channel", "missing: columns.channel, or the channel of all events")
	}
	if c.Channel == "" && e.Channel == "" && e.Scope == "all" && c.Address != "" {
		m.add(key+".channel", "missing: it says what the addresses are")
	}
	if e.Channel != "" && !j.isEventChannel(e.Channel) {
		m.add(key+".channel", "%q is none of %s, and no list is on it%s", e.Channel, strings.Join(channelNames, ", "), suggest(e.Channel, channelNames))
	}
	if e.Scope == "subscription" && c.Subscription == "" {
		m.add(key+".columns.subscription", "missing: events of scope subscription name one")
	}
	if e.Scope == "identity" && c.Address == "" {
		m.add(key+".columns.address", "missing: events of scope identity are about one address")
	}
}

func checkCeiling(j *Job, c *Ceiling, m *mistakes, key string) {
	if c.Within == (Within{}) {
		m.add(key+".within", "missing: how long a request may wait, as in 2d or 10 business days")
	}
	if len(c.Holidays) > 0 && c.Within.days == 0 && c.Within.span > 0 {
		m.add(key+".holidays", "are for business days; a span of time runs through them")
	}
	for i, name := range c.Channels {
		if !slices.ContainsFunc(j.SendLists, func(l SendList) bool { return l.Channel == name }) {
			m.add(fmt.Sprintf("%s.channels[%d]", key, i), "no send list is on channel %q%s", name, suggest(name, j.channelsInUse()))
		}
	}
}

func (j *Job) channelsInUse() (names []string) {
	for i := range j.SendLists {
		names = append(names, j.SendLists[i].Channel)
	}
	return names
}

// hears reports whether the events of a log can name the rows of a list: by their
// profile, by their address, or by another address that the profiles have.
func (j *Job) hears(l *SendList, e *Events) bool {
	byID := j.matches(l, identity.None)
	byAddress := l.Address != "" || byID && (j.Profiles.knows(identity.Email) || j.Profiles.knows(identity.Phone) || j.Profiles.knows(identity.Token))
	return e.Columns.Profile != "" && byID || e.Columns.Address != "" && byAddress
}
