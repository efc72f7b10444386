package identity

import "testing"

func TestPlaceholders(t *testing.T) {
	long := "this-placeholder-has-more-than-sixty-four-bytes-and-Is-Found-All-The-Same"
	own := []string{" Anonymous ", "none@none.example", "a@xn--bcher-kva.example", "+33600000000", long, "АНОНИМ"}
	spelled := []string{"0033 6 00-00-00-00", "A@bücher.example", "JOSÉ@none.example"}
	tests := []struct {
		words []string
		kind  Kind
		raw   string
		want  Status
	}{
		{nil, Email, "none", Missing},
		{nil, Email, "nobody", Malformed},
		{nil, Token, "nobody", Valid},
		{nil, Token, "(NULL)", Missing},
		{nil, Token, "nan", Missing},
		{nil, Token, "Undefined", Missing},
		{nil, Token, `\n`, Missing}, // the N of \N in lower case
		{nil, Email, "noreply@example.com", Valid},
		{[]string{}, Token, "none", Valid},
		{[]string{}, Token, "", Missing},
		{own, Token, "none", Valid},
		{own, Token, "ANONYMOUS", Missing},
		{own, Token, long, Missing},
		{own, Token, long[1:], Valid},
		{own, Token, "АНОНИМ", Missing},
		{own, Token, "аноним", Valid}, // only ASCII letters have no case
		{own, Email, "None@None.example", Missing},
		{own, Email, "none\u200b@none.example", Missing},
		{own, Email, "a@bücher.example", Missing}, // written in another way than in the list
		{own, Phone, "06 00 00 00 00", Missing},
		{own, Phone, "06 00 00 00 01", Valid},
		{spelled, Phone, "06 00 00 00 00", Missing}, // as the one of the list would be, too
		{spelled, Phone, "+33600000000", Missing},
		{spelled, Email, "a@xn--bcher-kva.example", Missing},
		{spelled, Email, "josé@none.example", Missing},
		{spelled, Email, "jose@none.example", Valid},
	}
	for _, tt := range tests {
		n, err := NewNormalizer(Options{Region: "FR", Placeholders: tt.words})
		if err != nil {
			t.Fatal(err)
		}
		if _, got := normalise(t, n, tt.kind, tt.raw); got != tt.want {
			t.Errorf("%s %q among %q: got %s, want %s", tt.kind, tt.raw, tt.words, got, tt.want)
		}
	}
}

// TestPlaceholdersElsewhere proves that a number among the placeholders is the same
// one in an input of another region.
func TestPlaceholdersElsewhere(t *testing.T) {
	tests := []struct{ home, word, region, raw, want string }{
		{"FR", "06 00 00 00 01", "US", "+33600000001", ""},
		{"FR", "06 00 00 00 01", "US", "06 00 00 00 01", ""}, // the text itself, anywhere
		{"FR", "212 555 0001", "US", "+12125550001", "+12125550001"},
		{"FR", "212 555 0001", "US", "(212) 555-0001", "+12125550001"},
		{"US", "212 555 0001", "FR", "+12125550001", ""},
		{"US", "212 555 0001", "MX", "2125550001", "+522125550001"},
		{"", "212 555 0001", "US", "2125550001", "+12125550001"},
		{"", "+12125550001", "US", "2125550001", ""},
		{"US", "+33600000001", "FR", "0600000001", ""},
	}
	for _, tt := range tests {
		n, err := NewNormalizer(Options{Region: tt.home, Placeholders: []string{tt.word}})
		if err != nil {
			t.Fatal(err)
		}
		if n, err = n.In(tt.region); err != nil {
			t.Fatal(err)
		}
		if got, status := normalise(t, n, Phone, tt.raw); got != tt.want || (status == Missing) != (tt.want == "") {
			t.Errorf("%q where %q is nobody in %q, in region %s: got %q (%s), want %q", tt.raw, tt.word, tt.home, tt.region, got, status, tt.want)
		}
	}
}

func TestDefaultPlaceholdersMatchNobody(t *testing.T) {
	n := newTestNormalizer(t, "FR")
	for _, word := range DefaultPlaceholders() {
		for k := None; k <= Token; k++ {
			if _, got := normalise(t, n, k, word); got != Missing {
				t.Errorf("%s %q: got %s, want missing", k, word, got)
			}
		}
		if _, got := n.AppendProfileID(nil, []byte(word)); got != Missing {
			t.Errorf("profile id %q: got %s, want missing", word, got)
		}
	}
}
