package pipeline

import (
	"strconv"
	"sync/atomic"
	"testing"

	"optout/pipeline/consent"
)

// openings counts how often a table is read.
func openings(t *Table) *atomic.Int64 {
	n, open := new(atomic.Int64), t.Open
	t.Open = func(part int) (Source, error) {
		if part == 0 {
			n.Add(1)
		}
		return open(part)
	}
	return n
}

// TestErasedElsewhere: a profile that one record wants forgotten is reached under the
// address that another has, in one scan of the profiles where one will do.
func TestErasedElsewhere(t *testing.T) {
	p1 := profileRow{id: "p1", country: null, email: "a@example.com"}
	beside := profileRow{id: "p2", country: null, email: "A@example.com"}
	gone := profileRow{id: " p2", country: null, email: null, erased: true}
	elsewhere := profileRow{id: "p2", country: null, email: "b@example.com", erased: true}
	other := profileRow{id: "p3", country: null, email: null, erased: true}
	tests := []struct {
		name     string
		profiles []profileRow
		change   func(w *world)
		want     string
		scans    int64
	}{
		{"nobody", []profileRow{p1, beside}, nil, "kept[]", 1},
		{"another", []profileRow{p1, beside, other}, nil, "kept[]", 1},
		{"behind", []profileRow{p1, beside, gone}, nil, "dropped[erased]", 1},
		{"before", []profileRow{gone, beside, p1}, nil, "dropped[erased]", 1},
		{"under another address", []profileRow{elsewhere, p1, beside}, nil, "dropped[erased]", 1},
		{"without an id", []profileRow{p1, beside, {id: null, country: null, email: null, erased: true}}, nil, "kept[]", 1},
		{"who is planned", []profileRow{p1, beside, gone}, func(w *world) {
			w.lists = append(w.lists, testList{name: "mail", mail: true, rows: []listRow{{profile: "p2", campaign: null}}})
		}, "dropped[erased]", 1},
		{"where nothing follows the address", []profileRow{p1, beside, gone}, func(w *world) { w.share = false }, "kept[]", 1},
		{"of a row without an id", []profileRow{p1, beside, gone}, func(w *world) { w.lists[0].rows[0].profile = null }, "dropped[erased no_identity]", 1},
		{"of a list without ids", []profileRow{p1, beside, gone}, func(w *world) { w.lists[0].noProfile = true }, "dropped[erased]", 2},
	}
	for _, tt := range tests {
		for _, c := range []cutting{whole, {part: 1, batch: 1}, {part: 2, batch: 2, sliced: true, dictionary: true}} {
			w := onePerson(testRule{mode: consent.OptOut})
			w.share, w.profiles = true, tt.profiles
			if tt.change != nil {
				tt.change(w)
			}
			p := w.plan(c, 2, checked(t))
			scans := openings(&p.Profiles.Table)
			if got := outcomesOf(t, p, c)[0]; got != tt.want {
				t.Errorf("%s, %+v: got %s, want %s", tt.name, c, got, tt.want)
			}
			if scans.Load() != tt.scans {
				t.Errorf("%s, %+v: the profiles are read %d times, want %d", tt.name, c, scans.Load(), tt.scans)
			}
		}
	}
}

// TestManyErased: where more are to be forgotten than are remembered the profiles are
// read again, if somebody has a planned address whom nobody plans.
func TestManyErased(t *testing.T) {
	for _, tt := range []struct {
		others int
		email  string
		want   string
		scans  int64
	}{
		{maxGone - 1, "a@example.com", "dropped[erased]", 1},
		{maxGone, "a@example.com", "dropped[erased]", 2},
		{maxGone, "b@example.com", "kept[]", 1},
	} {
		w := onePerson(testRule{mode: consent.OptOut})
		w.share = true
		for i := range tt.others {
			w.profiles = append(w.profiles, profileRow{id: "gone " + strconv.Itoa(i), country: null, email: null, erased: true})
		}
		w.profiles = append(w.profiles, profileRow{id: "p2", country: null, email: null, erased: true}, profileRow{id: "p2", country: null, email: tt.email})
		c := cutting{part: len(w.profiles), batch: 1 << 15}
		p := w.plan(c, 2, checked(t))
		scans := openings(&p.Profiles.Table)
		if got := outcomesOf(t, p, c)[0]; got != tt.want || scans.Load() != tt.scans {
			t.Errorf("%d others, %s: got %s after %d scans, want %s after %d", tt.others, tt.email, got, scans.Load(), tt.want, tt.scans)
		}
	}
}
