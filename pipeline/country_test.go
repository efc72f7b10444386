package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func numberOf(t interface {
	Helper()
	Fatal(args ...any)
}, c *countries, text string,
) uint16 {
	t.Helper()
	n, err := c.number([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCountryNumbers(t *testing.T) {
	c := newCountries()
	tests := []struct{ a, b string }{{"DE", "de"}, {"DE", " De\t"}, {"", " "}, {"us-ca", "US-CA"}, {"é", "É"}}
	for _, tt := range tests {
		if a, b := numberOf(t, c, tt.a), numberOf(t, c, tt.b); a != b {
			t.Errorf("%q is %d, %q is %d, want the same", tt.a, a, tt.b, b)
		}
	}
	if n := numberOf(t, c, ""); n != 0 {
		t.Errorf("no country is %d, want 0", n)
	}
	if n, err := c.number(nil); n != 0 || err != nil {
		t.Errorf("null is %d, %v, want 0", n, err)
	}
	if a, b := numberOf(t, c, "DE"), numberOf(t, c, "FR"); a == b || a == 0 {
		t.Errorf("DE is %d, FR is %d", a, b)
	}
}

// TestCountryNames: no text of a country column may pass for a set of others,
// whose rules would then not be asked.
func TestCountryNames(t *testing.T) {
	c := newCountries()
	odd := []string{"DE,FR", "DE|FR", "DE\x00FR", "[DE FR]", `"DE","FR"`, "2:DE2:FR", "2DE2FR"}
	for _, text := range odd {
		numberOf(t, c, text)
	}
	both, err := c.union(numberOf(t, c, "FR"), numberOf(t, c, "DE"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.sets[both], []string{"DE", "FR"}; !slices.Equal(got, want) {
		t.Errorf("DE and FR together are %q, want %q", got, want)
	}
	for _, text := range odd {
		if n := numberOf(t, c, text); len(c.sets[n]) != 1 || n == both {
			t.Errorf("%q is %q, want one country of an odd name", text, c.sets[n])
		}
	}
}

// TestCountryUnion: sets are sets, in whatever order they are put together.
func TestCountryUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCountries()
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{"", "A", "B", "C", "A,B", "AB", ",", "D"}), 0, 8).Draw(t, "texts")
		order := rapid.Permutation(texts).Draw(t, "order")
		fold := func(texts []string) (n uint16) {
			for _, text := range texts {
				var err error
				if n, err = c.union(n, numberOf(t, c, text)); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		want := slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == "" })
		slices.Sort(want)
		want = slices.Compact(want)
		a, b := fold(texts), fold(order)
		if a != b || !slices.Equal(c.sets[a], want) {
			t.Errorf("got number %d and %d, %q, want %q", a, b, c.sets[a], want)
		}
		if again, err := c.union(a, b); again != a || err != nil {
			t.Errorf("the union of %d with itself is %d, %v", a, again, err)
		}
	})
}

func TestTooManyCountries(t *testing.T) {
	c := newCountries()
	var err error
	for i := range 1 << 16 {
		if _, err = c.number([]byte(fmt.Sprint(i))); err != nil {
			break
		}
	}
	if !errors.Is(err, errCountries) {
		t.Errorf("got %v, want %v: a number must not wrap around", err, errCountries)
	}
}
