package generate

import (
	"bytes"
	"regexp"
	"testing"
)

var randomUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestKeysAreUUIDsThatRise(t *testing.T) {
	p := newPopulation(10_000, 7)
	var last []byte
	for person := range p.size {
		key := p.appendKey(nil, person)
		if !randomUUID.Match(key) {
			t.Fatalf("person %d: key %s is no random UUID", person, key)
		}
		if bytes.Compare(last, key) >= 0 {
			t.Fatalf("person %d: key %s is not above %s", person, key, last)
		}
		last = key
	}
	if stranger := p.appendStrangerKey(nil, 3); !randomUUID.Match(stranger) {
		t.Errorf("stranger's key %s is no random UUID", stranger)
	}
}

func TestSharesOfChoices(t *testing.T) {
	p := newPopulation(100_000, 7)
	var got [absent + 1]int
	for person := range p.size {
		got[p.choose(person, emailTrait).value]++
	}
	for value, want := range map[int]int{0: 55, absent: 20, 1: 15} {
		if share := float64(got[value]) / 1000; share < float64(want)-1 || share > float64(want)+1 {
			t.Errorf("choice %d: %.1f %%, want %d %%", value, share, want)
		}
	}
}
