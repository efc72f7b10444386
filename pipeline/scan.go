package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/apache/arrow/go/v15/arrow"
)

// scan reads the parts of a table with as many workers as there are threads.
// Every worker calls start once for a function of its own, which gets each
// record with the number of its first row. Which worker gets which part is
// chance; what comes out must not depend on it. A plan without threads has one:
// a snapshot that nobody read would be one in which nobody opted out.
func scan(ctx context.Context, t Table, threads int, start func() func(row int64, record arrow.Record) error) error {
	return scanParts(ctx, t, threads, func() func(int, int64, arrow.Record) error {
		each := start()
		return func(_ int, row int64, record arrow.Record) error { return each(row, record) }
	})
}

// scanParts is scan for functions that want to know which part they read. All
// records of a part go to one of them, in order.
func scanParts(ctx context.Context, t Table, threads int, start func() func(part int, row int64, record arrow.Record) error) error {
	var next atomic.Int64
	return together(ctx, min(max(threads, 1), len(t.Parts)), func(ctx context.Context, _ int) error {
		each := start()
		for ctx.Err() == nil {
			part := int(next.Add(1) - 1)
			if part >= len(t.Parts) {
				break
			}
			err := scanPart(ctx, t, part, func(row int64, record arrow.Record) error { return each(part, row, record) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// scanPart reads one part. Rows that are missing would be people without an
// answer, and rows too many other people's, so their number must be right.
func scanPart(ctx context.Context, t Table, part int, each func(row int64, record arrow.Record) error) (err error) {
	source, err := t.Open(part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	first, want := t.Parts[part].FirstRow, t.Parts[part].Rows
	for row := int64(0); ; {
		record, err := source.Next(ctx)
		if errors.Is(err, io.EOF) && row != want {
			return fmt.Errorf("part %d has %d rows, not %d", part, row, want)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		n := record.NumRows()
		if n > want-row {
			err = fmt.Errorf("part %d has more than %d rows", part, want)
		} else {
			err = each(first+row, record)
		}
		record.Release()
		if err != nil {
			return err
		}
		row += n
	}
}
