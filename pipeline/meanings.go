package pipeline

import "strings"

// meanings remembers what the words of a column mean, of which there should be few.
type meanings[T any] struct {
	first []wordMeaning[T] // of all, firstMeanings at most: to compare a few is a fifth of asking a map
	other map[string]T
}

type wordMeaning[T any] struct {
	word    string
	meaning T
}

const (
	firstMeanings = 4

	// maxMeanings and maxWord bound what a hostile column makes a worker remember.
	maxMeanings = 1000
	maxWord     = 256 // bytes
)

// of returns what a text means, as meaning says of it without the white space
// around it.
func (w *meanings[T]) of(text []byte, meaning func(word string) T) T {
	for i := range w.first {
		if f := &w.first[i]; f.word == string(text) {
			return f.meaning
		}
	}
	m, known := w.other[string(text)]
	if known {
		return m
	}
	m = meaning(strings.TrimSpace(string(text)))
	switch {
	case len(text) > maxWord: // asked again the next time
	case len(w.first) < firstMeanings:
		w.first = append(w.first, wordMeaning[T]{string(text), m})
	case w.other == nil:
		w.other = map[string]T{string(text): m}
	case len(w.other) < maxMeanings:
		w.other[string(text)] = m
	}
	return m
}
