package pipeline

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestMarkDuplicates compares the sets of bits with the obvious map, among so
// many recipients that campaigns are small and large, and become large.
func TestMarkDuplicates(t *testing.T) {
	const people = 4 * largeShare
	r := &recipients{people: newIndex(newHasher())}
	for i := range people {
		text := []byte(fmt.Sprint("p", i))
		k := r.people.hasher.key(text)
		if _, err := r.people.intern(&k, text); err != nil {
			t.Fatal(err)
		}
	}
	for kind := range r.addresses {
		r.addresses[kind] = r.people
	}
	rapid.Check(t, func(t *rapid.T) {
		seen, want := newMessages(), map[string]bool{}
		for k := range rapid.IntRange(1, 4).Draw(t, "lists") {
			l := List{Channel: rapid.SampledFrom([]string{"email", "sms"}).Draw(t, "channel")}
			byAddress := rapid.Bool().Draw(t, "by address")
			campaigns := rapid.SliceOfN(rapid.SampledFrom([]slot{0, 1, 2, noSlot}), 1, 4).Draw(t, "campaigns")
			var ids, campaign []slot
			for range rapid.IntRange(0, 40).Draw(t, "rows") {
				ids = append(ids, rapid.SampledFrom([]slot{0, 1, 2, 3, 63, 64, 65, people - 1, noSlot, malformedSlot}).Draw(t, "id"))
				campaign = append(campaign, rapid.SampledFrom(campaigns).Draw(t, "campaign"))
			}
			rows := listRows{people: ids}
			if byAddress {
				rows.addresses = ids
				rows.people = make([]slot, len(ids))
			}
			if rapid.IntRange(0, 3).Draw(t, "has campaigns") == 0 {
				campaign = nil
			}
			r.markDuplicates(&rows, &l, campaign, seen)
			for i, id := range ids {
				if id == noSlot || id == malformedSlot {
					if rows.isDuplicate(int64(i)) {
						t.Errorf("list %d row %d is nobody and a duplicate", k, i)
					}
					continue
				}
				message := fmt.Sprint("list ", k, " of ", id)
				if campaign != nil && campaign[i] != noSlot {
					message = fmt.Sprint(l.Channel, byAddress, " campaign ", campaign[i], " of ", id)
				}
				if got := rows.isDuplicate(int64(i)); got != want[message] {
					t.Errorf("list %d row %d, %s: duplicate %v, want %v", k, i, message, got, want[message])
				}
				want[message] = true
			}
		}
	})
}

func TestNoDuplicates(t *testing.T) {
	if (&listRows{}).isDuplicate(100) {
		t.Error("a row of a list whose duplicates are kept is one")
	}
}
