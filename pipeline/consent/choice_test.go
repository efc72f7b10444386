package consent

import (
	"strings"
	"testing"
)

// spellings is the schema's table of values (consent.md, section 1).
var spellings = map[string]Choice{
	"y": Y, "dy": DY, "n": N, "dn": DN, "p": P, "u": U,
	"LI": LI, "CT": CT, "CP": CP, "VI": VI, "PI": PI,
}

// TestParseChoice reads every text of at most two bytes, against a search
// through the schema's table.
func TestParseChoice(t *testing.T) {
	texts := []string{""}
	for a := range 256 {
		texts = append(texts, string([]byte{byte(a)}))
		for b := range 256 {
			texts = append(texts, string([]byte{byte(a), byte(b)}))
		}
	}
	texts = append(texts, "yes", "no", "true", "false", "1", "0", " y", "y ", " n ", "DY ", "lii", "opt_in",
		"ｙ", "Ｎ", "ﬁ", "\u017f", "К", "y\x00", "\x00y", "\x00", "n\n", "null", "N/A", strings.Repeat("y", 1000))
	valid := 0
	for _, text := range texts {
		want, exact := Invalid, true
		if text == "" {
			want = Absent
		}
		for spelling, choice := range spellings {
			if lowerASCII(text) == lowerASCII(spelling) {
				want, exact = choice, text == spelling
				valid++
			}
		}
		if got, gotExact := ParseChoice(text); got != want || gotExact != exact {
			t.Errorf("string %q: got %s, exact %v, want %s, exact %v", text, got, gotExact, want, exact)
		}
		if got, gotExact := ParseChoice([]byte(text)); got != want || gotExact != exact {
			t.Errorf("bytes %q: got %s, exact %v, want %s, exact %v", text, got, gotExact, want, exact)
		}
	}
	if want := 4*2 + 7*4; valid != want { // letters alone in two cases, pairs in four
		t.Errorf("%d texts are choice values, want %d", valid, want)
	}
}

// lowerASCII maps A to Z and nothing else: "K" in Kelvin is no k.
func lowerASCII(text string) string {
	out := []byte(text)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] = b + 32
		}
	}
	return string(out)
}

func TestChoice(t *testing.T) {
	tests := []struct {
		choice Choice
		text   string
		class  Class
	}{
		{Absent, "", ClassAbsent},
		{Y, "y", ClassYes},
		{DY, "dy", ClassYes},
		{LI, "LI", ClassBasis},
		{CT, "CT", ClassBasis},
		{CP, "CP", ClassBasis},
		{VI, "VI", ClassBasis},
		{PI, "PI", ClassBasis},
		{Bases, "several bases", ClassBasis},
		{U, "u", ClassOpen},
		{P, "p", ClassOpen},
		{DN, "dn", ClassNo},
		{Invalid, "invalid", ClassInvalid},
		{N, "n", ClassNo},
		{numChoices, "invalid", ClassInvalid}, // a bug elsewhere must not become permission
		{255, "invalid", ClassInvalid},
	}
	seen := map[Choice]bool{}
	for _, tt := range tests {
		if tt.choice < numChoices {
			seen[tt.choice] = true
		}
		if got := tt.choice.String(); got != tt.text {
			t.Errorf("choice %d: got text %q, want %q", tt.choice, got, tt.text)
		}
		if got := tt.choice.Class(); got != tt.class {
			t.Errorf("choice %s: got class %d, want %d", tt.choice, got, tt.class)
		}
	}
	if len(seen) != int(numChoices) {
		t.Errorf("the table has %d choices, want all %d", len(seen), numChoices)
	}
	var zero Class
	if zero != ClassInvalid {
		t.Errorf("the zero class is %d, want the one that always denies", zero)
	}
}

// The parser never makes what only folding makes.
func TestParseChoiceNeverSaysBases(t *testing.T) {
	for _, text := range []string{choiceNames[Bases], choiceNames[Invalid], "several", "bases"} {
		if got, _ := ParseChoice(text); got != Invalid {
			t.Errorf("%q: got %s, want invalid", text, got)
		}
	}
}
