package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// start is the first time of the lists, the START of lists.py.
var start = time.Date(2025, 3, 1, 12, 30, 15, 0, time.UTC)

func micros(i int) int64 {
	return start.AddDate(0, 0, i).Add(time.Duration(1001*i) * time.Microsecond).UnixMicro()
}

// required has no column that may be null, as the required_table of lists.py.
func required() parquet.Group {
	return parquet.Group{
		"profile_id": parquet.String(),
		"opted_in":   parquet.Leaf(parquet.BooleanType),
		"n":          parquet.Int(64),
		"confirmed":  parquet.Leaf(parquet.BooleanType),
		"t":          parquet.Timestamp(parquet.Microsecond),
	}
}

func solid(i int) row {
	return row{
		"profile_id": fmt.Sprintf("p-%04d", i),
		"opted_in":   i%3 == 0,
		"n":          int64(i * i),
		"confirmed":  i%5 != 0,
		"t":          parquet.Int64Value(micros(i)),
	}
}

// everyType has the types that this library writes and pyarrow reads back.
func everyType() parquet.Group {
	fixed := func(n int) parquet.Type { return parquet.FixedLenByteArrayType(n) }
	g := parquet.Group{"profile_id": text(), "email": text()}
	for name, node := range map[string]parquet.Node{
		"yes": parquet.Leaf(parquet.BooleanType),
		"i8":  parquet.Int(8), "i16": parquet.Int(16), "i32": parquet.Int(32), "i64": parquet.Int(64),
		"u8": parquet.Uint(8), "u16": parquet.Uint(16), "u32": parquet.Uint(32), "u64": parquet.Uint(64),
		"f32": parquet.Leaf(parquet.FloatType), "f64": parquet.Leaf(parquet.DoubleType),
		"d9": parquet.Decimal(2, 9, parquet.Int32Type), "d18": parquet.Decimal(4, 18, parquet.Int64Type),
		"d38": parquet.Decimal(10, 38, fixed(16)),
		"day": parquet.Date(), "clock_ms": parquet.Time(parquet.Millisecond),
		"clock_us": parquet.Time(parquet.Microsecond), "clock_ns": parquet.Time(parquet.Nanosecond),
		"t_ms": parquet.Timestamp(parquet.Millisecond), "t_us": parquet.Timestamp(parquet.Microsecond),
		"t_ns": parquet.Timestamp(parquet.Nanosecond), "t_local": parquet.TimestampAdjusted(parquet.Microsecond, false),
		"t_96": parquet.Leaf(parquet.Int96Type),
		"word": parquet.Encoded(parquet.String(), &parquet.RLEDictionary), "kind": parquet.Enum(), "doc": parquet.JSON(),
		"prefix": parquet.Encoded(parquet.String(), &parquet.DeltaByteArray),
		"blob":   parquet.Leaf(parquet.ByteArrayType), "blob7": parquet.Leaf(fixed(7)), "id": parquet.UUID(),
	} {
		g[name] = opt(node)
	}
	g["yes"] = parquet.FieldID(g["yes"], 7) // as tables of Iceberg have
	g["ints"] = list(parquet.FieldID(opt(parquet.Int(32)), 8))
	g["words"] = opt(parquet.List(parquet.Encoded(text(), &parquet.RLEDictionary)))
	g["pair"] = opt(parquet.Group{"x": opt(parquet.Int(32)), "y": text()})
	g["counts"] = mapOf(opt(parquet.Int(32)))
	return g
}

func typed(i int) row {
	r := keys(i)
	r["ints"], r["words"], r["pair"], r["counts"] = ints[i%5], words[i%5], pairs[i%4], counts[i%4]
	if i%7 == 3 {
		return r // every other column is null
	}
	for name, v := range map[string]any{
		"yes": i%2 == 0,
		"i8":  int32(i - 12), "i16": int32(i * 1000), "i32": int32(-i * 100000), "i64": int64(i) * 1e11,
		"u8": int32(255 - i), "u16": int32(65535 - i), "u32": int32(-1 - i), "u64": int64(-1 - i),
		"f32": float32(i) / 4, "f64": []float64{0.5, math.Copysign(0, -1), math.NaN(), math.Inf(1), 1.25e10}[i%5],
		"d9": int32((i - 9) * 12345), "d18": int64(i-9) * 123456789, "d38": parquet.FixedLenByteArrayValue(wide(i - 9)),
		"day": int32(i - 2), "clock_ms": int32(i * 3600000), "clock_us": int64(i) * 3600e6, "clock_ns": int64(i) * 3600e9,
		"t_ms": micros(i) / 1000, "t_us": micros(i), "t_ns": micros(i)*1000 + 7, "t_local": micros(i),
		"t_96": parquet.Int96Value(julian(micros(i))),
		"word": []string{"red", "blue", ""}[i%3], "kind": []string{"a", "b"}[i%2], "doc": fmt.Sprintf(`{"n":%d}`, i),
		"prefix": fmt.Sprintf("a long prefix and %d", i*7),
		"blob":   make([]byte, i), "blob7": parquet.FixedLenByteArrayValue(fmt.Appendf(nil, "%07d", i)),
		"id": parquet.FixedLenByteArrayValue(wide(i * 1e9)),
	} {
		r[name] = v
	}
	return r
}

func keys(i int) row {
	r := row{"profile_id": fmt.Sprintf("p-%04d", i), "email": fmt.Sprintf("user%d@example.com", i)}
	if i%9 == 4 {
		r["email"] = nil
	}
	return r
}

// wide is n in 16 bytes, greatest first.
func wide(n int) []byte {
	b := make([]byte, 16)
	binary.BigEndian.PutUint64(b, uint64(n>>63))
	binary.BigEndian.PutUint64(b[8:], uint64(n))
	return b
}

// julian is a time after 1970 in the old form of Impala and Spark.
func julian(micros int64) deprecated.Int96 {
	const day = 86400e6
	nanos := uint64(micros%day) * 1000
	return deprecated.Int96{uint32(nanos), uint32(nanos >> 32), uint32(2440588 + micros/day)}
}

// Null, empty and filled at every level.
var (
	ints   = []any{[]any{int32(1), int32(2)}, []any{}, nil, []any{nil}, []any{int32(4), nil, int32(5)}}
	words  = []any{[]any{"a", "b", "a"}, nil, []any{}, []any{nil, "c"}, []any{""}}
	pairs  = []any{row{"x": int32(1), "y": "a"}, nil, row{"x": nil, "y": nil}, row{"x": int32(2), "y": nil}}
	counts = []any{row{"a": int32(1), "b": nil}, row{}, nil, row{"c": int32(3)}}
)
