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
// into the buffers of an Arrow array.
type cells interface {
	// reserve makes room for rows; none is there.
	reserve(rows int)
	add(text []byte) error
	null()
	len() int
	// take makes an array of the rows.
	take() arrow.Array
	release()
}

// newCells makes the cells of a column whose values have about so many bytes.
func newCells(typ arrow.DataType, mem memory.Allocator, bytes int) cells {
	switch typ.ID() {
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

func (v *validity) null(row, rows int, mem memory.Allocator) {
	if v.bits == nil {
		v.bits = newBuffer(mem, int(bitutil.BytesForBits(int64(rows))))
		for i := range v.bits.Bytes() {
			v.bits.Bytes()[i] = 0xFF
		}
	}
	bitutil.ClearBit(v.bits.Bytes(), row)
	v.nulls++
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
		v.bits = nil
	}
}

// textCells is a column of text.
type textCells struct {
	typ   arrow.DataType
	mem   memory.Allocator
	bytes int // about, of a value
	ends  *memory.Buffer
	text  *memory.Buffer
	size  int // of the text
	row   int
	room  int
	valid validity
}

func (c *textCells) reserve(rows int) {
	c.release()
	c.ends, c.row, c.room, c.size = newBuffer(c.mem, 4*(rows+1)), 0, rows, 0
	c.offsets()[0] = 0
	c.text = newBuffer(c.mem, min(rows*(c.bytes+c.bytes/8+1), batchText))
}

func (c *textCells) offsets() []int32 { return arrow.Int32Traits.CastFromBytes(c.ends.Bytes()) }

func (c *textCells) add(text []byte) error {
	if need := c.size + len(text); need > c.text.Len() {
		if need > math.MaxInt32 {
			return errTooMuch
		}
		c.text.Resize(max(need, 2*c.text.Len()))
	}
	c.size += copy(c.text.Bytes()[c.size:], text)
	c.row++
	c.offsets()[c.row] = int32(c.size)
	return nil
}

func (c *textCells) null() {
	c.valid.null(c.row, c.room, c.mem)
	c.row++
	c.offsets()[c.row] = int32(c.size)
}

func (c *textCells) len() int { return c.row }

func (c *textCells) take() arrow.Array {
	c.text.ResizeNoShrink(c.size)
	c.ends.ResizeNoShrink(4 * (c.row + 1))
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, c.row, bits, nulls, c.ends, c.text)
	c.ends, c.text = nil, nil
	return a
}

func (c *textCells) release() {
	for _, b := range []*memory.Buffer{c.ends, c.text} {
		if b != nil {
			b.Release()
		}
	}
	c.ends, c.text = nil, nil
	c.valid.release()
}

// numberCells is a column of values of eight bytes. Empty text is null.
type numberCells struct {
	typ    arrow.DataType
	mem    memory.Allocator
	parse  func(text []byte) (int64, error)
	values *memory.Buffer
	row    int
	room   int
	valid  validity
}

func (c *numberCells) reserve(rows int) {
	c.release()
	c.values, c.row, c.room = newBuffer(c.mem, 8*rows), 0, rows
}

func (c *numberCells) add(text []byte) error {
	if len(text) == 0 {
		c.null()
		return nil
	}
	v, err := c.parse(text)
	if err != nil {
		return err
	}
	c.set(v)
	return nil
}

func (c *numberCells) set(v int64) {
	arrow.Int64Traits.CastFromBytes(c.values.Bytes())[c.row] = v
	c.row++
}

func (c *numberCells) null() {
	c.valid.null(c.row, c.room, c.mem)
	c.set(0)
}

func (c *numberCells) len() int { return c.row }

func (c *numberCells) take() arrow.Array {
	c.values.ResizeNoShrink(8 * c.row)
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, c.row, bits, nulls, c.values)
	c.values = nil
	return a
}

func (c *numberCells) release() {
	if c.values != nil {
		c.values.Release()
		c.values = nil
	}
	c.valid.release()
}

// flagCells is a column of booleans. Empty text is null.
type flagCells struct {
	typ   arrow.DataType
	mem   memory.Allocator
	bits  *memory.Buffer
	row   int
	room  int
	valid validity
}

func (c *flagCells) reserve(rows int) {
	c.release()
	c.bits, c.row, c.room = newBuffer(c.mem, int(bitutil.BytesForBits(int64(rows)))), 0, rows
	clear(c.bits.Bytes())
}

var errFlag = errors.New("neither true nor false")

func (c *flagCells) add(text []byte) error {
	switch {
	case len(text) == 0:
		c.null()
		return nil
	case bytes.EqualFold(text, []byte("true")):
		bitutil.SetBit(c.bits.Bytes(), c.row)
	case !bytes.EqualFold(text, []byte("false")):
		return errFlag
	}
	c.row++
	return nil
}

func (c *flagCells) null() {
	c.valid.null(c.row, c.room, c.mem)
	c.row++
}

func (c *flagCells) len() int { return c.row }

func (c *flagCells) take() arrow.Array {
	bits, nulls := c.valid.take()
	a := newNullable(c.typ, c.row, bits, nulls, c.bits)
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
