package pipeline

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/bitutil"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// apply builds the column with the generic rows replaced. Columns of text that
// are not nested, which is what personal content mostly is, have ways of their
// own that copy little; BenchmarkEmit shows what they save.
func (r Replacement) apply(column arrow.Array, generic []bool, mem memory.Allocator) (arrow.Array, error) {
	if err := r.check(column.DataType()); err != nil {
		return nil, err
	}
	switch c := column.(type) {
	case *array.Struct, *array.List:
	case *array.Dictionary:
		return r.recode(c, generic, mem)
	case *array.Binary:
		if r.Fallback != nil {
			return rewrite(c, r.Fallback.(*array.Binary).Value(0), generic, mem), nil
		}
		return mask(column, generic, mem), nil
	default:
		if r.Fallback == nil {
			return mask(column, generic, mem), nil
		}
	}
	return r.splice(column, generic, mem)
}

// check makes sure that a fallback can stand in a column.
func (r Replacement) check(typ arrow.DataType) error {
	if d, ok := typ.(*arrow.DictionaryType); ok {
		typ = d.ValueType
	}
	if r.Fallback != nil && !arrow.TypeEqual(typ, r.Fallback.DataType()) {
		return fmt.Errorf("a fallback of %s for values of %s", r.Fallback.DataType(), typ)
	}
	return nil
}

// mask makes the generic rows null. The values are shared.
func mask(column arrow.Array, generic []bool, mem memory.Allocator) arrow.Array {
	data := column.Data()
	valid := memory.NewResizableBuffer(mem)
	defer valid.Release()
	valid.Resize(int(bitutil.BytesForBits(int64(data.Offset() + data.Len()))))
	clear(valid.Bytes())
	nulls := 0
	for i, g := range generic {
		if g || column.IsNull(i) {
			nulls++
			continue
		}
		bitutil.SetBit(valid.Bytes(), data.Offset()+i)
	}
	buffers := append([]*memory.Buffer{valid}, data.Buffers()[1:]...)
	masked := array.NewDataWithDictionary(data.DataType(), data.Len(), buffers, nulls, data.Offset(), dictionaryOf(data))
	defer masked.Release()
	return array.MakeFromData(masked)
}

func dictionaryOf(data arrow.ArrayData) *array.Data {
	if d := data.Dictionary(); data.DataType().ID() == arrow.DICTIONARY {
		return d.(*array.Data)
	}
	return nil
}

// rewrite gives the generic rows the value of text.
func rewrite(column *array.Binary, text []byte, generic []bool, mem memory.Allocator) arrow.Array {
	b := array.NewBinaryBuilder(mem, column.DataType().(arrow.BinaryDataType))
	defer b.Release()
	b.Reserve(column.Len())
	b.ReserveData(len(column.ValueBytes()))
	for i, g := range generic {
		switch {
		case g:
			b.Append(text)
		case column.IsNull(i):
			b.AppendNull()
		default:
			b.Append(column.Value(i))
		}
	}
	return b.NewArray()
}

// recode gives the generic rows a word of their own, or none.
func (r Replacement) recode(column *array.Dictionary, generic []bool, mem memory.Allocator) (arrow.Array, error) {
	if r.Fallback == nil {
		return mask(column, generic, mem), nil
	}
	words, err := array.Concatenate([]arrow.Array{column.Dictionary(), r.Fallback}, mem)
	if err != nil {
		return nil, err
	}
	defer words.Release()
	fallback := int32(words.Len() - 1)
	codes := array.NewInt32Builder(mem)
	defer codes.Release()
	codes.Reserve(column.Len())
	for i, g := range generic {
		switch {
		case g:
			codes.UnsafeAppend(fallback)
		case column.IsNull(i):
			codes.UnsafeAppendBoolToBitmap(false)
		default:
			codes.UnsafeAppend(int32(column.GetValueIndex(i)))
		}
	}
	indices := codes.NewArray()
	defer indices.Release()
	return array.NewDictionaryArray(column.DataType(), indices, words), nil
}

// splice joins runs of the column's own rows and runs of the replacement, in
// turn. It serves every type.
func (r Replacement) splice(column arrow.Array, generic []bool, mem memory.Allocator) (arrow.Array, error) {
	filler, err := r.filler(column.DataType(), longestRun(generic), mem)
	if err != nil {
		return nil, err
	}
	defer filler.Release()
	var runs []arrow.Array
	defer func() {
		for _, a := range runs {
			a.Release()
		}
	}()
	for start := 0; start < len(generic); {
		end := start + 1
		for end < len(generic) && generic[end] == generic[start] {
			end++
		}
		if generic[start] {
			runs = append(runs, array.NewSlice(filler, 0, int64(end-start)))
		} else {
			runs = append(runs, array.NewSlice(column, int64(start), int64(end)))
		}
		start = end
	}
	return array.Concatenate(runs, mem)
}

func longestRun(generic []bool) (longest int) {
	run := 0
	for _, g := range generic {
		if !g {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// filler is n rows of the replacement, in the shape of the column.
func (r Replacement) filler(typ arrow.DataType, n int, mem memory.Allocator) (arrow.Array, error) {
	if r.Fallback != nil {
		copies := make([]arrow.Array, n)
		for i := range copies {
			copies[i] = r.Fallback
		}
		if n == 0 {
			return array.NewSlice(r.Fallback, 0, 0), nil
		}
		return array.Concatenate(copies, mem)
	}
	b := array.NewBuilder(mem, typ)
	defer b.Release()
	for range n {
		switch b := b.(type) {
		case *array.StructBuilder:
			appendNullEntry(b)
		case *array.ListBuilder:
			b.Append(true)
			appendNullEntry(b.ValueBuilder().(*array.StructBuilder))
		default:
			b.AppendNull()
		}
	}
	return b.NewArray(), nil
}

func appendNullEntry(b *array.StructBuilder) {
	b.Append(true)
	b.FieldBuilder(0).(*array.Uint16Builder).Append(NullRow)
	b.FieldBuilder(1).AppendNull()
}
