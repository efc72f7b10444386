package pipeline

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/pipeline/consent"
)

// choiceReader turns one column of consent values into choices. A dictionary is
// translated once, then a row is one look-up. It belongs to one worker and
// counts what it reads.
type choiceReader struct {
	values map[string]consent.Choice // the job's own spellings
	counts ValueCounts

	dictionary arrow.ArrayData // whose words translated holds; kept, so that no other has its address
	translated []reading
	choices    []consent.Choice // of translated
	seen       []int64          // rows of a record, by code
	out        []consent.Choice
}

type reading struct {
	choice consent.Choice
	exact  bool
}

// ValueCounts is what a snapshot said, over all its rows whether planned or not.
type ValueCounts struct {
	Values     int64            // answers, absent ones left out
	OptOuts    int64            // of class no
	Normalised int64            // read in spite of another case
	Invalid    int64            // of no known value
	ByInvalid  map[string]int64 // the first of them in the order of their text, at most maxInvalid different ones

	last string // of ByInvalid, once it is full
}

// maxInvalid bounds the different invalid values that are told apart, and
// invalidLength how many bytes of one are kept: a column mapped by mistake may
// hold names or addresses.
const (
	maxInvalid    = 1000
	invalidLength = 64
)

// read returns the choice of every row of a column, and texts to look invalid
// ones up. The slice is valid until the next call.
func (c *choiceReader) read(column arrow.Array) ([]consent.Choice, *texts, error) {
	texts, err := newTexts(column)
	if err != nil {
		return nil, nil, err
	}
	n := column.Len()
	if cap(c.out) < n {
		c.out = make([]consent.Choice, n)
	}
	out := c.out[:n]
	if codes, ok := column.(*array.Dictionary); ok {
		c.readCodes(codes, texts, out)
		return out, texts, nil
	}
	for i := range out {
		text := texts.at(i)
		r := c.parse(text)
		out[i] = r.choice
		c.count(r, text, 1)
	}
	return out, texts, nil
}

func (c *choiceReader) readCodes(a *array.Dictionary, texts *texts, out []consent.Choice) {
	if words := a.Data().Dictionary(); c.dictionary != words {
		c.dictionary = words
		c.translated, c.choices = c.translated[:0], c.choices[:0]
		for i := range words.Len() {
			r := c.parse(texts.word(i))
			c.translated, c.choices = append(c.translated, r), append(c.choices, r.choice)
		}
	}
	seen := growTo(c.seen, len(c.translated))
	c.seen = seen
	clear(seen)
	switch {
	case a.NullN() == a.Len():
		clear(out)
	case a.NullN() == 0:
		for i, code := range texts.codes {
			out[i] = c.choices[code]
			seen[code]++
		}
	default:
		// Nothing is decided here, for where the nulls are cannot be foreseen: a
		// null is a code that counts for nothing and a choice of no bits.
		valid, first := a.NullBitmapBytes(), a.Data().Offset()
		for i, code := range texts.codes {
			is := valid[(first+i)>>3] >> ((first + i) & 7) & 1
			code &= -int32(is)
			out[i] = c.choices[code] & -consent.Choice(is)
			seen[code] += int64(is)
		}
	}
	for code, rows := range seen {
		c.count(c.translated[code], texts.word(code), rows)
	}
}

// parse reads one value by the job's spellings, then by the schema's. Null is
// never an answer, whatever the job makes of an empty text.
func (c *choiceReader) parse(text []byte) reading {
	if text == nil {
		return reading{consent.Absent, true}
	}
	if choice, ok := c.values[string(text)]; ok {
		return reading{choice, true}
	}
	choice, exact := consent.ParseChoice(text)
	return reading{choice, exact}
}

// count notes that so many rows have a value.
func (c *choiceReader) count(r reading, text []byte, rows int64) {
	if r.choice == consent.Absent || rows == 0 {
		return
	}
	c.counts.Values += rows
	switch r.choice.Class() {
	case consent.ClassNo:
		c.counts.OptOuts += rows
	case consent.ClassInvalid:
		c.counts.Invalid += rows
		c.counts.addInvalid(cut(text), rows)
	}
	if !r.exact {
		c.counts.Normalised += rows
	}
}

// cut is the beginning of a value as a ledger shows it: UTF-8, and no half
// letters.
func cut(text []byte) string {
	if n := invalidLength; len(text) > n {
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// addInvalid counts an invalid value. Which values are told apart must not
// depend on the order in which they come, so the first by their text are.
func (v *ValueCounts) addInvalid(value string, n int64) {
	if v.ByInvalid == nil {
		v.ByInvalid = map[string]int64{}
	}
	_, known := v.ByInvalid[value]
	switch {
	case known || len(v.ByInvalid) < maxInvalid:
		v.ByInvalid[value] += n
		v.last = max(v.last, value)
	case value < v.last:
		delete(v.ByInvalid, v.last)
		v.ByInvalid[value] = n
		v.last = slices.Max(slices.Collect(maps.Keys(v.ByInvalid)))
	}
}

func (v *ValueCounts) add(w *ValueCounts) {
	v.Values += w.Values
	v.OptOuts += w.OptOuts
	v.Normalised += w.Normalised
	v.Invalid += w.Invalid
	for value, n := range w.ByInvalid {
		v.addInvalid(value, n)
	}
}

// notShown stands in a ledger for an invalid value that may be personal.
const notShown = "(not shown)"

// shown is an invalid value as a ledger shows it.
func shown(text string) string {
	if consent.IsUsualWord(text) {
		return text
	}
	return notShown
}
