package pipeline

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// TestNoDate: what is read in the wrong unit is no date, in any unit, and null is
// no time at all.
func TestNoDate(t *testing.T) {
	mem := checked(t)
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tt := range []struct {
		day  string
		last int64
		want int
	}{
		{"1990-01-01", lastDate, -1},
		{"1989-12-31", lastDate, 1},
		{"1970-01-21", lastDate, 1},
		{"2200-12-31", lastDate, -1},
		{"2201-01-01", lastDate, 1},
		{"2201-01-01", lastEnd, -1},
		{"9999-12-31", lastEnd, -1},
		{"1989-12-31", lastEnd, 1},
	} {
		at := day(tt.day)
		columns := map[string]arrow.Array{
			"seconds": timestamps(t, mem, arrow.Second, day("2026-11-24").Unix(), at.Unix()), "milliseconds": timestamps(t, mem, arrow.Millisecond, day("2026-11-24").UnixMilli(), at.UnixMilli()),
			"microseconds": timestamps(t, mem, arrow.Microsecond, day("2026-11-24").UnixMicro(), at.UnixMicro()),
			"dates": built(t, array.NewDate32Builder(mem), func(b *array.Date32Builder) {
				b.AppendValues([]arrow.Date32{arrow.Date32FromTime(day("2026-11-24")), arrow.Date32FromTime(at)}, nil)
				b.AppendNull()
			}),
		}
		if tt.last == lastDate {
			columns["nanoseconds"] = timestamps(t, mem, arrow.Nanosecond, day("2026-11-24").UnixNano(), at.UnixNano())
		}
		for unit, column := range columns {
			if got := noDate(column, tt.last); got != tt.want {
				t.Errorf("%s in %s: got %d, want %d", tt.day, unit, got, tt.want)
			}
		}
	}
	for unit, column := range map[string]arrow.Array{
		"seconds": timestamps(t, mem, arrow.Second, 253_402_300_800), "milliseconds": timestamps(t, mem, arrow.Millisecond, 253_402_300_800_000),
	} {
		if got := noDate(column, lastEnd); got != 0 {
			t.Errorf("the year 10000 in %s can be an end", unit)
		}
	}
}

// TestAreDates: every time of a slice that is not null counts, and no other.
func TestAreDates(t *testing.T) {
	mem := checked(t)
	p := rand.New(rand.NewPCG(1, 2))
	edges := []arrow.Timestamp{firstDate, lastDate - 1, firstDate - 1, lastDate, 0, math.MinInt64, math.MaxInt64}
	for range 2000 {
		n := 1 + p.IntN(40)
		column := built(t, array.NewTimestampBuilder(mem, &arrow.TimestampType{Unit: arrow.Microsecond}), func(b *array.TimestampBuilder) {
			for range n {
				if v := edges[p.IntN(len(edges))]; p.IntN(3) == 0 {
					b.AppendNull()
				} else if b.Append(edges[p.IntN(2)]); p.IntN(20) == 0 {
					b.Append(v)
				}
			}
		})
		from := p.IntN(n)
		slice := array.NewSlice(column, int64(from), int64(from+p.IntN(n-from+1))).(*array.Timestamp)
		want := true
		for i, v := range slice.TimestampValues() {
			want = want && (slice.IsNull(i) || firstDate <= v && v < lastDate)
		}
		if got := areDates(slice, firstDate, lastDate); got != want {
			t.Errorf("%v: got %v, want %v", slice, got, want)
		}
		slice.Release()
	}
}

// TestTimesThatAreNone: a time of a snapshot or of sending that was read in the
// wrong unit ends the run, and the error says where it stands.
func TestTimesThatAreNone(t *testing.T) {
	sound := consentRow{email: "y", time: 5}
	for _, tt := range []struct {
		name   string
		record consentRow
		at     int64 // of sending
		want   TimeError
	}{
		{"of the values", consentRow{email: "y", time: wrongUnit}, 5, TimeError{StageConsents, 0, "g", 3, 1970}},
		{"of a row that is about nobody", consentRow{id: "nobody", email: "y", time: wrongUnit}, 5, TimeError{StageConsents, 0, "g", 3, 1970}},
		{"of one address", consentRow{identities: []identityRow{{namespace: "Email", id: "a@example.com", email: "y", time: 1 << 60}}, time: 5}, 5, TimeError{StageConsents, 0, "l", 3, 38554}},
		{"of sending", sound, wrongUnit, TimeError{StageRecipients, 0, "d", 1, 1970}},
		{"no time", consentRow{email: "y", time: consent.NoTime}, 0, TimeError{}},
	} {
		w := onePerson(testRule{mode: consent.OptOut}, sound, sound, sound, tt.record, sound)
		if tt.record.id != "" {
			w.inputs[0].rows[3].id = tt.record.id
		}
		w.lists[0].times = true
		w.lists[0].rows = append(w.lists[0].rows, w.lists[0].rows[0])
		w.lists[0].rows[1].at = tt.at
		for _, c := range []cutting{whole, {part: 2, batch: 1, sliced: true}} {
			_, err := Decide(context.Background(), w.plan(c, 1, memory.DefaultAllocator))
			var got *TimeError
			switch {
			case tt.want == TimeError{} && err != nil:
				t.Errorf("%s: %v", tt.name, err)
			case tt.want == TimeError{}:
			case !errors.As(err, &got) || *got != tt.want:
				t.Errorf("%s: got %v, want %v", tt.name, err, &tt.want)
			}
		}
	}
}
