package readers

import (
	"encoding/binary"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// wordCells is a column of text that should have few different values: names of
// channels, scopes or types. It becomes an array of codes, so that a word is neither
// copied nor understood more than once a record: a tenth of the reading of a log. As
// soon as the words are many, or long, it is a column of any text, for the rest of the part.
type wordCells struct {
	typ    *arrow.DictionaryType
	mem    memory.Allocator
	bytes  int         // about, of a value
	words  []word      // by their codes
	hashed [64]uint8   // the code of a word by the hash of its ends
	dict   arrow.Array // of the words, nil where one is new
	values *memory.Buffer
	row    int // that comes next
	room   int
	valid  validity
	many   *textCells // nil as long as the words are few

	codes []int32 // in values
}

// word is a word, and its ends, in the way in which they are looked for.
type word struct {
	head, tail uint64 // the first eight bytes and the last
	text       string
}

const (
	maxWords = 16
	maxWord  = 64 // bytes
)

func newWordCells(typ arrow.DataType, mem memory.Allocator, bytes int) *wordCells {
	return &wordCells{typ: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: typ}, mem: mem, bytes: bytes}
}

func (c *wordCells) reserve(rows int) {
	if c.many != nil {
		c.many.reserve(rows)
		return
	}
	c.drop()
	c.values, c.row, c.room = newBuffer(c.mem, 4*rows), 0, rows
	c.codes = arrow.Int32Traits.CastFromBytes(c.values.Bytes())
}

func (c *wordCells) add(row int, text []byte) error {
	if c.many != nil {
		return c.many.add(row, text)
	}
	if row != c.row {
		if row < c.row {
			return errTextChanged
		}
		c.pass(row)
	}
	// Which word comes next nobody foretells. So the one that has the hash is looked at, and
	// not one after the other.
	head, tail := endsOf(text)
	hashed := &c.hashed[(head+tail*3)*0x9E3779B97F4A7C15>>58]
	if code := int(*hashed); code < len(c.words) {
		if w := &c.words[code]; w.head == head && w.tail == tail && len(w.text) == len(text) && (len(text) <= 16 || w.text == string(text)) {
			c.codes[row] = int32(code)
			c.row++
			return nil
		}
	}
	code := slices.IndexFunc(c.words, func(w word) bool { return w.text == string(text) })
	if code < 0 {
		if len(c.words) == maxWords || len(text) > maxWord {
			if err := c.spell(); err != nil {
				return err
			}
			return c.many.add(row, text)
		}
		code = len(c.words)
		c.words = append(c.words, word{head, tail, string(text)})
		c.forget()
	}
	*hashed = uint8(code)
	c.codes[row] = int32(code)
	c.row++
	return nil
}

// endsOf are the first eight bytes of a text and the last, with zeros behind a shorter one,
// of which both are the same.
func endsOf(text []byte) (head, tail uint64) {
	size, last := uint(len(text)), max(len(text)-8, 0)
	if cap(text) < last+8 {
		var room [8]byte
		copy(room[:], text)
		text = room[:]
	}
	mask := uint64(1)<<(8*size) - 1 // of all bytes, if there are eight or more
	return binary.LittleEndian.Uint64(text[:8]) & mask, binary.LittleEndian.Uint64(text[last:last+8]) & mask
}

// pass passes over the rows before one.
func (c *wordCells) pass(row int) {
	c.valid.null(c.row, row, c.room, c.mem)
	clear(c.codes[c.row:row])
	c.row = row
}

// spell makes the column one of any text, with the words that are there.
func (c *wordCells) spell() error {
	c.many = &textCells{typ: c.typ.ValueType, mem: c.mem, bytes: c.bytes}
	c.many.reserve(c.room)
	for row, code := range c.codes[:c.row] {
		if c.valid.bits != nil && !bitutil.BitIsSet(c.valid.bits.Bytes(), row) {
			continue
		}
		if err := c.many.add(row, []byte(c.words[code].text)); err != nil {
			return err
		}
	}
	c.drop()
	return nil
}

func (c *wordCells) take(rows int) arrow.Array {
	if c.many != nil {
		return c.many.take(rows)
	}
	if c.row < rows {
		c.pass(rows)
	}
	if c.dict == nil {
		b := array.NewStringBuilder(c.mem)
		defer b.Release()
		for i := range c.words {
			b.Append(c.words[i].text)
		}
		c.dict = b.NewArray()
	}
	c.values.ResizeNoShrink(4 * rows)
	bits, nulls := c.valid.take()
	codes := newNullable(c.typ.IndexType, rows, bits, nulls, c.values)
	defer codes.Release()
	c.values, c.codes = nil, nil
	return array.NewDictionaryArray(c.typ, codes, c.dict)
}

func (c *wordCells) release() {
	if c.many != nil {
		c.many.release()
	}
	c.drop()
	c.forget()
}

// drop gives up what there is of the record.
func (c *wordCells) drop() {
	if c.values != nil {
		c.values.Release()
	}
	c.values, c.codes = nil, nil
	c.valid.release()
}

// forget gives up the array of the words.
func (c *wordCells) forget() {
	if c.dict != nil {
		c.dict.Release()
	}
	c.dict = nil
}
