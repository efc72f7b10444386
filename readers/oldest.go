package readers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// Oldest returns the earliest time in a column of role Time, over all rows. It
// reads the values, not the footer's statistics, which a damaged file can have
// wrong. A null is an error: a row of unknown age has no oldest.
func (in *Input) Oldest(ctx context.Context, leaf Leaf) (oldest time.Time, err error) {
	t := in.Table(leaf)
	for part := range t.NumParts() {
		if oldest, err = t.oldest(ctx, part, oldest); err != nil {
			return time.Time{}, err
		}
	}
	return oldest, nil
}

func (t *Table) oldest(ctx context.Context, part int, oldest time.Time) (time.Time, error) {
	source, err := t.Open(part)
	if err != nil {
		return oldest, err
	}
	defer source.Close()
	for {
		record, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			return oldest, nil
		}
		if err != nil {
			return oldest, err
		}
		column := record.Column(0)
		if column.NullN() > 0 {
			record.Release()
			return oldest, &FileError{t.PartName(part), fmt.Errorf("column %s has nulls, so the age of the snapshot is unknown", t.columns[0].name)}
		}
		for i := range column.Len() {
			at := timeAt(column, i)
			if oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
		record.Release()
	}
}

func timeAt(column arrow.Array, i int) time.Time {
	switch c := column.(type) {
	case *array.Timestamp:
		return c.Value(i).ToTime(c.DataType().(*arrow.TimestampType).Unit)
	case *array.Date32:
		return c.Value(i).ToTime()
	}
	return time.Time{}
}
