package pipeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"

	"optout/pipeline/consent"
)

// A LedgerRow is a row of a ledger that was published, in the order of
// LedgerSchema. A text is nil where the ledger has null; all are valid until the
// next row is read.
type LedgerRow struct {
	RunID, List, Channel []byte
	Row                  int64
	Profile, AddressHash []byte
	Decision, Reason     []byte
	Reasons              [][]byte
	Source, Field, Value []byte
	Effective            int64 // microseconds since 1970 UTC, or consent.NoTime
}

// Columns of a ledger by number.
const (
	rowInLedger       = 3
	reasonsInLedger   = 8
	effectiveInLedger = 12
)

// ReadLedger calls each with every row of a ledger, in order. The table has the
// columns of LedgerSchema, and reasons is the list among them.
func ReadLedger(ctx context.Context, t Table, reasons MapColumn, each func(*LedgerRow) error) error {
	r := ledgerReader{reasons: MapColumn{Column: reasonsInLedger, MaxDefinition: reasons.MaxDefinition}}
	return eachRecord(ctx, t, func(_ int64, record arrow.Record) error {
		if err := r.bind(record); err != nil {
			return err
		}
		for i := range int(record.NumRows()) {
			if err := each(r.read(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachRecord reads a table from its first row to its last.
func eachRecord(ctx context.Context, t Table, each func(row int64, record arrow.Record) error) error {
	for part := range t.Parts {
		if err := scanPart(ctx, t, part, each); err != nil {
			return err
		}
	}
	return nil
}

// ledgerReader reads the rows of one record after the other.
type ledgerReader struct {
	reasons MapColumn
	columns [effectiveInLedger]*texts // nil for those that are no text
	numbers func(i int) int64
	lists   *entries
	times   func(i int) int64
	row     LedgerRow
}

func (r *ledgerReader) bind(record arrow.Record) (err error) {
	for k := range r.columns {
		if k == reasonsInLedger {
			continue
		}
		if r.columns[k], err = newTexts(record.Column(k)); err != nil {
			return fmt.Errorf("column %s: %w", record.ColumnName(k), err)
		}
	}
	if r.numbers = r.columns[rowInLedger].number; r.numbers == nil {
		return fmt.Errorf("column %s holds no row numbers", record.ColumnName(rowInLedger))
	}
	if r.lists, err = newEntries(record, r.reasons); err != nil {
		return err
	}
	r.times, err = newTimes(record.Column(effectiveInLedger))
	return err
}

func (r *ledgerReader) read(i int) *LedgerRow {
	text := func(column int) []byte { return r.columns[column].at(i) }
	row := LedgerRow{
		RunID: text(0), List: text(1), Channel: text(2), Row: r.numbers(i), Profile: text(4), AddressHash: text(5),
		Decision: text(6), Reason: text(7), Reasons: r.row.Reasons[:0],
		Source: text(9), Field: text(10), Value: text(11), Effective: consent.NoTime,
	}
	for k, end := r.lists.row(i); k < end; k++ {
		if r.lists.present(k) {
			row.Reasons = append(row.Reasons, r.lists.text(k))
		}
	}
	row.Effective = r.times(i)
	r.row = row
	return &r.row
}

// ReadTexts calls each with the texts of every row of a table, a text for each
// column, nil for null: text as it is, integers as decimals. They are valid until
// the next row is read.
func ReadTexts(ctx context.Context, t Table, each func(row int64, cells [][]byte) error) error {
	var columns []*texts
	var cells [][]byte
	return eachRecord(ctx, t, func(first int64, record arrow.Record) error {
		columns = columns[:0]
		for k, c := range record.Columns() {
			text, err := newTexts(c)
			if err != nil {
				return fmt.Errorf("column %s: %w", record.ColumnName(k), err)
			}
			columns = append(columns, text)
		}
		for i := range int(record.NumRows()) {
			cells = cells[:0]
			for _, c := range columns {
				cells = append(cells, c.at(i))
			}
			if err := each(first+int64(i), cells); err != nil {
				return err
			}
		}
		return nil
	})
}
