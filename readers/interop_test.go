package readers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
)

// interop holds files that other tools wrote; expected.json says what is in
// them. See write.py there.
const interop = "../testdata/interop"

type expectation struct {
	Consents, Flat, Required struct {
		Files []string
		Rows  []map[string]any
	}
	Lists, Quirks map[string]struct {
		Rows      int64
		RowGroups int `json:"row_groups"`
		Leaves    map[string][][]any
	}
	Unsigned map[string][][]any
	Empty    map[string]int64
	SparkDir struct {
		Parts []string
		Rows  []map[string]any
	} `json:"spark_dir"`
	Unsupported map[string]string
}

func expected(t testing.TB) *expectation {
	t.Helper()
	file, err := os.Open(filepath.Join(interop, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want := new(expectation)
	d := json.NewDecoder(file)
	d.UseNumber()
	if err := d.Decode(want); err != nil {
		t.Fatal(err)
	}
	return want
}

// interopFiles lists every file that can be read.
func interopFiles(t testing.TB) (files []string) {
	t.Helper()
	refused := expected(t).Unsupported
	for _, pattern := range []string{"*.parquet", "spark_dir/part-*.parquet"} {
		matches, err := filepath.Glob(filepath.Join(interop, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range matches {
			if refused[filepath.Base(m)] == "" {
				files = append(files, m)
			}
		}
	}
	if len(files) < 40 {
		t.Fatalf("got %d files in %s, want at least 40", len(files), interop)
	}
	return files
}

// checked is an allocator that fails the test if anything is still held at its
// end.
func checked(t testing.TB) *memory.CheckedAllocator {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	return mem
}

func open(t testing.TB, mem memory.Allocator, paths ...string) *readers.Input {
	t.Helper()
	in, err := readers.Open(context.Background(), paths, readers.Options{}, mem)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func leaf(t testing.TB, in *readers.Input, role readers.Role, path ...string) readers.Leaf {
	t.Helper()
	l, err := in.Leaf(role, path...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// eachRecord calls do with every record of the table, in order.
func eachRecord(table *readers.Table, do func(arrow.Record)) error {
	for part := range table.NumParts() {
		if err := eachOfPart(table, part, do); err != nil {
			return err
		}
	}
	return nil
}

func eachOfPart(table *readers.Table, part int, do func(arrow.Record)) error {
	source, err := table.Open(part)
	if err != nil {
		return err
	}
	defer source.Close()
	for {
		record, err := source.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return source.Close()
		}
		if err != nil {
			return err
		}
		do(record)
		record.Release()
	}
}

// column reads the values of one leaf, see plain.
func column(t testing.TB, in *readers.Input, l readers.Leaf) (values []any) {
	t.Helper()
	err := eachRecord(in.Table(l), func(r arrow.Record) {
		for i := range int(r.NumRows()) {
			values = append(values, plain(r.Column(0), i))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// An entry of a nested leaf.
type entry struct {
	rep, def int
	value    any
}

// plain is a value as expected.json has it: nil, bool, string or json.Number,
// times in RFC 3339 to the digits of their unit, UUIDs in their usual form, the
// entries of a nested leaf as a slice.
func plain(a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Dictionary:
		return plain(a.Dictionary(), a.GetValueIndex(i))
	case *array.Boolean:
		return a.Value(i)
	case *array.String:
		return strings.Clone(a.Value(i)) // which is that of the next record, once this one is released
	case *array.Binary:
		return string(a.Value(i))
	case *array.Timestamp:
		unit := a.DataType().(*arrow.TimestampType).Unit
		digits := map[arrow.TimeUnit]string{arrow.Millisecond: "000", arrow.Microsecond: "000000", arrow.Nanosecond: "000000000"}[unit]
		return a.Value(i).ToTime(unit).UTC().Format("2006-01-02T15:04:05." + digits + "Z")
	case *array.Date32:
		return a.Value(i).ToTime().Format(time.DateOnly)
	case *array.FixedSizeBinary:
		if v := a.Value(i); len(v) == 16 {
			return fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:])
		}
		return string(a.Value(i))
	case *array.List:
		start, end := a.ValueOffsets(i)
		entries := []entry{}
		for k := start; k < end; k++ {
			entries = append(entries, plain(a.ListValues(), int(k)).(entry))
		}
		return entries
	case *array.Struct:
		level := a.Field(0).(*array.Uint16).Value(i)
		return entry{int(level >> 8), int(level & 0xFF), plain(a.Field(1), i)}
	}
	return json.Number(a.ValueStr(i))
}
