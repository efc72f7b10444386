package pipeline

import "strings"

// meanings remembers what the words of a column mean, of which there should be few.
type meanings[T any] map[string]T

// maxMeanings bounds what a hostile column makes a worker remember.
const maxMeanings = 1000

// of returns what a text means, as meaning says of it without the white space
// around it.
func (w meanings[T]) of(text []byte, meaning func(word string) T) T {
	if m, known := w[string(text)]; known {
		return m
	}
	m := meaning(strings.TrimSpace(string(text)))
	if len(w) < maxMeanings {
		w[string(text)] = m
	}
	return m
}
