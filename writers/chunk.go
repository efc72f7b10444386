package writers

import (
	"encoding/binary"
	"errors"

	"optout/pipeline"
)

// chunk is one column of one row group on its way into a file: entries become
// pages, pages become bytes. It is written here, not by the library, because
// the library takes a value at a time; here a column of an Arrow array is
// copied in one loop (BenchmarkWrite).
type chunk struct {
	leaf  *leafColumn
	pages pageBuffer
	words *dictionary // nil where values are plain, or plain from now on
	dict  *dictionary // that pages refer to; nil for none

	// The page at work.
	rep, def []byte
	values   []byte  // plain
	bits     int     // of values, for booleans
	codes    []int32 // in place of values
	entries  int

	total  int64 // entries of all pages
	nulls  int64
	bounds bounds
	broken bool // a null came for a required column
}

// errNullInRequired guards against a file whose values have moved up a row.
var errNullInRequired = errors.New("a null in a column that may have none")

func newChunk(leaf *leafColumn, codec encoder) *chunk {
	c := &chunk{leaf: leaf, pages: pageBuffer{codec: codec}}
	c.reset()
	return c
}

// reset makes the chunk ready for another row group, with the buffers it has.
func (c *chunk) reset() {
	c.pages.reset()
	c.words, c.dict = nil, nil
	if c.leaf.words {
		c.words = newDictionary()
		c.dict = c.words
	}
	c.total, c.nulls, c.bounds = 0, 0, bounds{order: c.leaf.order}
}

// pageBytes is the size at which a page ends, and pageRows how many rows are
// written between two looks at it.
const (
	pageBytes = 1 << 20
	pageRows  = 1 << 10
)

// write adds the given rows of a column.
func (c *chunk) write(e *entries, rows []int32) error {
	for start := 0; start < len(rows); start += pageRows {
		some := rows[start:min(start+pageRows, len(rows))]
		switch {
		case e.offsets != nil:
			c.repeated(e, some)
		case e.levels != nil:
			for _, row := range some {
				c.entry(e, int(row), e.levels[row])
			}
		default:
			c.flat(e, some)
		}
		if c.broken {
			return errNullInRequired
		}
		if c.size() >= pageBytes || c.words != nil && len(c.words.plain) > dictionaryMax {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// size is about how many bytes the page at work has.
func (c *chunk) size() int {
	return len(c.values) + 4*len(c.codes) + len(c.rep)/4 + len(c.def)/4
}

// flat adds rows that have one value each, or none.
func (c *chunk) flat(e *entries, rows []int32) {
	c.entries += len(rows)
	if c.leaf.maxDef > 0 {
		for _, row := range rows {
			level := byte(c.leaf.maxDef)
			if !e.valid(int(row)) {
				level = 0
			}
			c.def = append(c.def, level)
		}
	}
	switch {
	case e.nulls || c.words != nil || e.codes != nil || e.bits != nil:
		for _, row := range rows {
			if i := int(row); e.valid(i) {
				c.add(e, i)
			} else {
				c.nulls++
				c.broken = c.broken || c.leaf.maxDef == 0
			}
		}
	case e.width == 8:
		for _, row := range rows {
			c.values = append(c.values, e.fixed[8*int(row):][:8]...)
		}
		c.bound(e, rows)
	case e.width > 0:
		for _, row := range rows {
			c.values = append(c.values, e.word(int(row))...)
		}
		c.bound(e, rows)
	default:
		for _, row := range rows {
			value := e.text[e.ends[row]:e.ends[row+1]]
			c.values = binary.LittleEndian.AppendUint32(c.values, uint32(len(value)))
			c.values = append(c.values, value...)
		}
		c.bound(e, rows)
	}
}

func (c *chunk) bound(e *entries, rows []int32) {
	if c.leaf.order == orderNone {
		return
	}
	for _, row := range rows {
		c.bounds.add(e.word(int(row)))
	}
}

// repeated adds rows that have lists of entries.
func (c *chunk) repeated(e *entries, rows []int32) {
	for _, row := range rows {
		start, end := int(e.offsets[row]), int(e.offsets[row+1])
		switch {
		case !e.simple:
			for i := start; i < end; i++ {
				c.entry(e, i, e.levels[i])
			}
		case start == end:
			c.level(0, 0)
		default:
			for i := start; i < end; i++ {
				c.level(min(i-start, 1), c.leaf.maxDef)
				c.add(e, i)
			}
		}
	}
}

// entry adds an entry by its level, moved down by one where the column was made
// optional.
func (c *chunk) entry(e *entries, i int, level uint16) {
	if level == pipeline.NullRow {
		c.level(0, 0)
		return
	}
	def := int(level&0xFF) + c.leaf.shift
	c.level(int(level>>8), def)
	if def == c.leaf.maxDef {
		c.add(e, i)
	}
}

func (c *chunk) level(rep, def int) {
	c.entries++
	if c.leaf.maxRep > 0 {
		c.rep = append(c.rep, byte(rep))
	}
	if c.leaf.maxDef > 0 {
		c.def = append(c.def, byte(def))
	}
	if def < c.leaf.maxDef {
		c.nulls++
	}
}

// add adds the value of entry i.
func (c *chunk) add(e *entries, i int) {
	switch {
	case e.bits != nil:
		c.addBit(e.boolean(i))
	case c.words != nil && e.codes != nil:
		known := c.words.words(e.words)
		at := e.codes[i]
		if known[at] < 0 {
			known[at] = c.number(e.word(int(at)))
		}
		c.codes = append(c.codes, known[at])
	case c.words != nil:
		c.codes = append(c.codes, c.number(e.value(i)))
	default:
		value := e.value(i)
		if e.width == 0 {
			c.values = binary.LittleEndian.AppendUint32(c.values, uint32(len(value)))
		}
		c.values = append(c.values, value...)
		c.bounds.add(value)
	}
}

func (c *chunk) number(value []byte) int32 {
	code, isNew := c.words.number(value, c.leaf.width == 0)
	if isNew {
		c.bounds.add(value)
	}
	return code
}

func (c *chunk) addBit(set bool) {
	if c.bits&7 == 0 {
		c.values = append(c.values, 0)
	}
	if set {
		c.values[c.bits>>3] |= 1 << (c.bits & 7)
	}
	c.bits++
}

// flush ends the page at work.
func (c *chunk) flush() error {
	if c.entries == 0 {
		return nil
	}
	if err := c.pages.add(c); err != nil {
		return err
	}
	c.total += int64(c.entries)
	c.rep, c.def, c.values, c.codes = c.rep[:0], c.def[:0], c.values[:0], c.codes[:0]
	c.entries, c.bits = 0, 0
	if c.words != nil && len(c.words.plain) > dictionaryMax {
		c.words = nil
	}
	return nil
}
