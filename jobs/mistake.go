package jobs

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Mistake is one thing wrong with a job file.
type Mistake struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // from one
	Column int    `json:"column"` // from one, in characters
	Key    string `json:"key"`    // as in send_lists[0].channel
	Text   string `json:"message"`
	Source string `json:"source"` // the offending line; of a very long one what is around the place

	caret int // characters of Source before the place
}

// Mistakes are all that is wrong with a job file, in its order.
type Mistakes []Mistake

// Error prints each mistake with its line and a caret below the place.
func (m Mistakes) Error() string {
	var b strings.Builder
	for i, e := range m {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:%d:%d: ", e.File, e.Line, e.Column)
		if e.Key != "" {
			b.WriteString(e.Key + ": ")
		}
		b.WriteString(e.Text)
		if strings.TrimSpace(e.Source) != "" {
			fmt.Fprintf(&b, "\n%6d | %s\n       | %s^", e.Line, e.Source, indent(e.Source, e.caret))
		}
	}
	return b.String()
}

// position is a place in a job file.
type position struct{ line, column int }

// mistakes collects what is wrong with one file.
type mistakes struct {
	file  string
	lines []string
	at    map[string]position // of every key in the file
	told  map[string]bool     // keys with a mistake
	blind map[string]bool     // keys below which nothing could be read
	list  Mistakes
	more  int // than are kept
}

// maxMistakes bounds how many are kept: nobody reads so many, and a hostile file
// could have millions.
const maxMistakes = 1000

func newMistakes(file string, text []byte) mistakes {
	return mistakes{
		file: file, lines: splitLines(bytes.TrimPrefix(text, []byte("\ufeff"))),
		at: map[string]position{}, told: map[string]bool{}, blind: map[string]bool{},
	}
}

// add notes a mistake at a key, unless there is one already: what could not be
// read is not judged again, nor what is inside it. A key that is not there
// stands at the nearest one around it.
func (m *mistakes) add(key, format string, args ...any) {
	if m.told[key] {
		return
	}
	at, placed := position{1, 1}, false
	for around := key; around != ""; {
		if m.blind[around] {
			return
		}
		if p, ok := m.at[around]; ok && !placed {
			at, placed = p, true
		}
		around = around[:max(0, strings.LastIndexAny(around, ".["))]
	}
	m.addAt(at, key, fmt.Sprintf(format, args...))
}

func (m *mistakes) addAt(at position, key, text string) {
	m.told[key] = true
	if m.full() {
		m.more++
		return
	}
	e := Mistake{File: m.file, Line: max(at.line, 1), Column: max(at.column, 1), Key: key, Text: text}
	if e.Line > len(m.lines) { // the end of a file without an end of line
		e.Line = len(m.lines)
		e.Column = utf8.RuneCountInString(m.line(e.Line)) + 1
	}
	e.Source, e.caret = excerpt(m.line(e.Line), e.Column-1)
	m.list = append(m.list, e)
}

// full reports whether no more mistakes are kept.
func (m *mistakes) full() bool { return len(m.list) == maxMistakes }

// line returns a line by its number, "" where there is none.
func (m *mistakes) line(number int) string {
	if number < 1 || number > len(m.lines) {
		return ""
	}
	return m.lines[number-1]
}

// err returns the mistakes in the order of the file, or nil.
func (m *mistakes) err() error {
	if len(m.list) == 0 {
		return nil
	}
	slices.SortStableFunc(m.list, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Text, b.Text))
	})
	if m.more > 0 {
		last := m.list[len(m.list)-1]
		last.Key, last.Text = "", fmt.Sprintf("and %d more", m.more)
		m.list, m.more = append(m.list, last), 0
	}
	return m.list
}
