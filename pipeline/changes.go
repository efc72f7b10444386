package pipeline

import (
	"cmp"
	"slices"
	"sync"

	"optout/pipeline/consent"
)

// A change is what one or several events of a log say of a subject in a field.
type change struct {
	subject slot   // a person, or an address
	person  slot   // whom the events name beside an address: anyone, or stranger
	field   uint16 // in Plan.Fields
	form    uint8
	source  uint8 // in Plan.Events
	time    int64 // of the latest; consent.NoTime for an opt-out without one
	first   int64 // of opt-outs: the earliest that is met for the first time, consent.NoTime for none
}

// forms of a change.
const (
	optedIn uint8 = 1 << iota // else an opt-out
	forOne                    // for the address only
)

// stranger is a person named by an event who is nobody that a row is about.
const stranger = malformedSlot

func (c *change) is(field Field, form uint8) bool {
	return Field(c.field) == field && c.form == form
}

func (c *change) answer() answer {
	a := answer{Value: consent.Value{Choice: consent.N, Time: c.time}, source: c.source, event: true}
	if c.form&optedIn != 0 {
		a.Choice = consent.Y
	}
	return a
}

func (c *change) compare(d *change) int {
	return cmp.Or(
		cmp.Compare(c.subject, d.subject), cmp.Compare(c.field, d.field), cmp.Compare(c.form, d.form),
		cmp.Compare(c.person, d.person), cmp.Compare(c.source, d.source))
}

// fold takes in a change of the same subject, field, form, person and source.
func (c *change) fold(d *change) {
	c.time = consent.Latest(c.answer().Value, d.answer().Value).Time
	c.first = earlier(c.first, d.first)
}

// changes are those of the keys of one index. They follow the events that hit,
// folded now and then, so that a subject that a log names a thousand times costs
// no more than one that it names once: 32 bytes a change, and four bytes a key
// to find them.
type changes struct {
	width  slot // keys of a shard
	shards []changeShard
	starts []uint32 // of each key in its shard, once they are settled
}

type changeShard struct {
	mu   sync.Mutex
	list []change
	most int // before it is folded
}

const (
	changeShards = 256
	changeMost   = 1 << 12
)

func newChanges(keys int) *changes {
	width := slot(keys/changeShards + 1)
	c := &changes{width: width, shards: make([]changeShard, changeShards), starts: make([]uint32, keys+1)}
	return c
}

func (c *changes) add(d change) {
	s := &c.shards[d.subject/c.width]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, d)
	if len(s.list) >= max(s.most, changeMost) {
		s.fold()
		s.most = 2 * len(s.list)
	}
}

// fold sorts the changes of a shard and folds those that belong together.
func (s *changeShard) fold() {
	slices.SortFunc(s.list, func(a, b change) int { return a.compare(&b) })
	n := 0
	for i := range s.list {
		if n > 0 && s.list[n-1].compare(&s.list[i]) == 0 {
			s.list[n-1].fold(&s.list[i])
			continue
		}
		s.list[n] = s.list[i]
		n++
	}
	s.list = s.list[:n]
}

// settle makes the changes ready to be found. Nothing may be added after it.
func (c *changes) settle(threads int) {
	var wg sync.WaitGroup
	for worker := range max(threads, 1) {
		wg.Go(func() {
			for i := worker; i < len(c.shards); i += max(threads, 1) {
				c.settleShard(i)
			}
		})
	}
	wg.Wait()
}

func (c *changes) settleShard(number int) {
	s := &c.shards[number]
	s.fold()
	first := slot(number) * c.width
	last := min(first+c.width, slot(len(c.starts)-1))
	at := 0
	for subject := first; subject < last; subject++ {
		for at < len(s.list) && s.list[at].subject < subject {
			at++
		}
		c.starts[subject] = uint32(at)
	}
}

// of lists the changes of a subject.
func (c *changes) of(subject slot) []change {
	if c == nil || subject == noSlot || subject == malformedSlot {
		return nil
	}
	list := c.shards[subject/c.width].list
	first := c.starts[subject]
	last := first
	for int(last) < len(list) && list[last].subject == subject {
		last++
	}
	return list[first:last]
}

// each calls do with the changes of every subject that has some.
func (c *changes) each(do func(all []change)) {
	for i := range c.shards {
		for list := c.shards[i].list; len(list) > 0; {
			n := slices.IndexFunc(list, func(d change) bool { return d.subject != list[0].subject })
			if n < 0 {
				n = len(list)
			}
			do(list[:n])
			list = list[n:]
		}
	}
}
