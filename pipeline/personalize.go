package pipeline

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// Names of the columns that are added to what a send list has.
const (
	PersonalizedColumn = "personalized" // of an audience: false where content was made generic
	ReasonColumn       = "reason"       // of a quarantine
)

// personalize returns the record with the personal columns of the generic rows
// replaced, and the column PersonalizedColumn behind them. Other columns are
// shared.
func personalize(record arrow.Record, replacements []Replacement, generic []bool, mem memory.Allocator) (arrow.Record, error) {
	columns := append([]arrow.Array(nil), record.Columns()...)
	var made []arrow.Array
	defer func() {
		for _, a := range made {
			a.Release()
		}
	}()
	for _, r := range replacements {
		a, err := r.apply(columns[r.Column], generic, mem)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", record.ColumnName(r.Column), err)
		}
		made = append(made, a)
		columns[r.Column] = a
	}
	b := array.NewBooleanBuilder(mem)
	defer b.Release()
	b.Reserve(len(generic))
	for _, g := range generic {
		b.UnsafeAppend(!g)
	}
	flag := b.NewArray()
	made = append(made, flag)
	return newRecord(record, columns, PersonalizedColumn, flag), nil
}

// newRecord is the record with other columns, and one more.
func newRecord(record arrow.Record, columns []arrow.Array, name string, more arrow.Array) arrow.Record {
	columns = append(columns[:len(columns):len(columns)], more)
	fields := make([]arrow.Field, 0, len(columns))
	for i, c := range columns[:len(columns)-1] {
		fields = append(fields, arrow.Field{Name: record.ColumnName(i), Type: c.DataType(), Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: name, Type: more.DataType(), Nullable: true})
	return array.NewRecord(arrow.NewSchema(fields, nil), columns, record.NumRows())
}

// NullRow is the level of an entry that stands for a whole column being null,
// whatever is nested in it. Only this package makes such entries, for generic
// rows; a writer gives them definition level 0.
const NullRow uint16 = 0xFFFF

// apply builds the column with the generic rows replaced: runs of its own rows
// and runs of the replacement, in turn.
func (r Replacement) apply(column arrow.Array, generic []bool, mem memory.Allocator) (arrow.Array, error) {
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
