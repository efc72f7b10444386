package jobs

import "testing"

func TestSuggest(t *testing.T) {
	known := []string{"consents", "profiles", "send_lists", "policy", "output", "job"}
	for text, want := range map[string]string{
		"consent": "consents", "conesnts": "consents", "Consents": "consents", "sendlists": "send_lists", "send-lists": "send_lists",
		"polciy": "policy", "outptu": "output", "jbo": "job", "jobs": "job",
		"": "", "x": "", "jo": "", "audience": "", "consentsxxxx": "", "policies": "",
	} {
		if want != "" {
			want = "; did you mean " + want + "?"
		}
		if got := suggest(text, known); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := suggest("a", nil); got != "" {
		t.Errorf("of nothing: got %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "abc", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"ab", "ba", 1},
		{"abcd", "acbd", 1},
		{"ca", "abc", 3},
		{"kitten", "sitting", 3},
		{"max_aeg", "max_age", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
