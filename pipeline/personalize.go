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
