package writers

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

// BenchmarkWrite writes a list of six columns, half of whose rows are kept.
func BenchmarkWrite(b *testing.B) {
	for _, rows := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			record := benchRecord(min(rows, 50_000))
			defer record.Release()
			var kept []int32
			for i := range int32(record.NumRows()) {
				if i%7%2 == 0 {
					kept = append(kept, i)
				}
			}
			list := schema("list",
				leaf("profile_id", parquet.String(), &parquet.Plain), leaf("email", parquet.Optional(parquet.String()), &parquet.Plain),
				leaf("city", parquet.Optional(parquet.String()), &parquet.RLEDictionary), leaf("sum", parquet.Int(64), &parquet.Plain),
				leaf("flag", parquet.Leaf(parquet.BooleanType), &parquet.Plain), leaf("at", parquet.Timestamp(parquet.Microsecond), &parquet.Plain))
			dir := b.TempDir()
			for n := 0; b.Loop(); n++ {
				f, err := CreateParquet(filepath.Join(dir, fmt.Sprint(n)), list, FileOptions{Mode: 0o600})
				if err != nil {
					b.Fatal(err)
				}
				g := f.Group()
				for range rows / int(record.NumRows()) {
					if err := g.Write(record, kept); err != nil {
						b.Fatal(err)
					}
				}
				if err := g.Commit(); err != nil {
					b.Fatal(err)
				}
				if _, err := f.Commit(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func benchRecord(rows int) arrow.Record {
	mem := memory.DefaultAllocator
	columns := []arrow.Field{
		{Name: "profile_id", Type: arrow.BinaryTypes.Binary},
		{Name: "email", Type: arrow.BinaryTypes.Binary, Nullable: true},
		{Name: "city", Type: arrow.BinaryTypes.Binary, Nullable: true},
		{Name: "sum", Type: arrow.PrimitiveTypes.Int64},
		{Name: "flag", Type: arrow.FixedWidthTypes.Boolean},
		{Name: "at", Type: arrow.PrimitiveTypes.Int64},
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(columns, nil))
	defer b.Release()
	cities := []string{"Paris", "Lyon", "Nantes", "Lille", "Metz"}
	for i := range rows {
		mixed := uint64(i) * 0x9E3779B97F4A7C15
		b.Field(0).(*array.BinaryBuilder).AppendString(fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(mixed), mixed>>16))
		b.Field(1).(*array.BinaryBuilder).AppendString(fmt.Sprintf("user%d@example.com", mixed>>40))
		if i%9 == 0 {
			b.Field(2).(*array.BinaryBuilder).AppendNull()
		} else {
			b.Field(2).(*array.BinaryBuilder).AppendString(cities[mixed>>32%5])
		}
		b.Field(3).(*array.Int64Builder).Append(int64(mixed >> 44))
		b.Field(4).(*array.BooleanBuilder).Append(i%3 == 0)
		b.Field(5).(*array.Int64Builder).Append(1_700_000_000_000_000 + int64(i)*1_000_003)
	}
	return b.NewRecord()
}
