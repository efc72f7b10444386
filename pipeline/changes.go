package pipeline

import (
	"cmp"
	"context"
	"math/bits"
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
	optedIn  uint8 = 1 << iota // else an opt-out
	forOne                     // for the address only
	atDevice                   // by another profile at a device that the person has, too
)

// stranger is a person named by an event who is nobody that a row is about.
const stranger = malformedSlot

func (c *change) is(field Field, form uint8) bool {
	return Field(c.field) == field && c.form == form
}

func (c *change) value() consent.Value {
	if c.form&optedIn != 0 {
		return consent.Value{Choice: consent.Y, Time: c.time}
	}
	return consent.Value{Choice: consent.N, Time: c.time}
}

func (c *change) answer() answer { return answer{Value: c.value(), source: c.source, event: true} }

// compare orders the changes of one subject.
func (c *change) compare(d *change) int {
	return cmp.Or(
		cmp.Compare(c.field, d.field), cmp.Compare(c.form, d.form),
		cmp.Compare(c.person, d.person), cmp.Compare(c.source, d.source))
}

// fold takes in a change of the same subject, field, form, person and source.
func (c *change) fold(d *change) {
	c.time = consent.Latest(c.value(), d.value()).Time
	c.first = earlier(c.first, d.first)
}

// changes are those of the keys of one index. They follow the events that hit,
// folded now and then, so that a subject that a log names a thousand times costs
// no more than one that it names once: 32 bytes a change, and four bytes and a bit
// a key to find them.
type changes struct {
	shift  uint // of a subject, for the number of its shard
	shards []changeShard
	starts []uint32 // of each key in its shard, once they are settled
	some   bitset   // keys that have changes, then
}

// wordBits keeps subjects of two shards out of one word of a bitset, since workers fold
// shards side by side.
const wordBits = 6

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
	c := &changes{shift: uint(max(bits.Len(uint(keys)/changeShards), wordBits)), starts: make([]uint32, keys)}
	c.shards = make([]changeShard, keys>>c.shift+1)
	c.some = make(bitset, (keys+63)/64)
	return c
}

// add takes in some changes of one shard.
func (c *changes) add(number int, some ...change) {
	s := &c.shards[number]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, some...)
	if len(s.list) >= max(s.most, changeMost) {
		c.fold(slot(number), nil)
		s.most = 2 * len(s.list)
	}
}

// changeBatch is changes of one worker on their way to the others. They are sorted by
// shard first: to take turns with every one, at shards that the other processors have just
// written to, was a twentieth of the reading of a log. It holds changeMost changes, and each
// twice.
type changeBatch struct {
	into   *changes
	all    []change
	sorted []change
	ends   []uint32 // of each shard in sorted
}

// add adds a change, said of a subject by a person. Its fields are copied one by one: see
// key.
func (b *changeBatch) add(subject, person slot, c *change) {
	n := len(b.all)
	b.all = slices.Grow(b.all, 1)[:n+1]
	d := &b.all[n]
	d.subject, d.person = subject, person
	d.field, d.form, d.source, d.time, d.first = c.field, c.form, c.source, c.time, c.first
	if len(b.all) == changeMost {
		b.flush()
	}
}

// flush gives the changes away. It comes last.
func (b *changeBatch) flush() {
	if len(b.all) == 0 {
		return
	}
	c := b.into
	b.ends = growTo(b.ends, len(c.shards)+1)
	clear(b.ends)
	for i := range b.all {
		b.ends[b.all[i].subject>>c.shift+1]++
	}
	for i := range c.shards {
		b.ends[i+1] += b.ends[i]
	}
	b.sorted = growTo(b.sorted, len(b.all))
	for i := range b.all {
		at := &b.ends[b.all[i].subject>>c.shift]
		b.sorted[*at] = b.all[i]
		*at++
	}
	start := uint32(0)
	for number, end := range b.ends[:len(c.shards)] {
		if some := b.sorted[start:end]; len(some) > 0 {
			c.add(number, some...)
		}
		start = end
	}
	b.all = b.all[:0]
}

// fold sorts the changes of a shard by subject and folds those that belong
// together. They are counted, not compared: subjects are many and have few changes
// each. It sorts into a spare list, and returns what is spare afterwards.
func (c *changes) fold(number slot, spare []change) []change {
	s, first := &c.shards[number], number<<c.shift
	starts := c.starts[first:min(int(first)+1<<c.shift, len(c.starts))]
	clear(starts)
	for i := range s.list {
		starts[s.list[i].subject-first]++
	}
	end := uint32(0)
	for i, n := range starts {
		starts[i] = end
		end += n
	}
	sorted := growTo(spare, len(s.list))
	for i := range s.list {
		at := &starts[s.list[i].subject-first]
		sorted[*at] = s.list[i]
		*at++
	}
	all, n := sorted, 0
	for len(all) > 0 {
		same := 1
		for same < len(all) && all[same].subject == all[0].subject {
			same++
		}
		starts[all[0].subject-first] = uint32(n)
		c.some.add(all[0].subject)
		n += copy(s.list[n:], foldSubject(all[:same]))
		all = all[same:]
	}
	s.list = s.list[:n]
	return sorted
}

// foldSubject folds the changes of one subject.
func foldSubject(all []change) []change {
	if len(all) == 1 {
		return all
	}
	slices.SortFunc(all, func(a, b change) int { return a.compare(&b) })
	n := 1
	for i := range all[1:] {
		if d := &all[i+1]; all[n-1].compare(d) == 0 {
			all[n-1].fold(d)
		} else {
			all[n] = *d
			n++
		}
	}
	return all[:n]
}

// settle makes the changes ready to be found. Nothing may be added after it.
func (c *changes) settle(ctx context.Context, threads int) error {
	threads = max(threads, 1)
	return together(ctx, threads, func(_ context.Context, worker int) error {
		var spare []change
		for i := worker; i < len(c.shards); i += threads {
			spare = c.fold(slot(i), spare)
		}
		return nil
	})
}

// of lists the changes of a subject. Most subjects have none, and a bit says so.
func (c *changes) of(subject slot) []change {
	if c == nil || subject == noSlot || subject == malformedSlot || !c.some.has(subject) {
		return nil
	}
	list := c.shards[subject>>c.shift].list
	first := c.starts[subject]
	last := first
	for int(last) < len(list) && list[last].subject == subject {
		last++
	}
	return list[first:last]
}

// fetch brings the changes of some subjects, of which there are at most so many as are
// fetched ahead, into the cache, all at once: see subjects.fetch.
func (c *changes) fetch(subjects []slot) (sum byte) {
	var changed [ahead]slot
	n := 0
	for _, s := range subjects {
		if s == noSlot || s == malformedSlot {
			continue
		}
		// Half of them may have changes: a branch here would wait for each.
		if changed[n] = s; c.some.has(s) {
			n++
		}
	}
	for _, s := range changed[:n] {
		sum += byte(c.starts[s])
	}
	for _, s := range changed[:n] {
		sum += c.shards[s>>c.shift].list[c.starts[s]].form
	}
	return sum
}

// each calls do with the changes of every subject that has some.
func (c *changes) each(do func(all []change)) {
	for i := range c.shards {
		for list := c.shards[i].list; len(list) > 0; {
			n := 1
			for n < len(list) && list[n].subject == list[0].subject {
				n++
			}
			do(list[:n])
			list = list[n:]
		}
	}
}
