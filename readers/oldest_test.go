package readers_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"optout/readers"
)

// TestOldest finds the earliest time in every unit, over several files and row
// groups.
func TestOldest(t *testing.T) {
	type row struct {
		Day    int32     `parquet:"day,date"`
		Milli  time.Time `parquet:"milli,timestamp(millisecond)"`
		Micro  time.Time `parquet:"micro,timestamp(microsecond)"`
		Nano   time.Time `parquet:"nano,timestamp(nanosecond)"`
		Absent *int32    `parquet:"absent,optional,date"`
	}
	old := time.Date(1969, 12, 30, 1, 2, 3, 4005006, time.UTC)
	at := func(d time.Duration) row {
		then := old.Add(d)
		return row{Day: int32(then.Unix()/86400) - 1, Milli: then, Micro: then, Nano: then}
	}
	late := write(t, "late.parquet", []row{at(48 * time.Hour), at(time.Hour)})
	early := write(t, "early.parquet", []row{at(time.Hour), at(0), at(time.Minute)})
	in := open(t, checked(t), late, early)
	for col, want := range map[string]time.Time{
		"day":   old.Truncate(24 * time.Hour),
		"milli": old.Truncate(time.Millisecond),
		"micro": old.Truncate(time.Microsecond),
		"nano":  old,
	} {
		got, err := in.Oldest(context.Background(), leaf(t, in, readers.Time, col))
		if err != nil || !got.Equal(want) {
			t.Errorf("column %s: got %v, %v, want %v", col, got, err, want)
		}
	}
	_, err := in.Oldest(context.Background(), leaf(t, in, readers.Time, "absent"))
	wantError(t, err, late, "has nulls")
}

// TestOldestOfNothing leaves the time of an empty input unknown.
func TestOldestOfNothing(t *testing.T) {
	in := open(t, checked(t), filepath.Join(interop, "empty_parquetgo.parquet"))
	got, err := in.Oldest(context.Background(), leaf(t, in, readers.Time, "t"))
	if err != nil || !got.IsZero() {
		t.Errorf("got %v, %v, want no time", got, err)
	}
}
