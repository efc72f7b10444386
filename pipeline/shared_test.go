package pipeline

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// TestPeopleOfOneAddress: on a list without profile ids everybody who has the
// address is the row's person, and the yes of one does not lift the default of
// no of another.
func TestPeopleOfOneAddress(t *testing.T) {
	yes := consentRow{id: "p1", any: "y", email: "y", mail: null, personalize: null, share: null, time: 5}
	for _, tt := range []struct {
		name   string
		others []string // any of the other people
		want   string
	}{
		{"alone", nil, "kept[]"},
		{"the same profile twice", []string{"same"}, "kept[]"},
		{"another's default of no", []string{"dn"}, "dropped[opt_out_shared]"},
		{"another's no", []string{"n"}, "dropped[opt_out_all opt_out_shared]"},
		{"another's yes", []string{"y"}, "kept[]"},
	} {
		w := &world{
			profiles: []profileRow{{id: "p1", country: null, email: "A@example.com"}},
			inputs:   []testInput{{name: "consents", rows: []consentRow{yes}}},
			lists:    []testList{{name: "list", noProfile: true, rows: []listRow{{profile: null, address: "a@example.com", campaign: null}}}},
			rules:    map[string]testRule{"": {mode: consent.OptOut}},
		}
		for _, choice := range tt.others {
			other := yes
			if choice != "same" {
				other.id, other.any, other.email = "p2", choice, null
			}
			w.profiles = append(w.profiles, profileRow{id: other.id, country: null, email: "a@example.com"})
			w.inputs[0].rows = append(w.inputs[0].rows, other)
		}
		if got := strings.Join(outcomes(t, w.plan(whole, 1, memory.DefaultAllocator)), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
