package identity

import (
	"strings"
	"sync"
	"testing"
)

func TestNewNormalizer(t *testing.T) {
	tests := []struct {
		region string
		fails  bool
	}{
		{"", false},
		{"FR", false},
		{"fr", false},
		{"XK", false}, // Kosovo, user-assigned in ISO 3166
		{"UK", true},
		{"ZZ", true},
		{"001", true},
		{"FRA", true},
		{" FR", true},
	}
	for _, tt := range tests {
		n, err := NewNormalizer(Options{Region: tt.region})
		if (err != nil) != tt.fails || (n == nil) != tt.fails {
			t.Errorf("region %q: got error %v, want one: %v", tt.region, err, tt.fails)
		}
		if err != nil && !strings.Contains(err.Error(), tt.region) {
			t.Errorf("region %q: error %q does not name it", tt.region, err)
		}
		n, err = newTestNormalizer(t, "").In(tt.region)
		if (err != nil) != tt.fails || (n == nil) != tt.fails {
			t.Errorf("in region %q: got error %v, want one: %v", tt.region, err, tt.fails)
		}
	}
}

func TestStrings(t *testing.T) {
	tests := []struct{ got, want string }{
		{None.String(), "none"},
		{Email.String(), "email"},
		{Phone.String(), "phone"},
		{Token.String(), "token"},
		{Kind(9).String(), "Kind(9)"},
		{Missing.String(), "missing"},
		{Malformed.String(), "malformed"},
		{Valid.String(), "valid"},
		{Status(9).String(), "Status(9)"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	var k Kind
	var s Status
	if k != None || s != Missing {
		t.Errorf("zero values are %s and %s, want none and missing", k, s)
	}
}

func TestAppendAddress(t *testing.T) {
	tests := []struct {
		kind      Kind
		raw, want string
	}{
		{Email, " John.Doe+News@Example.COM. ", "john.doe+news@example.com"},
		{Email, "JOSÉ@Bücher.example", "josé@xn--bcher-kva.example"},
		{Email, "a@r3---sn.example.com", "a@r3---sn.example.com"},
		{Email, ".a..b.@example.com", ".a..b.@example.com"},
		{Email, "!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
		{Email, "a@1and1.3com", "a@1and1.3com"},
		{Email, "a@163.com", "a@163.com"},
		{Phone, "06 12 34 56 78", "+33612345678"},
		{Phone, "+52 1 55 1234 5678", "+525512345678"},
		{Phone, "+54 9 11 2345 6789", "+541123456789"},
		{Phone, "+55 11 8123 4567", "+5511981234567"},
		{Phone, "+1 (555) 123-4567", "+15551234567"}, // possible, though not assigned
		{Phone, "+800 1234 5678", "+80012345678"},    // of no country
		{Token, "\t740f4707-BEBC:APA91b \n", "740f4707-BEBC:APA91b"},
	}
	n := newTestNormalizer(t, "FR")
	for _, tt := range tests {
		if got, status := normalise(t, n, tt.kind, tt.raw); status != Valid || got != tt.want {
			t.Errorf("%s %q: got %q (%s), want %q", tt.kind, tt.raw, got, status, tt.want)
		}
	}
}

func TestLengths(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	domain := x(63) + "." + x(63) + "." + x(63) + "." + x(57) + ".com"
	tests := []struct {
		note string
		kind Kind
		raw  string
		want Status
	}{
		{"domain of 253 bytes", Email, "a@" + domain, Valid},
		{"domain of 253 bytes and the root's dot", Email, "a@" + domain + ".", Valid},
		{"domain of 254 bytes", Email, "a@x" + domain[:len(domain)-4] + ".com", Malformed},
		{"label of 63 bytes", Email, "a@" + x(63) + ".com", Valid},
		{"label of 64 bytes", Email, "a@" + x(64) + ".com", Malformed},
		{"label of 64 bytes in punycode", Email, "a@" + x(56) + "é.com", Malformed},
		{"domain of 254 bytes, no label too long", Email, "a@y." + domain[1:len(domain)-4] + ".com", Malformed},
		{"local part of 65 bytes", Email, x(65) + "@example.com", Valid},
		{"address of 320 bytes", Email, x(308) + "@example.com", Valid},
		{"address of 321 bytes", Email, x(309) + "@example.com", Malformed},
		{"as much white space as one likes", Email, "a@example.com" + strings.Repeat(" ", 5000), Valid},
		{"address of 5,000 letters", Email, strings.Repeat("é", 2500) + "@example.com", Malformed},
		{"domain of 5,000 letters", Email, "a@" + strings.Repeat("é", 2500), Malformed},
		{"fifteen digits", Phone, "+49123456789012" + "3", Valid},
		{"sixteen digits", Phone, "+49123456789012" + "34", Malformed},
		{"thousand digits", Phone, "+" + strings.Repeat("1", 1000), Malformed},
	}
	n := newTestNormalizer(t, "")
	for _, tt := range tests {
		if _, got := normalise(t, n, tt.kind, tt.raw); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.note, got, tt.want)
		}
	}
}

func TestAppendProfileID(t *testing.T) {
	tests := []struct {
		raw, want string
		status    Status
	}{
		{"", "", Missing},
		{" \t\r\n", "", Missing},
		{"0", "", Missing},
		{" Null ", "", Missing},
		{"00000000-0000-0000-0000-000000000000", "", Missing},
		{"00", "00", Valid},
		{" AbC ", "AbC", Valid},
		{"a b", "a b", Valid},
		{"\xff", "\xff", Valid},
		{"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", Valid},
		{"\nF81D4FAE-7DEC-11D0-A765-00A0C91E6BF6 ", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", Valid},
		{"F81D4FAE-7DEC-11D0-A765-00A0C91E6BFG", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BFG", Valid},
		{"F81D4FAE7-DEC-11D0-A765-00A0C91E6BF6", "F81D4FAE7-DEC-11D0-A765-00A0C91E6BF6", Valid},
		{"F81D4FAE7DEC11D0A76500A0C91E6BF6", "F81D4FAE7DEC11D0A76500A0C91E6BF6", Valid},
		{"{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}", "{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}", Valid},
	}
	n := newTestNormalizer(t, "")
	for _, tt := range tests {
		got, status := n.AppendProfileID([]byte("x"), []byte(tt.raw))
		if string(got) != "x"+tt.want || status != tt.status {
			t.Errorf("%q: got %q (%s), want %q (%s)", tt.raw, got, status, "x"+tt.want, tt.status)
		}
		if status != Valid {
			continue
		}
		if again, status := n.AppendProfileID(nil, got[1:]); status != Valid || string(again) != tt.want {
			t.Errorf("%q: again %q (%s), want %q", tt.raw, again, status, tt.want)
		}
	}
}

// Many goroutines share one normalizer; the race detector watches.
func TestConcurrentUse(t *testing.T) {
	n := newTestNormalizer(t, "FR")
	rows := readTable(t, "same.tsv", "kind", "region", "a", "b", "note")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, row := range rows {
				normalise(t, n, kindOf(t, row[0]), row[2])
			}
		})
	}
	wg.Wait()
}

func TestFastPathsDoNotAllocate(t *testing.T) {
	n := newTestNormalizer(t, "FR")
	h, keyed := NewHasher(nil), NewHasher([]byte("key"))
	dst := make([]byte, 0, 128)
	address := func(k Kind, raw string) func() {
		text := []byte(raw)
		return func() { n.AppendAddress(dst, k, text) }
	}
	id := []byte(" F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6 ")
	tests := []struct {
		note string
		run  func()
	}{
		{"email", address(Email, " John.Doe@Example.COM ")},
		{"malformed email", address(Email, "john.doe")},
		{"placeholder", address(Email, " UNKNOWN ")},
		{"phone", address(Phone, "+33612345678")},
		{"phone in Brazil", address(Phone, "+551181234567")},
		{"phone in China, whose prefix begins like mobile numbers", address(Phone, "+8613812345678")},
		{"token", address(Token, " 740f4707:APA91b ")},
		{"profile id", func() { n.AppendProfileID(dst, id) }},
		{"hash", func() { h.AppendHex(dst, id) }},
		{"hash with a key", func() { keyed.AppendHex(dst, id) }},
	}
	for _, tt := range tests {
		if got := testing.AllocsPerRun(100, tt.run); got != 0 {
			t.Errorf("%s: %v allocations, want 0", tt.note, got)
		}
	}
}

func TestDomain(t *testing.T) {
	n := newTestNormalizer(t, "")
	for _, tt := range []struct {
		raw, want string
		status    Status
	}{
		{"example.com", "example.com", Valid},
		{" @Example.COM. ", "example.com", Valid},
		{"BÜCHER.example", "xn--bcher-kva.example", Valid},
		{"", "", Missing},
		{"N/A", "", Missing},
		{"@", "", Malformed},
		{"example", "", Malformed},
		{"a..example.com", "", Malformed},
		{"*.example.com", "", Malformed},
		{"a@example.com", "", Malformed},
		{"\xff.com", "", Malformed},
	} {
		got, status := n.AppendDomain([]byte("x"), []byte(tt.raw))
		if status != tt.status || string(got) != "x"+tt.want {
			t.Errorf("%q: got %s %s, want %s %s", tt.raw, got, status, tt.want, tt.status)
		}
	}
}
