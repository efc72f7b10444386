package jobs

import (
	"testing"

	"optout/pipeline"
	"optout/writers"
)

// TestCannotCompare: entries are compared where both runs made fingerprints with one
// key; every other case has its reason.
func TestCannotCompare(t *testing.T) {
	entries := func(valid int64, sketch ...byte) *writers.Input {
		return &writers.Input{Entries: &writers.Entries{Valid: valid, Sketch: sketch}}
	}
	some := entries(1, 1, 2, 3, 4, 5, 6, 7, 8)
	for _, c := range []struct {
		name, key, was string
		old            *writers.Input
		want           string
	}{
		{"comparable", "k", keyID([]byte("k")), some, ""},
		{"nobody was on it", "k", keyID([]byte("k")), entries(0), ""},
		{"new", "k", keyID([]byte("k")), nil, "the last published run had no such list"},
		{"no key", "", keyID([]byte("k")), some, "it needs OPTOUT_HASH_KEY"},
		{"never a key", "", "", entries(1), "it needs OPTOUT_HASH_KEY"},
		{"no key then", "k", "", entries(1), "the last published run had no OPTOUT_HASH_KEY"},
		{"another key", "k", keyID([]byte("l")), some, "the last published run had another OPTOUT_HASH_KEY"},
		{"no fingerprints", "k", keyID([]byte("k")), entries(1), "the last published run kept no fingerprints of entries"},
		{"no counts", "k", keyID([]byte("k")), &writers.Input{}, "the last published run kept no fingerprints of entries"},
	} {
		p := &prepared{plan: &pipeline.Plan{HashKey: []byte(c.key)}, last: &writers.Manifest{AddressHashKey: c.was}}
		if got := p.cannotCompare(c.old); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
