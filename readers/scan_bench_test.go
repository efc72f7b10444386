package readers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"

	"optout/readers"
)

// snapshot is a row of consents as a profile store exports them.
type snapshot struct {
	ID       string   `parquet:"profile_id"`
	Consents consents `parquet:"consents"`
}

type consents struct {
	Marketing struct {
		Any, Email, SMS, Push, Call answer
	} `parquet:"marketing"`
}

type answer struct {
	Val  string    `parquet:"val,optional,dict"`
	Time time.Time `parquet:"time,timestamp(microsecond)"`
}

// BenchmarkScan reads an id, five choices and three times of a snapshot whose
// ids are in no order.
func BenchmarkScan(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "snapshot.parquet")
			writeSnapshot(b, path, rows)
			in := open(b, memory.NewGoAllocator(), path)
			leaves := []readers.Leaf{leaf(b, in, readers.Key, "profile_id")}
			for _, channel := range []string{"Any", "Email", "SMS", "Push", "Call"} {
				leaves = append(leaves, leaf(b, in, readers.Choice, "consents.marketing", channel, "val"))
			}
			for _, channel := range []string{"Any", "Email", "SMS"} {
				leaves = append(leaves, leaf(b, in, readers.Time, "consents.marketing", channel, "time"))
			}
			table := in.Table(leaves...)
			b.ReportAllocs()
			for b.Loop() {
				read := int64(0)
				if err := eachRecord(table, func(r arrow.Record) { read += r.NumRows() }); err != nil {
					b.Fatal(err)
				}
				if read != int64(rows) {
					b.Fatalf("got %d rows, want %d", read, rows)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func writeSnapshot(b *testing.B, path string, rows int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := parquet.NewGenericWriter[snapshot](file, parquet.Compression(&parquet.Zstd),
		parquet.DataPageVersion(1), parquet.MaxRowsPerRowGroup(1<<18))
	choices := []string{"y", "n", "dy", "", "p", "LI", "y", "y", "u"}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		hash := uint64(i+1) * 0x9E3779B97F4A7C15
		row := snapshot{ID: fmt.Sprintf("%08x-%04x-4000-8000-%012x", hash>>32, hash&0xFFFF, uint64(i))}
		m := &row.Consents.Marketing
		for k, a := range []*answer{&m.Any, &m.Email, &m.SMS, &m.Push, &m.Call} {
			*a = answer{choices[(hash>>(8*k))%9], start.Add(time.Duration(hash>>40) * time.Second)}
		}
		if _, err := w.Write([]snapshot{row}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}
