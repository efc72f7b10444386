package jobs

import (
	"testing"

	"optout/writers"
)

// TestBefore: an input is compared with the one that it was in the run before,
// however the job was changed in between.
func TestBefore(t *testing.T) {
	consents := func(name, pattern string) writers.Input {
		return writers.Input{Kind: kindConsents, Name: name, Pattern: pattern}
	}
	named := func(kind, name, pattern string) writers.Input {
		return writers.Input{Kind: kind, Name: name, Pattern: pattern}
	}
	for name, c := range map[string]struct {
		old, now []writers.Input
		want     []int // for each of now which of old, or -1
	}{
		"as it was":              {[]writers.Input{consents("consents", "a")}, []writers.Input{consents("consents", "a")}, []int{0}},
		"another path":           {[]writers.Input{consents("consents", "a")}, []writers.Input{consents("consents", "b")}, []int{0}},
		"a manifest of old":      {[]writers.Input{consents("consents", "")}, []writers.Input{consents("consents", "a")}, []int{0}},
		"one more":               {[]writers.Input{consents("consents", "a")}, []writers.Input{consents("consents-1", "a"), consents("consents-2", "b")}, []int{0, -1}},
		"one more before it":     {[]writers.Input{consents("consents", "a")}, []writers.Input{consents("consents-1", "b"), consents("consents-2", "a")}, []int{-1, 0}},
		"one less":               {[]writers.Input{consents("consents-1", "a"), consents("consents-2", "b")}, []writers.Input{consents("consents", "b")}, []int{1}},
		"the other way around":   {[]writers.Input{consents("consents-1", "a"), consents("consents-2", "b")}, []writers.Input{consents("consents-1", "b"), consents("consents-2", "a")}, []int{1, 0}},
		"old, and one more":      {[]writers.Input{consents("consents", "")}, []writers.Input{consents("consents-1", "a"), consents("consents-2", "b")}, []int{0, -1}},
		"a list called consents": {[]writers.Input{named(kindList, "consents", "a")}, []writers.Input{consents("consents", "a"), named(kindList, "consents", "a")}, []int{-1, -1}},
		"lists go by name": {
			[]writers.Input{named(kindSuppression, "x", "a"), named(kindSuppression, "y", "b")},
			[]writers.Input{named(kindSuppression, "y", "a"), named(kindSuppression, "x", "b")},
			[]int{1, 0},
		},
		"a list of another name": {[]writers.Input{named(kindSuppression, "x", "a")}, []writers.Input{named(kindSuppression, "y", "a")}, []int{0}},
		"a list of another kind": {[]writers.Input{named(kindAllowed, "x", "a")}, []writers.Input{named(kindSuppression, "x", "a")}, []int{-1}},
		"allowed, one less":      {[]writers.Input{named(kindAllowed, "allowed-1", "a"), named(kindAllowed, "allowed-2", "b")}, []writers.Input{named(kindAllowed, "allowed", "b")}, []int{1}},
	} {
		p := &prepared{}
		for _, in := range c.now {
			p.lists = append(p.lists, &list{input: &input{info: in}})
		}
		last := &writers.Manifest{Inputs: c.old}
		for i := range c.now {
			got := -1
			for k := range last.Inputs {
				if p.before(last, &c.now[i]) == &last.Inputs[k] {
					got = k
				}
			}
			if got != c.want[i] {
				t.Errorf("%s: %s of %s is found as number %d, want %d", name, c.now[i].Name, c.now[i].Pattern, got, c.want[i])
			}
		}
	}
}
