package pipeline

import (
	"encoding/binary"
	"slices"
	"sync"

	"optout/pipeline/consent"
)

// A mark is one entry of a screening list that names somebody planned.
type mark struct {
	list     uint8            // in Plan.Screening
	category consent.Category // of an entry of a suppression list
	sender   uint16           // number of the sender that it is bound to, 0 for all
	below    bool             // it names the domains below, too
}

// marks are the marks of the keys of one index: four bytes a key, the number of
// a set of marks, of which there are few.
type marks struct {
	sets *markSets
	of   []uint32 // by slot
}

// markSets numbers sets of marks. Number 0 is the empty set.
type markSets struct {
	mu    sync.Mutex
	sets  [][]mark // each sorted
	index map[string]uint32
	name  []byte

	last struct { // what with was asked before: hits on a list are mostly alike
		set, next uint32
		mark      mark
	}
}

func newMarkSets() *markSets {
	return &markSets{sets: [][]mark{nil}, index: map[string]uint32{"": 0}}
}

func newMarks(sets *markSets, n int) *marks { return &marks{sets: sets, of: make([]uint32, n)} }

// add marks the keys of some slots. A mark that is there changes nothing, and
// the order of marks does not show.
func (m *marks) add(hits []screenHit) {
	m.sets.mu.Lock()
	defer m.sets.mu.Unlock()
	for _, h := range hits {
		m.of[h.slot] = m.sets.with(m.of[h.slot], h.mark)
	}
}

// at lists the marks of a slot.
func (m *marks) at(s slot) []mark {
	if m == nil || s == noSlot || s == malformedSlot || m.of[s] == 0 {
		return nil
	}
	return m.sets.sets[m.of[s]]
}

// with is the number of a set and one mark more. The caller holds the lock.
func (s *markSets) with(set uint32, m mark) uint32 {
	if l := &s.last; l.next != 0 && l.set == set && l.mark == m {
		return l.next
	}
	old := s.sets[set]
	at, there := slices.BinarySearchFunc(old, m, mark.compare)
	if there {
		return set
	}
	next := slices.Insert(slices.Clone(old), at, m)
	s.name = s.name[:0]
	for _, m := range next {
		s.name = m.append(s.name)
	}
	n, known := s.index[string(s.name)]
	if !known {
		n = uint32(len(s.sets))
		s.sets = append(s.sets, next)
		s.index[string(s.name)] = n
	}
	s.last.set, s.last.next, s.last.mark = set, n, m
	return n
}

func (m mark) append(name []byte) []byte {
	below := byte(0)
	if m.below {
		below = 1
	}
	return binary.BigEndian.AppendUint16(append(name, m.list, byte(m.category), below), m.sender)
}

func (m mark) compare(n mark) int {
	var a, b [8]byte
	return slices.Compare(m.append(a[:0]), n.append(b[:0]))
}
