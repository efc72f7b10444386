package pipeline

import (
	"fmt"
	"strings"
	"testing"
)

// TestMeanings: each word means the same however often it is asked for, and what is
// remembered has a bound in words and in their length.
func TestMeanings(t *testing.T) {
	meaning := func(word string) int { return len(word) }
	w := wordsOf(meaning)
	long := strings.Repeat("x", maxWord+1)
	for range 2 {
		for i := range 2 * maxMeanings {
			word := fmt.Sprint(" word ", i, " ")
			if got, want := w.ofText([]byte(word)), len(strings.TrimSpace(word)); got != want {
				t.Fatalf("%q: got %d, want %d", word, got, want)
			}
		}
		if got := w.ofText([]byte(long)); got != len(long) {
			t.Errorf("a long word: got %d, want %d", got, len(long))
		}
	}
	if got := len(w.first) + len(w.other); got > firstMeanings+maxMeanings {
		t.Errorf("%d words are remembered", got)
	}
	first := wordsOf(meaning)
	first.ofText([]byte(long))
	if len(first.first)+len(first.other) != 0 {
		t.Error("a long word is remembered")
	}
}
