package pipeline

import (
	"fmt"
	"math/bits"
	"sort"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
)

// Times that can be dates, from the first to before the last: what lies outside was
// read in the wrong unit. Seconds taken for milliseconds are a day of 1970,
// milliseconds taken for seconds one of the year 51,000.
const (
	firstDate = 631_152_000_000_000     // 1990
	lastDate  = 7_289_654_400_000_000   // 2201
	lastEnd   = 253_402_300_800_000_000 // 10000: an end for ever is written so
)

// A TimeError is a time that can be no date. It names no person.
type TimeError struct {
	Stage  Stage // StageRecipients or StageConsents
	Input  int   // in Plan.Lists or Plan.Consents
	Column string
	Row    int64 // of the input, from zero
	Year   int
}

func (e *TimeError) Error() string {
	return fmt.Sprintf("column %s has a time in the year %d, in row %d: is the unit of the column right?", e.Column, e.Year, e.Row)
}

// newDates is newTimes for a column of a record that begins with row number first
// and whose times lie before a last one.
func newDates(record arrow.Record, column int, first, last int64) (func(row int) int64, error) {
	if column == NoColumn {
		return newTimes(nil)
	}
	a := record.Column(column)
	if row := noDate(a, last); row >= 0 {
		return nil, newTimeError(a, row, record.ColumnName(column), first+int64(row))
	}
	return newTimes(a)
}

func newTimeError(a arrow.Array, at int, column string, row int64) *TimeError {
	e := &TimeError{Column: column, Row: row}
	switch a := a.(type) {
	case *array.Timestamp:
		e.Year = a.Value(at).ToTime(a.DataType().(*arrow.TimestampType).Unit).Year()
	case *array.Date32:
		e.Year = a.Value(at).ToTime().Year()
	}
	return e
}

// noDate is the first value of a column of times that can be no date, -1 for none.
func noDate(a arrow.Array, last int64) int {
	switch a := a.(type) {
	case *array.Timestamp:
		per := int64(time.Second / a.DataType().(*arrow.TimestampType).Unit.Multiplier()) // units a second
		from, to := arrow.Timestamp(firstDate/1e6*per), arrow.Timestamp(unitsUntil(last, per))
		if areDates(a, from, to) {
			return -1
		}
		for i, v := range a.TimestampValues() {
			if (v < from || v >= to) && a.IsValid(i) {
				return i
			}
		}
	case *array.Date32:
		const day = 24 * int64(time.Hour/time.Microsecond)
		for i, v := range a.Date32Values() {
			if (int64(v) < firstDate/day || int64(v) >= last/day) && a.IsValid(i) {
				return i
			}
		}
	}
	return -1
}

// areDates reports whether no time lies outside a range. Every value of every
// snapshot goes through here, so nothing is decided before the end: where the nulls
// are, whose value is no date, cannot be foreseen.
func areDates(a *array.Timestamp, from, to arrow.Timestamp) bool {
	if a.NullN() == 0 {
		return areInside(a.TimestampValues(), from, to)
	}
	valid, first, outside := a.NullBitmapBytes(), a.Data().Offset(), uint64(0)
	for i, v := range a.TimestampValues() {
		_, inside := bits.Sub64(uint64(v-from), uint64(to-from), 0)
		outside |= uint64(valid[(first+i)>>3]>>((first+i)&7)) &^ inside
	}
	return outside&1 == 0
}

func areInside(times []arrow.Timestamp, from, to arrow.Timestamp) bool {
	outside := uint64(0)
	for _, v := range times {
		_, inside := bits.Sub64(uint64(v-from), uint64(to-from), 0)
		outside |= 1 &^ inside
	}
	return outside == 0
}

// unitsUntil is a time in units of which there are so many a second. What has no
// number in them is after all that have.
func unitsUntil(micros, per int64) int64 {
	seconds := micros / 1e6
	if most := int64(1<<63 - 1); seconds > most/per {
		return most
	}
	return seconds * per
}

// checkDates looks for times in a repeated column that can be no dates.
func (e *entries) checkDates(column string, first int64) error {
	if e.times == nil {
		return nil
	}
	at := noDate(e.values, lastDate)
	if at < 0 {
		return nil
	}
	row := sort.Search(len(e.offsets)-1, func(row int) bool { return int(e.offsets[row+1]) > at })
	return newTimeError(e.values, at, column, first+int64(row))
}
