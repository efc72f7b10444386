package readers

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// cells collects the values of a column of text for one record. Values go straight
// into the buffers of an Arrow array. Nobody says which rows are null: they are
// those that were passed over.
type cells interface {
	// reserve makes room for rows; none is there.
	reserve(rows int)
	// add adds the value of a row. Rows come in order, each at most once.
	add(row int, text []byte) error
	// take makes an array of so many rows.
	take(rows int) arrow.Array
	release()
}

// newCells makes the cells of a column whose values have about so many bytes.
func newCells(b *binding, mem memory.Allocator, bytes int) cells {
	typ := b.typ
	switch typ.ID() {
	case arrow.STRING:
		if b.role == Text || b.role == Choice {
			return newWordCells(typ, mem, bytes)
		}
	case arrow.BOOL:
		return &flagCells{typ: typ, mem: mem}
	case arrow.TIMESTAMP:
		return &numberCells{typ: typ, mem: mem, parse: parseInstant}
	case arrow.INT64:
		return &numberCells{typ: typ, mem: mem, parse: parseInteger}
	case arrow.FLOAT64:
		return &numberCells{typ: typ, mem: mem, parse: parseDouble}
	}
	return &textCells{typ: typ, mem: mem, bytes: bytes}
}

// validity notes which rows are null. Most columns have none, and no bits.
type validity struct {
	bits  *memory.Buffer
	nulls int
}

// null notes that the rows from one to another are null, of so many in all.
func (v *validity) null(from, to, rows int, mem memory.Allocator) {
	if v.bits == nil {
		v.bits = newBuffer(mem, int(bitutil.BytesForBits(int64(rows))))
		for i := range v.bits.Bytes() {
			v.bits.Bytes()[i] = 0xFF
		}
	}
	bitutil.SetBitsTo(v.bits.Bytes(), int64(from), int64(to-from), false)
	v.nulls += to - from
}

// take gives the bits away.
func (v *validity) take() (bits *memory.Buffer, nulls int) {
	bits, nulls = v.bits, v.nulls
	v.bits, v.nulls = nil, 0
	return bits, nulls
}

func (v *validity) release() {
	if v.bits != nil {
		v.bits.Release()
	}
	v.bits, v.nulls = nil, 0
}

// textCells is a column of text.
type textCells struct {
	typ   arrow.DataType
	mem   memory.Allocator
	bytes int // about, of a value: a guess until some are known
	known bool
	ends  *memory.Buffer
	text  *memory.Buffer
	size  int // of the text
	row   int // that comes next
	room  int
	valid validity

	offsets []int32 // in ends
	out     []byte  // in text
}

func (c *textCells) reserve(rows int) {
	c.release()
	c.ends, c.row, c.room, c.size = newBuffer(c.mem, 4*(rows+1)), 0, rows, 0
	c.offsets = arrow.Int32Traits.CastFromBytes(c.ends.Bytes())
	c.offsets[0] = 0
	if !c.known {
		rows = min(rows, firstRows)
	}
	c.text = newBuffer(c.mem, min(rows*(c.bytes+c.bytes/16+1), batchText))
	c.out = c.text.Bytes()
}

func (c *textCells) add(row int, text []byte) error {
	if row != c.row {
		if row < c.row {
			return errTextChanged
		}
		c.pass(row)
	}
	if len(text) > len(c.out)-c.size {
		if err := c.grow(len(text)); err != nil {
			return err
		}
	}
	c.size += copy(c.out[c.size:], text)
	c.row++
	c.offsets[c.row] = int32(c.size)
	return nil
}

// firstRows is how many rows make known how much text all will have.
const firstRows = 512

// grow makes room for so many bytes more: for all rows, if those to come are as
// those that are there.
func (c *textCells) grow(size int) error {
	need := c.size + size
	if need > math.MaxInt32 {
		return errTooMuch
	}
	room := max(need, 2*c.text.Len())
	if rows := c.row + 1; rows >= firstRows/4 {
		all := need * c.room / rows
		room = max(need+need/8, min(all+all/16, batchText))
	}
	c.text.Resize(room)
	c.out = c.text.Bytes()
	return nil
}

// pass passes over the rows before one.
func (c *textCells) pass(row int) {
	c.valid.null(c.row, row, c.room, c.mem)
	for ; c.row < row; c.row++ {
		c.offsets[c.row+1] = int32(c.size)
	}
}

func (c *textCells) take(rows int) arrow.Array {
	if c.row < rows {
		c.pass(rows)
	}
	c.bytes, c.known = (c.size+rows-1)/rows, true
	c.text.ResizeNoShrink(c.size)
	c.ends.ResizeNoShrink(4 * (rows + 1))
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, rows, bits, nulls, c.ends, c.text)
	c.ends, c.text, c.offsets, c.out = nil, nil, nil, nil
	return a
}

func (c *textCells) release() {
	for _, b := range []*memory.Buffer{c.ends, c.text} {
		if b != nil {
			b.Release()
		}
	}
	c.ends, c.text, c.offsets, c.out = nil, nil, nil, nil
	c.valid.release()
}

// numberCells is a column of values of eight bytes. Empty text is null.
type numberCells struct {
	typ    arrow.DataType
	mem    memory.Allocator
	parse  func(text []byte) (int64, error)
	values *memory.Buffer
	row    int // that comes next
	room   int
	valid  validity

	out []int64 // in values
}

func (c *numberCells) reserve(rows int) {
	c.release()
	c.values, c.row, c.room = newBuffer(c.mem, 8*rows), 0, rows
	c.out = arrow.Int64Traits.CastFromBytes(c.values.Bytes())
}

func (c *numberCells) add(row int, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	v, err := c.parse(text)
	if err != nil {
		return err
	}
	if row != c.row {
		if row < c.row {
			return errTextChanged
		}
		c.pass(row)
	}
	c.out[row] = v
	c.row++
	return nil
}

// pass passes over the rows before one.
func (c *numberCells) pass(row int) {
	c.valid.null(c.row, row, c.room, c.mem)
	clear(c.out[c.row:row])
	c.row = row
}

func (c *numberCells) take(rows int) arrow.Array {
	if c.row < rows {
		c.pass(rows)
	}
	c.values.ResizeNoShrink(8 * rows)
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, rows, bits, nulls, c.values)
	c.values, c.out = nil, nil
	return a
}

func (c *numberCells) release() {
	if c.values != nil {
		c.values.Release()
	}
	c.values, c.out = nil, nil
	c.valid.release()
}

// flagCells is a column of booleans. Empty text is null.
type flagCells struct {
	typ   arrow.DataType
	mem   memory.Allocator
	bits  *memory.Buffer
	row   int // that comes next
	room  int
	valid validity
}

func (c *flagCells) reserve(rows int) {
	c.release()
	c.bits, c.row, c.room = newBuffer(c.mem, int(bitutil.BytesForBits(int64(rows)))), 0, rows
	clear(c.bits.Bytes())
}

var errFlag = errors.New("neither true nor false")

func (c *flagCells) add(row int, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if row < c.row {
		return errTextChanged
	}
	c.pass(row)
	switch {
	case bytes.EqualFold(text, []byte("true")):
		bitutil.SetBit(c.bits.Bytes(), row)
	case !bytes.EqualFold(text, []byte("false")):
		return errFlag
	}
	c.row++
	return nil
}

// pass passes over the rows before one.
func (c *flagCells) pass(row int) {
	if c.row < row {
		c.valid.null(c.row, row, c.room, c.mem)
		c.row = row
	}
}

func (c *flagCells) take(rows int) arrow.Array {
	c.pass(rows)
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, rows, bits, nulls, c.bits)
	c.bits = nil
	return a
}

func (c *flagCells) release() {
	if c.bits != nil {
		c.bits.Release()
		c.bits = nil
	}
	c.valid.release()
}

func parseInteger(text []byte) (int64, error) {
	v, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0, errors.New("no integer")
	}
	return v, nil
}

// parseDouble returns the bits of a floating-point number.
func parseDouble(text []byte) (int64, error) {
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, fmt.Errorf("no number")
	}
	return int64(math.Float64bits(v)), nil
}
