package writers

import (
	"errors"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline"
)

// Both is an output whose rows go into two others, in the same order.
func Both(first, second pipeline.Output) pipeline.Output { return both{first, second} }

type both [2]pipeline.Output

func (b both) Group() pipeline.Group { return bothGroups{b[0].Group(), b[1].Group()} }

type bothGroups [2]pipeline.Group

func (g bothGroups) Write(record arrow.Record, rows []int32) error {
	if err := g[0].Write(record, rows); err != nil {
		return err
	}
	return g[1].Write(record, rows)
}

func (g bothGroups) Commit() error {
	if err := g[0].Commit(); err != nil {
		return err
	}
	return g[1].Commit()
}

func (g bothGroups) Close() error { return errors.Join(g[0].Close(), g[1].Close()) }
