package jobs

import (
	"errors"
	"strings"

	"optout/pipeline"
	"optout/pipeline/identity"
	"optout/readers"
)

// deniedSpellings are the names that the flag of a device that is not to be used
// has had.
var deniedSpellings = []string{"denylisted", "blocklisted", "blacklisted"}

// bindDevices binds the push registrations of profiles. What the job's lists
// choose devices by must be there.
func (c *columns) bindDevices(j *Job) (*pipeline.DeviceColumns, error) {
	path := func(steps ...string) []string {
		return append([]string{j.Profiles.Push, readers.Element}, steps...)
	}
	d := &pipeline.DeviceColumns{}
	var err error
	if d.Tokens, err = c.addMap(readers.Key, path("token")...); err != nil {
		return nil, err
	}
	for _, name := range deniedSpellings {
		denied, err := c.addMap(readers.Flag, path(name)...)
		switch {
		case err == nil:
			d.Denied = append(d.Denied, denied)
		case errors.Is(err, readers.ErrNoColumn):
			c.miss(j.Profiles.Push, name)
		default:
			return nil, err
		}
	}
	byApp, byPlatform := false, false
	for i := range j.SendLists {
		byApp = byApp || j.SendLists[i].App != ""
		byPlatform = byPlatform || len(j.SendLists[i].Platforms) > 0
	}
	for _, o := range []struct {
		path   []string
		needed bool
		into   **pipeline.MapColumn
	}{
		{path("appID"), byApp, &d.App},
		{path("platform"), byPlatform, &d.Platform},
		{path("identity", "id"), false, &d.IDs},
	} {
		column, err := c.addMap(readers.Key, o.path...)
		switch {
		case err == nil:
			*o.into = &column
		case errors.Is(err, readers.ErrNoColumn) && !o.needed:
			c.miss(o.path...)
		default:
			return nil, err
		}
	}
	return d, nil
}

// checkPush refuses what only push lists have, and only with the devices of the
// profiles.
func checkPush(j *Job, l *SendList, m *mistakes, key string) {
	isPush := channelOf(l.Channel).address == identity.Token
	for _, k := range []struct {
		name string
		used bool
	}{{"app", l.App != ""}, {"platforms", len(l.Platforms) > 0}} {
		switch {
		case !k.used:
		case !isPush:
			m.add(key+"."+k.name, "is for push lists; channel %s has no devices", l.Channel)
		case !j.knowsDevices():
			m.add(key+"."+k.name, "needs the devices of the profiles: name their column as profiles.push, as in pushNotificationDetails")
		}
	}
}

// knowsDevices reports whether the profiles say which devices people have.
func (j *Job) knowsDevices() bool { return j.Profiles != nil && j.Profiles.Push != "" }

// namesNoDevice reports whether a list is for all devices of its people, which the
// profiles tell.
func (j *Job) namesNoDevice(l *SendList) bool {
	return channelOf(l.Channel).address == identity.Token && l.Address == "" && j.knowsDevices()
}

// devicesOf says for the report which devices a list is for.
func (j *Job) devicesOf(l *SendList) string {
	if channelOf(l.Channel).address != identity.Token || !j.knowsDevices() {
		return ""
	}
	words := "every app"
	if l.App != "" {
		words = "app " + l.App
	}
	if len(l.Platforms) > 0 {
		words += " on " + strings.Join(l.Platforms, ", ")
	}
	return words
}
