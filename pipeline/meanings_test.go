package pipeline

import (
	"fmt"
	"strings"
	"testing"
)

// TestMeanings: each word means the same however often it is asked for, and what is
// remembered has a bound in words and in their length.
func TestMeanings(t *testing.T) {
	var w meanings[int]
	meaning := func(word string) int { return len(word) }
	long := strings.Repeat("x", maxWord+1)
	for range 2 {
		for i := range 2 * maxMeanings {
			word := fmt.Sprint(" word ", i, " ")
			if got, want := w.of([]byte(word), meaning), len(strings.TrimSpace(word)); got != want {
				t.Fatalf("%q: got %d, want %d", word, got, want)
			}
		}
		if got := w.of([]byte(long), meaning); got != len(long) {
			t.Errorf("a long word: got %d, want %d", got, len(long))
		}
	}
	if got := len(w.first) + len(w.other); got > firstMeanings+maxMeanings {
		t.Errorf("%d words are remembered", got)
	}
	var first meanings[int]
	first.of([]byte(long), meaning)
	if len(first.first)+len(first.other) != 0 {
		t.Error("a long word is remembered")
	}
}
