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

// batchBytes bounds the bytes of a column of a record that is not text of a
// dictionary: a page of a few bytes can say one long value a million times.
const batchBytes = 64 << 20

// column decodes one column chunk, page by page.
type column struct {
	name   string
	typ    arrow.DataType // of the values that leave
	stored arrow.DataType // of the values in the file
	shape  shape
	pages  *pageReader
	mem    memory.Allocator
	maxDef byte

	dict    arrow.Array // decoded dictionary of the chunk
	longest int         // bytes of its longest value

	// The current page: its values without nulls, or their codes, and its
	// levels. What a record needs of it is spread over the entries only when it
	// is taken.
	dense  arrow.Array
	coded  bool
	def    []byte
	rep    []byte
	next   int // first entry not yet taken
	value  int // first value not yet taken
	length int // entries
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
	if c.dense != nil {
		c.dense.Release()
		c.dense = nil
	}
	c.def, c.rep = nil, nil
	c.next, c.value, c.length = 0, 0, 0
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
	c.coded = p.encoding == format.RLEDictionary || p.encoding == format.PlainDictionary
	var err error
	if c.coded {
		c.dense, err = c.decodeCodes(p)
	} else if c.dense, err = decodeValues(p, p.numValues, c.stored, c.mem); err == nil {
		c.dense = c.meaning(c.dense)
	}
	if err != nil {
		return err
	}
	c.def, c.rep, c.length = p.def, p.rep, p.numEntries
	return nil
}

func (c *column) decodeCodes(p *page) (arrow.Array, error) {
	if c.dict == nil {
		return nil, errors.New("a page of dictionary codes without a dictionary")
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
	c.longest = longestValue(c.dict)
	return nil
}

// meaning converts stored values to the column's type: the only conversion is
// that of INT96 to timestamps.
func (c *column) meaning(values arrow.Array) arrow.Array {
	if c.typ.ID() != arrow.TIMESTAMP || values.DataType().ID() != arrow.FIXED_SIZE_BINARY {
		return values
	}
	return int96Times(values, c.typ, c.mem)
}

// ready returns how many rows of a column that is not repeated can be taken
// without leaving the current page, at least one.
func (c *column) ready() (int, error) {
	if c.next == c.length {
		if err := c.load(); err != nil {
			return 0, noEOF(err)
		}
	}
	bytes := width(c.typ)
	if c.coded && !c.keepsCodes() {
		bytes = c.longest
	}
	return min(c.length-c.next, max(1, batchBytes/max(1, bytes))), nil
}

// keepsCodes reports whether byte arrays of a dictionary leave as such.
func (c *column) keepsCodes() bool {
	return c.shape == flat && (c.typ.ID() == arrow.STRING || c.typ.ID() == arrow.BINARY)
}

// take returns the next n rows of a column that is not repeated; they are ready.
func (c *column) take(n int) (arrow.Array, error) {
	if c.shape == flat {
		return c.takeValues(n)
	}
	levels := levelArray(c.rep, c.def, c.next, n, c.mem)
	defer levels.Release()
	values, err := c.takeValues(n)
	if err != nil {
		return nil, err
	}
	defer values.Release()
	return newEntries(c.typ, levels, values), nil
}

// takeValues returns the values of the next n entries of the page, nulls among
// them.
func (c *column) takeValues(n int) (arrow.Array, error) {
	if n*width(c.typ) > maxPageSize {
		return nil, errTooMuch
	}
	count := n
	var def []byte
	if c.def != nil {
		def = c.def[c.next : c.next+n]
		count = countLevel(def, c.maxDef)
	}
	values := array.NewSlice(c.dense, int64(c.value), int64(c.value+count))
	c.next += n
	c.value += count
	if c.coded && !c.keepsCodes() {
		codes := values
		defer codes.Release()
		var err error
		if values, err = gather(c.dict, codes.(*array.Int32).Int32Values(), c.mem); err != nil {
			return nil, err
		}
	}
	if count < n {
		values = scatter(values, def, c.maxDef, c.mem)
	}
	if c.coded && c.keepsCodes() {
		defer values.Release()
		typ := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: c.typ}
		return array.NewDictionaryArray(typ, values, c.dict), nil
	}
	return values, nil
}

var errTooMuch = fmt.Errorf("the values of a record take more than the limit of %d bytes", maxPageSize)
