package consent

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestRestrict(t *testing.T) {
	tests := []struct {
		name       string
		a, b, want Value
	}{
		{"a no beats a yes, whatever its time", Value{N, 1, 0}, Value{Y, 9, 0}, Value{N, 1, 0}},
		{"a no beats a default of no", Value{DN, 9, 0}, Value{N, 1, 0}, Value{N, 1, 0}},
		{"a no beats an invalid value", Value{Invalid, 9, 0}, Value{N, 1, 0}, Value{N, 1, 0}},
		{"an invalid value beats a default of no", Value{DN, 9, 0}, Value{Invalid, 1, 0}, Value{Invalid, 1, 0}},
		{"a default of no beats pending", Value{P, 9, 0}, Value{DN, 1, 0}, Value{DN, 1, 0}},
		{"pending beats unknown", Value{U, 9, 0}, Value{P, 1, 0}, Value{P, 1, 0}},
		{"unknown beats a basis", Value{LI, 9, 0}, Value{U, 1, 0}, Value{U, 1, 0}},
		{"a basis beats a default of yes", Value{DY, 9, 0}, Value{LI, 1, 0}, Value{LI, 1, 0}},
		{"a default of yes beats a yes", Value{Y, 9, 0}, Value{DY, 1, 0}, Value{DY, 1, 0}},
		{"anything beats no answer", Value{Absent, 9, 0}, Value{Y, 1, 0}, Value{Y, 1, 0}},
		{"two bases are one that nobody accepts", Value{LI, 5, 0}, Value{CT, 3, 0}, Value{Bases, 3, 0}},
		{"a third basis changes nothing", Value{Bases, 3, 0}, Value{PI, 5, 0}, Value{Bases, 3, 0}},
		{"of two times of a yes the earlier stays", Value{Y, 3, 0}, Value{Y, 5, 0}, Value{Y, 3, 0}},
		{"of two times of a basis the earlier stays", Value{LI, 3, 0}, Value{LI, 5, 0}, Value{LI, 3, 0}},
		{"of two times of an invalid value the earlier stays", Value{Invalid, 3, 0}, Value{Invalid, 5, 0}, Value{Invalid, 3, 0}},
		{"of two times of a no the later stays", Value{N, 3, 0}, Value{N, 5, 0}, Value{N, 5, 0}},
		{"of two times of a default of no the later stays", Value{DN, 3, 0}, Value{DN, 5, 0}, Value{DN, 5, 0}},
		{"of two ends the earlier stays", Value{Y, 3, 9}, Value{Y, 3, 7}, Value{Y, 3, 7}},
		{"an end stays beside none", Value{Y, 3, 0}, Value{Y, 5, 7}, Value{Y, 3, 7}},
		{"the end of another choice does not", Value{Y, 3, 7}, Value{P, 3, 0}, Value{P, 3, 0}},
		{"two bases end with the first", Value{LI, 3, 7}, Value{CT, 3, 5}, Value{Bases, 3, 5}},
		{"an unknown time of a yes stays", Value{Y, NoTime, 0}, Value{Y, 5, 0}, Value{Y, NoTime, 0}},
		{"an unknown time of a no stays", Value{N, NoTime, 0}, Value{N, 5, 0}, Value{N, NoTime, 0}},
	}
	for _, tt := range tests {
		if got := Restrict(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
		if got := Restrict(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, swapped: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestLatest(t *testing.T) {
	tests := []struct {
		name       string
		a, b, want Value
	}{
		{"the later wins", Value{N, 3, 0}, Value{Y, 5, 0}, Value{Y, 5, 0}},
		{"the later no wins", Value{Y, 3, 0}, Value{N, 5, 0}, Value{N, 5, 0}},
		{"a tie goes to the more restrictive", Value{N, 5, 0}, Value{Y, 5, 0}, Value{N, 5, 0}},
		{"a tie of bases", Value{LI, 5, 0}, Value{CT, 5, 0}, Value{Bases, 5, 0}},
		{"a no of unknown time may be the latest", Value{N, NoTime, 0}, Value{Y, 5, 0}, Value{N, NoTime, 0}},
		{"a default of no of unknown time too", Value{DN, NoTime, 0}, Value{Y, 5, 0}, Value{DN, NoTime, 0}},
		{"an invalid value of unknown time too", Value{Invalid, NoTime, 0}, Value{Y, 5, 0}, Value{Invalid, NoTime, 0}},
		{"a yes of unknown time is the earliest", Value{Y, NoTime, 0}, Value{N, 5, 0}, Value{N, 5, 0}},
		{"a yes of unknown time yields to pending", Value{Y, NoTime, 0}, Value{P, -5, 0}, Value{P, -5, 0}},
		{"pending of unknown time yields to a yes", Value{P, NoTime, 0}, Value{Y, -5, 0}, Value{Y, -5, 0}},
		{"the end of the later stands", Value{Y, 3, 4}, Value{Y, 5, 9}, Value{Y, 5, 9}},
		{"no known time at all", Value{Y, NoTime, 0}, Value{U, NoTime, 0}, Value{U, NoTime, 0}},
		{"nobody answered yields, whatever its time", Value{Absent, 9, 0}, Value{Y, 1, 0}, Value{Y, 1, 0}},
		{"two of unknown time that deny", Value{DN, NoTime, 0}, Value{N, NoTime, 0}, Value{N, NoTime, 0}},
		{"a no of unknown time beats the end of time", Value{Y, math.MaxInt64, 0}, Value{N, NoTime, 0}, Value{N, NoTime, 0}},
	}
	for _, tt := range tests {
		if got := Latest(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
		if got := Latest(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, swapped: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// anyValue draws a value as the engine makes them: no answer has no time.
func anyValue(t *rapid.T, name string) Value {
	v := Value{
		Choice: Choice(rapid.IntRange(0, int(numChoices)-1).Draw(t, name)),
		Time:   rapid.SampledFrom([]int64{NoTime, NoTime + 1, -5, 0, 1, 5, math.MaxInt64 - 1, math.MaxInt64}).Draw(t, name+" time"),
	}
	v.Expires = rapid.SampledFrom([]int64{0, 0, 1, 5}).Draw(t, name+" end")
	if v.Choice == Absent {
		v.Time, v.Expires = 0, 0
	}
	return v
}

// TestFoldLaws: no order of files, batches or threads may show in a fold.
func TestFoldLaws(t *testing.T) {
	for name, fold := range map[string]func(a, b Value) Value{"Restrict": Restrict, "Latest": Latest} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			a, b, c := anyValue(t, "a"), anyValue(t, "b"), anyValue(t, "c")
			if got := fold(a, a); got != a {
				t.Errorf("not idempotent: %+v twice is %+v", a, got)
			}
			if got, want := fold(b, a), fold(a, b); got != want {
				t.Errorf("not commutative: %+v and %+v make %+v and %+v", a, b, want, got)
			}
			if got, want := fold(a, fold(b, c)), fold(fold(a, b), c); got != want {
				t.Errorf("not associative: %+v, %+v, %+v make %+v and %+v", a, b, c, got, want)
			}
			if got := fold(a, Value{}); got != a {
				t.Errorf("no answer beside %+v makes %+v", a, got)
			}
		}))
	}
}

// TestRestrictNeverEases: a second record never makes the choice less
// restrictive, in the order in which the constants stand.
func TestRestrictNeverEases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyValue(t, "a"), anyValue(t, "b")
		if got := Restrict(a, b); got.Choice < a.Choice || got.Choice < b.Choice {
			t.Errorf("%s and %s make %s", a.Choice, b.Choice, got.Choice)
		}
	})
}
