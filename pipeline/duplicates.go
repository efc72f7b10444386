package pipeline

// markDuplicates marks every row but the first of each message, in file order,
// whatever becomes of the first. The recipient is the address where the channel
// has one, else the profile. Rows that name a campaign are compared across the
// lists of the job, others within their list; rows without a recipient are not
// compared.
func (r *recipients) markDuplicates(l *listRows, list *List, campaign []slot, seen *messages) {
	ids, known := l.people, r.people
	if l.addresses != nil {
		ids, known = l.addresses, r.addresses[list.Kind]
	}
	l.duplicate = make([]uint64, (len(ids)+63)/64)
	of := mailing{channel: list.Channel, byAddress: l.addresses != nil}
	within := make(bitset, (known.len()+63)/64)
	seen.expect(of, campaign, known.len())
	for row, id := range ids {
		if id == noSlot || id == malformedSlot {
			continue
		}
		var again bool
		if campaign != nil && campaign[row] != noSlot {
			of.campaign = campaign[row]
			again = seen.add(of, id)
		} else {
			again = within.add(id)
		}
		if again {
			l.duplicate[row>>6] |= 1 << (row & 63)
		}
	}
}

// bitset is a set of slots.
type bitset []uint64

func (b bitset) has(s slot) bool { return b[s>>6]&(1<<(s&63)) != 0 }

// add puts a slot into the set and reports whether it was there.
func (b bitset) add(s slot) (was bool) {
	was = b[s>>6]&(1<<(s&63)) != 0
	b[s>>6] |= 1 << (s & 63)
	return was
}

// mailing is one campaign on one channel.
type mailing struct {
	campaign  slot
	channel   string
	byAddress bool
}

// message is one recipient of a mailing.
type message struct {
	mailing
	recipient slot
}

// messages remembers who is planned in which campaign. A campaign of many has a
// bit for each recipient that could be in it, the others an entry for each that
// is: there may be one large campaign, or millions of one message each.
type messages struct {
	large map[mailing]bitset
	small map[message]struct{}

	last    mailing // of the row before, and its set: lists hardly ever change it
	lastSet bitset
}

func newMessages() *messages {
	return &messages{large: map[mailing]bitset{}, small: map[message]struct{}{}}
}

// largeShare is the share of all recipients, one in so many, from which a bit for
// everybody is smaller than an entry for everybody who is in it.
const largeShare = 256

// expect makes room for the campaigns of a list, whose recipients have slots
// below n.
func (m *messages) expect(of mailing, campaign []slot, n int) {
	m.lastSet = nil
	rows := map[slot]int{}
	for i := 0; i < len(campaign); {
		c := campaign[i]
		run := i + 1
		for run < len(campaign) && campaign[run] == c {
			run++
		}
		rows[c] += run - i
		i = run
	}
	for c, count := range rows {
		of.campaign = c
		set, isLarge := m.large[of]
		if c == noSlot || !isLarge && count < n/largeShare {
			continue
		}
		set = append(set, make(bitset, max(0, (n+63)/64-len(set)))...)
		m.large[of] = set
		if !isLarge {
			m.move(of, set)
		}
	}
}

// move puts what is known of a campaign that turned out to be large into its set.
func (m *messages) move(of mailing, set bitset) {
	for k := range m.small {
		if k.mailing == of {
			set.add(k.recipient)
			delete(m.small, k)
		}
	}
}

// add notes a message and reports whether it was there.
func (m *messages) add(of mailing, id slot) (was bool) {
	if m.lastSet != nil && of == m.last {
		return m.lastSet.add(id)
	}
	if set := m.large[of]; set != nil {
		m.last, m.lastSet = of, set
		return set.add(id)
	}
	k := message{of, id}
	_, was = m.small[k]
	m.small[k] = struct{}{}
	return was
}
