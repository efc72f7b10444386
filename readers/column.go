package readers

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go/format"
)

// column decodes one column chunk, page by page.
type column struct {
	name   string
	typ    arrow.DataType // of the values that leave
	stored arrow.DataType // of the values in the file
	shape  shape
	pages  *pageReader
	mem    memory.Allocator
	maxDef byte

	dict  arrow.Array // decoded dictionary of the chunk
	codes []int32

	values arrow.Array // the entries of the current page, nullable
	levels arrow.Array // their levels, where the shape has them; else nil
	next   int         // first row (or, repeated, entry) not yet taken
	length int         // rows (or entries) of the current page
}

func (c *column) close() {
	c.dropPage()
	if c.dict != nil {
		c.dict.Release()
		c.dict = nil
	}
	if c.pages != nil && c.pages.dict != nil {
		c.pages.dict.release()
		c.pages.dict = nil
	}
}

func (c *column) dropPage() {
	if c.values != nil {
		c.values.Release()
		c.values = nil
	}
	if c.levels != nil {
		c.levels.Release()
		c.levels = nil
	}
	c.next, c.length = 0, 0
}

// load decodes the next page that has entries. It returns io.EOF after the
// last one.
func (c *column) load() error {
	c.dropPage()
	for {
		p, err := c.pages.next()
		if err != nil {
			return c.fail(err)
		}
		if p.numEntries == 0 {
			p.release()
			continue
		}
		if err = c.decode(p); err != nil {
			return c.fail(err)
		}
		return nil
	}
}

func (c *column) fail(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return fmt.Errorf("column %s: %w", c.name, err)
}

func (c *column) decode(p *page) error {
	defer p.release()
	if err := c.takeDictionary(); err != nil {
		return err
	}
	dense, err := c.dense(p)
	if err != nil {
		return err
	}
	if p.def != nil {
		dense = scatter(dense, p.def, c.maxDef, c.mem)
	}
	c.values, c.length = dense, p.numEntries
	if c.shape != flat {
		c.levels = levelArray(p, c.mem)
	}
	return nil
}

// dense decodes the values of a page, nulls left out.
func (c *column) dense(p *page) (arrow.Array, error) {
	if p.encoding != format.RLEDictionary && p.encoding != format.PlainDictionary {
		values, err := decodeValues(p, p.numValues, c.stored, c.mem)
		return c.meaning(values), err
	}
	if c.dict == nil {
		return nil, errors.New("a page of dictionary codes without a dictionary")
	}
	if c.shape != flat || c.typ.ID() != arrow.STRING {
		if cap(c.codes) < p.numValues {
			c.codes = make([]int32, p.numValues)
		}
		c.codes = c.codes[:p.numValues]
		if err := decodeCodes(c.codes, p.values, c.dict.Len()); err != nil {
			return nil, err
		}
		return gather(c.dict, c.codes, c.mem), nil
	}
	buf := newBuffer(c.mem, 4*p.numValues)
	if err := decodeCodes(arrow.Int32Traits.CastFromBytes(buf.Bytes()), p.values, c.dict.Len()); err != nil {
		buf.Release()
		return nil, err
	}
	return newArray(arrow.PrimitiveTypes.Int32, p.numValues, buf), nil
}

// takeDictionary decodes the dictionary page that the page reader met.
func (c *column) takeDictionary() error {
	p := c.pages.dict
	if p == nil {
		return nil
	}
	c.pages.dict = nil
	defer p.release()
	values, err := decodeValues(p, p.numValues, c.stored, c.mem)
	if err != nil {
		return fmt.Errorf("dictionary: %w", err)
	}
	c.dict = c.meaning(values)
	return nil
}

// meaning converts stored values to the column's type: the only conversion is
// that of INT96 to timestamps.
func (c *column) meaning(values arrow.Array) arrow.Array {
	if values == nil || c.typ.ID() != arrow.TIMESTAMP || values.DataType().ID() != arrow.FIXED_SIZE_BINARY {
		return values
	}
	return int96Times(values, c.typ, c.mem)
}

// ready returns how many rows of a flat column can be taken without leaving the
// current page, at least one.
func (c *column) ready() (int, error) {
	if c.next == c.length {
		if err := c.load(); err != nil {
			return 0, noEOF(err)
		}
	}
	return c.length - c.next, nil
}

// take returns the next n rows of a flat column, which are ready.
func (c *column) take(n int) arrow.Array {
	values := array.NewSlice(c.values, int64(c.next), int64(c.next+n))
	if c.levels != nil {
		levels := array.NewSlice(c.levels, int64(c.next), int64(c.next+n))
		defer levels.Release()
		defer values.Release()
		c.next += n
		return newEntries(c.typ, levels, values)
	}
	c.next += n
	if c.dict != nil && values.DataType().ID() == arrow.INT32 && c.typ.ID() == arrow.STRING {
		defer values.Release()
		return array.NewDictionaryArray(dictionaryType, values, c.dict)
	}
	return values
}

// dictionaryType is the type of text that arrives as codes.
var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
