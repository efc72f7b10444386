package pipeline

import (
	"sync"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// A Field is one consent that the job reads, by its number in Plan.Fields.
type Field int

// NoField stands for a field that the job does not read.
const NoField Field = -1

// flags of a subject.
const (
	seenInProfiles uint8 = 1 << iota
	erased
	hasIdentity // some consent of this subject holds for one address only
)

// subjects holds the facts about the keys of an index: what the snapshots say
// of each planned person or address. Folding is commutative and idempotent, so
// neither the order of files nor the number of threads shows in the result.
//
// A subject costs, for each field the job reads, one byte of choice, eight of
// time and one of source, and three bytes more.
type subjects struct {
	fields  int
	fold    func(a, b consent.Value) consent.Value
	choices []consent.Choice // slot*fields + field
	times   []int64
	sources []uint8
	flags   []uint8
	country []uint16
	locks   [256]sync.Mutex // one for every 256th slot
}

func newSubjects(n, fields int, fold func(a, b consent.Value) consent.Value) *subjects {
	return &subjects{
		fields: fields, fold: fold,
		choices: make([]consent.Choice, n*fields),
		times:   make([]int64, n*fields),
		sources: make([]uint8, n*fields),
		flags:   make([]uint8, n),
		country: make([]uint16, n),
	}
}

// grow makes room for n subjects.
func (s *subjects) grow(n int) {
	more := n - len(s.flags)
	s.choices = append(s.choices, make([]consent.Choice, more*s.fields)...)
	s.times = append(s.times, make([]int64, more*s.fields)...)
	s.sources = append(s.sources, make([]uint8, more*s.fields)...)
	s.flags = append(s.flags, make([]uint8, more)...)
	s.country = append(s.country, make([]uint16, more)...)
}

func (s *subjects) lock(at slot) *sync.Mutex { return &s.locks[at&255] }

// add folds an answer into a field of a subject. The caller holds its lock.
func (s *subjects) add(at slot, f Field, a answer) {
	i := int(at)*s.fields + int(f)
	old := answer{Value: consent.Value{Choice: s.choices[i], Time: s.times[i]}, source: s.sources[i]}
	a = join(s.fold, old, a)
	s.choices[i], s.times[i], s.sources[i] = a.Choice, a.Time, a.source
}

// answer returns what is known of a field, without the text of invalid values.
func (s *subjects) answer(at slot, f Field) answer {
	i := int(at)*s.fields + int(f)
	return answer{Value: consent.Value{Choice: s.choices[i], Time: s.times[i]}, source: s.sources[i]}
}

// identities holds consents that are for one address of one person. There are
// few: the map is no burden beside the recipients.
type identities struct {
	mu      sync.Mutex
	fields  int
	fold    func(a, b consent.Value) consent.Value
	slots   map[identityKey]int
	answers []answer // slot*fields + field
}

type identityKey struct {
	kind            identity.Kind
	person, address slot
}

func newIdentities(fields int, fold func(a, b consent.Value) consent.Value) *identities {
	return &identities{fields: fields, fold: fold, slots: map[identityKey]int{}}
}

func (d *identities) add(k identityKey, f Field, a answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.slots[k]
	if !ok {
		at = len(d.slots)
		d.slots[k] = at
		d.answers = append(d.answers, make([]answer, d.fields)...)
	}
	i := at*d.fields + int(f)
	d.answers[i] = join(d.fold, d.answers[i], a)
}

func (d *identities) answer(k identityKey, f Field) answer {
	at, ok := d.slots[k]
	if !ok {
		return answer{}
	}
	return d.answers[at*d.fields+int(f)]
}
