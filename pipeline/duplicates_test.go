package pipeline

import (
	"fmt"
	"slices"
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

// TestCampaignGrows: a campaign goes on in a list with people whom no list
// before had.
func TestCampaignGrows(t *testing.T) {
	r, seen, l := &recipients{people: newIndex(newHasher())}, newMessages(), List{Channel: "email"}
	for n, ids := range [][]slot{{0, 1, 63, 1}, {63, 64, 200, 64, 0, 2}, {200, 300, 300, 63}} {
		for i := r.people.len(); i <= int(slices.Max(ids)); i++ {
			text := []byte(fmt.Sprint("p", i))
			k := r.people.hasher.key(text)
			if _, err := r.people.intern(&k, text); err != nil {
				t.Fatal(err)
			}
		}
		rows := listRows{people: ids}
		r.markDuplicates(&rows, &l, make([]slot, len(ids)), seen)
		var got []slot
		for i, id := range ids {
			if rows.isDuplicate(int64(i)) {
				got = append(got, id)
			}
		}
		if want := [][]slot{{1}, {63, 64, 0}, {200, 300, 63}}[n]; !slices.Equal(got, want) {
			t.Errorf("list %d: %d are duplicates, want %d", n, got, want)
		}
	}
}

func TestNoDuplicates(t *testing.T) {
	if (&listRows{}).isDuplicate(100) {
		t.Error("a row of a list whose duplicates are kept is one")
	}
}
