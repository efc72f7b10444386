package pipeline

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v15/arrow"
)

// scan reads the parts of a table with as many workers as there are threads.
// Every worker calls start once for a function of its own, which gets each
// record with the number of its first row. Which worker gets which part is
// chance; what comes out must not depend on it.
func scan(ctx context.Context, t Table, threads int, start func() func(row int64, record arrow.Record) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, len(t.Parts)) {
		wg.Go(func() {
			each := start()
			for {
				part := int(next.Add(1) - 1)
				if part >= len(t.Parts) || ctx.Err() != nil {
					return
				}
				if err := scanPart(ctx, t, part, each); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func scanPart(ctx context.Context, t Table, part int, each func(row int64, record arrow.Record) error) (err error) {
	source, err := t.Open(part)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	row := t.Parts[part].FirstRow
	for {
		record, err := source.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = each(row, record)
		row += record.NumRows()
		record.Release()
		if err != nil {
			return err
		}
	}
}
