package jobs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Mistake is one thing wrong with a job file.
type Mistake struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // from one
	Column int    `json:"column"` // from one, in characters
	Key    string `json:"key"`    // as in send_lists[0].channel
	Text   string `json:"message"`
	Source string `json:"source"` // the offending line
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
			fmt.Fprintf(&b, "\n%6d | %s\n       | %s^", e.Line, e.Source, indent(e.Source, e.Column-1))
		}
	}
	return b.String()
}

// indent is white space as wide as the first n characters of line.
func indent(line string, n int) string {
	var b strings.Builder
	for i, c := range []rune(line) {
		if i == n {
			break
		}
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
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
	list  Mistakes
}

// add notes a mistake at a key, unless there is one already: what could not be
// read is not judged again. A key that is not there stands at the nearest one
// around it.
func (m *mistakes) add(key, format string, args ...any) {
	if slices.ContainsFunc(m.list, func(e Mistake) bool { return e.Key == key }) {
		return
	}
	at, around := position{1, 1}, key
	for {
		if p, ok := m.at[around]; ok {
			at = p
			break
		}
		i := strings.LastIndexAny(around, ".[")
		if i < 0 {
			break
		}
		around = around[:i]
	}
	m.addAt(at, key, fmt.Sprintf(format, args...))
}

func (m *mistakes) addAt(at position, key, text string) {
	e := Mistake{File: m.file, Line: max(at.line, 1), Column: max(at.column, 1), Key: key, Text: text}
	if e.Line <= len(m.lines) {
		e.Source = strings.TrimRight(m.lines[e.Line-1], "\r")
	}
	m.list = append(m.list, e)
}

// err returns the mistakes in the order of the file, or nil.
func (m *mistakes) err() error {
	if len(m.list) == 0 {
		return nil
	}
	slices.SortStableFunc(m.list, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return m.list
}
