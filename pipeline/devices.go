package pipeline

import (
	"slices"
	"strings"
	"sync"

	"optout/pipeline/identity"
)

// DeviceColumns are the push registrations of profiles, as in
// pushNotificationDetails of the XDM schema: lists whose entries belong together.
type DeviceColumns struct {
	Tokens MapColumn
	Denied []MapColumn // flags under any of their spellings: one that is true denies
	App    *MapColumn  // nil for none
	// Platform is the push service, such as apns or fcm; nil for none.
	Platform *MapColumn
	// IDs are the devices' own ids, the ECIDs that consents for single devices are
	// given under; nil for none.
	IDs *MapColumn
}

// A DeviceFilter says which devices a message is for.
type DeviceFilter struct {
	App       string   // "" for any
	Platforms []string // none for any
}

// admits reports whether a device of that app and platform is one of them. Apps
// are exact, platforms without regard to case.
func (f DeviceFilter) admits(app, platform string) bool {
	return (f.App == "" || f.App == app) &&
		(len(f.Platforms) == 0 || slices.ContainsFunc(f.Platforms, func(p string) bool { return strings.EqualFold(p, platform) }))
}

// equal reports whether two filters say the same in the same words.
func (f DeviceFilter) equal(g DeviceFilter) bool {
	return f.App == g.App && slices.Equal(f.Platforms, g.Platforms)
}

// devices is what the profiles say of planned tokens, and of the devices of
// people whose list names no token: a byte for each, and one for each filter.
type devices struct {
	filters []DeviceFilter // of the push lists, each once
	mu      sync.Mutex
	tokens  []uint8   // by slot of the token: deviceDenied
	fits    [][]uint8 // by filter and slot of the token: deviceFits, deviceOther
	owners  []uint8   // by slot of the person: deviceKnown; nil where every list has tokens
	usable  [][]uint8 // by filter and slot of the person: deviceFits

	ids  *index   // of the devices themselves
	byID [][]slot // by slot of the id: the planned tokens that the device has
}

const (
	deviceKnown  uint8 = 1 << iota // the person has one
	deviceDenied                   // some profile says that it is not to be used
	deviceFits                     // some record is of an app and platform that the list is for
	deviceOther                    // some record is of another
)

// pushFilters lists the filters of the lists of devices, each once.
func (p *Plan) pushFilters() (all []DeviceFilter) {
	for i := range p.Lists {
		if l := &p.Lists[i]; l.Kind == identity.Token && !slices.ContainsFunc(all, l.Devices.equal) {
			all = append(all, l.Devices)
		}
	}
	return all
}

// newDevices makes room for what is said of devices; nil where no list or no
// profile has any.
func newDevices(p *Plan, r *recipients) *devices {
	if p.Profiles == nil || p.Profiles.Devices == nil {
		return nil
	}
	d := &devices{filters: p.pushFilters(), ids: newIndex(newHasher())}
	if len(d.filters) == 0 {
		return nil
	}
	tokens, people := r.addresses[identity.Token].len(), r.people.len()
	d.tokens = make([]uint8, tokens)
	byOwner := p.plansOwners()
	if byOwner {
		d.owners = make([]uint8, people)
	}
	for range d.filters {
		d.fits = append(d.fits, make([]uint8, tokens))
		if byOwner {
			d.usable = append(d.usable, make([]uint8, people))
		}
	}
	return d
}

// filter is the number of a list's filter.
func (d *devices) filter(l *List) int { return slices.IndexFunc(d.filters, l.Devices.equal) }

// invalid reports whether a token must not be used for a list: no profile has
// it, it is denied, or some profile says that it is of another app or platform.
func (d *devices) invalid(l *List, token slot) bool {
	return d.tokens[token]&deviceDenied != 0 || d.fits[d.filter(l)][token] != deviceFits
}

// ofPeople says whether some of a row's people have a device, and one that a
// list can use.
func (d *devices) ofPeople(l *List, people []slot) (known, usable bool) {
	for _, person := range people {
		if int(person) < len(d.owners) { // whoever is known by a link alone has no row of such a list
			known = known || d.owners[person]&deviceKnown != 0
			usable = usable || d.usable[d.filter(l)][person]&deviceFits != 0
		}
	}
	return known, usable
}

// tokensOf lists the planned tokens of a device by its id.
func (d *devices) tokensOf(id []byte) []slot {
	if d == nil || d.ids.len() == 0 {
		return nil
	}
	k := d.ids.hasher.key(id)
	s := d.ids.lookup(&k, id)
	if s == noSlot {
		return nil
	}
	return d.byID[s]
}

// name notes that a planned token is of the device with an id.
func (d *devices) name(token slot, id []byte) error {
	k := d.ids.hasher.key(id)
	s, err := d.ids.intern(&k, id)
	if err != nil {
		return err
	}
	if int(s) == len(d.byID) {
		d.byID = append(d.byID, nil)
	}
	d.byID[s] = append(d.byID[s], token)
	return nil
}
