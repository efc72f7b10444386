package pipeline

import "strings"

// meanings remembers what the words of a column mean, of which there should be few.
type meanings[T any] struct {
	meaning func(word string) T
	null    T // what no word means

	first []wordMeaning[T] // of all, firstMeanings at most: to compare a few is a fifth of asking a map
	other map[string]T

	of    *texts // whose codes have meanings
	codes []T
	known []bool // of codes
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

// wordsOf are words that mean the same with white space around them. No word means what
// an empty one does.
func wordsOf[T any](meaning func(word string) T) meanings[T] {
	return meanings[T]{meaning: func(word string) T { return meaning(strings.TrimSpace(word)) }, null: meaning("")}
}

// at returns what the text of a row means. What the words of a dictionary mean is
// looked up once a record.
func (w *meanings[T]) at(t *texts, row int) T {
	if t.isNull(row) {
		return w.null
	}
	if t.codes == nil || t.words.Len() > maxMeanings {
		return w.ofText(t.at(row))
	}
	if w.of != t {
		w.of = t
		w.codes, w.known = growTo(w.codes, t.words.Len()), growTo(w.known, t.words.Len())
		clear(w.known)
	}
	code := t.codes[row]
	if !w.known[code] {
		w.codes[code], w.known[code] = w.ofText(t.word(int(code))), true
	}
	return w.codes[code]
}

// ofText returns what a text means, nil for none.
func (w *meanings[T]) ofText(text []byte) T {
	if text == nil {
		return w.null
	}
	for i := range w.first {
		if f := &w.first[i]; f.word == string(text) {
			return f.meaning
		}
	}
	m, known := w.other[string(text)]
	if known {
		return m
	}
	m = w.meaning(string(text))
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
