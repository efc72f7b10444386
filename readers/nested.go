package readers

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// shape says how a leaf travels in a record.
type shape uint8

const (
	// flat: one nullable value a row. A null struct and a null in it are alike.
	flat shape = iota
	// leveled: Struct{level, value}, one a row, where it matters at which depth
	// a null stands.
	leveled
	// repeated: List<Struct{level, value}>, one list a row.
	repeated
)

// Leaves inside lists, maps and structs are not assembled into Arrow's nested
// types. They keep Parquet's own form, values with a repetition and a
// definition level, which is what assembling would have to undo on the way out,
// and which loses nothing: not the depth of a null, not an empty list, not the
// group names of whichever writer. The level of an entry is rep<<8 | def; the
// value is null where def is below the leaf's greatest.

var levelType = arrow.PrimitiveTypes.Uint16

// entryType is the type of one entry of a nested leaf.
func entryType(value arrow.DataType) *arrow.StructType {
	return arrow.StructOf(
		arrow.Field{Name: "level", Type: levelType},
		arrow.Field{Name: "value", Type: value, Nullable: true})
}

func shapeOf(leaf *parquet.Column, role Role) shape {
	switch {
	case leaf.MaxRepetitionLevel() > 0:
		return repeated
	case leaf.MaxDefinitionLevel() > 1 && role == Stored:
		return leveled
	}
	return flat
}

func (s shape) typeOf(value arrow.DataType) arrow.DataType {
	switch s {
	case leveled:
		return entryType(value)
	case repeated:
		return arrow.ListOfNonNullable(entryType(value))
	}
	return value
}

// levelArray makes the levels of n entries from next on.
func levelArray(rep, def []byte, next, n int, mem memory.Allocator) arrow.Array {
	buf := newBuffer(mem, 2*n)
	out := arrow.Uint16Traits.CastFromBytes(buf.Bytes())
	clear(out)
	if def != nil {
		for i, d := range def[next : next+n] {
			out[i] = uint16(d)
		}
	}
	if rep != nil {
		for i, r := range rep[next : next+n] {
			out[i] |= uint16(r) << 8
		}
	}
	return newArray(levelType, n, buf)
}

// newEntries makes a Struct{level, value} array, which shares both.
func newEntries(value arrow.DataType, levels, values arrow.Array) arrow.Array {
	data := array.NewData(entryType(value), levels.Len(), []*memory.Buffer{nil},
		[]arrow.ArrayData{levels.Data(), values.Data()}, 0, 0)
	defer data.Release()
	return array.NewStructData(data)
}

// takeRepeated returns the next n rows of a repeated column. A row may go on in
// the next page, so a row ends only where another begins or the chunk ends.
func (c *column) takeRepeated(n int) (arrow.Array, error) {
	offsets := newBuffer(c.mem, 4*(n+1))
	defer offsets.Release()
	starts := arrow.Int32Traits.CastFromBytes(offsets.Bytes())
	var levels, values []arrow.Array
	defer func() {
		releaseAll(levels)
		releaseAll(values)
	}()
	rows, total := 0, 0
	for {
		if c.next == c.length {
			err := c.load()
			if errors.Is(err, io.EOF) && rows == n {
				break
			}
			if err != nil {
				return nil, noEOF(err)
			}
		}
		i := c.next
		for ; i < c.length; i++ {
			if c.rep[i] != 0 {
				continue
			}
			if rows == n {
				break
			}
			starts[rows] = int32(total + i - c.next)
			rows++
		}
		if entries := i - c.next; entries > 0 {
			if total += entries; total > maxListEntries {
				return nil, c.fail(fmt.Errorf("%d rows have %d entries, more than the limit of %d", n, total, maxListEntries))
			}
			levels = append(levels, levelArray(c.rep, c.def, c.next, entries, c.mem))
			part, err := c.takeValues(entries)
			if err != nil {
				return nil, c.fail(err)
			}
			values = append(values, part)
		}
		if i < c.length {
			break // the next row begins here
		}
	}
	starts[n] = int32(total)
	return c.list(n, offsets, levels, values)
}

// maxListEntries bounds the entries of a column of a record.
const maxListEntries = 1 << 28

func (c *column) list(n int, offsets *memory.Buffer, levels, values []arrow.Array) (arrow.Array, error) {
	level, err := c.concatenate(levels)
	if err != nil {
		return nil, err
	}
	defer level.Release()
	value, err := c.concatenate(values)
	if err != nil {
		return nil, err
	}
	defer value.Release()
	entries := newEntries(c.typ, level, value)
	defer entries.Release()
	data := array.NewData(repeated.typeOf(c.typ), n, []*memory.Buffer{nil, offsets}, []arrow.ArrayData{entries.Data()}, 0, 0)
	defer data.Release()
	return array.NewListData(data), nil
}

func (c *column) concatenate(parts []arrow.Array) (arrow.Array, error) {
	if len(parts) == 1 {
		parts[0].Retain()
		return parts[0], nil
	}
	return array.Concatenate(parts, c.mem)
}

func releaseAll(arrays []arrow.Array) {
	for _, a := range arrays {
		a.Release()
	}
}
