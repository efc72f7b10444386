package writers_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"optout/pipeline"
	"optout/readers"
	"optout/writers"
)

// TestAudienceKeepsList copies the send lists of other tools, which have every
// type, and compares what comes out with what went in: the schema to the last
// annotation, and the kept rows to the last level.
func TestAudienceKeepsList(t *testing.T) {
	paths, err := filepath.Glob("../testdata/interop/list_*.parquet")
	if err != nil || len(paths) < 10 {
		t.Fatalf("got %d lists, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".parquet"), func(t *testing.T) {
			for name, keep := range map[string]func(row int64) bool{
				"all":          func(int64) bool { return true },
				"every second": func(row int64) bool { return row%2 == 1 },
				"none":         func(int64) bool { return false },
			} {
				for _, codec := range []string{"zstd", "snappy", "none"} {
					testCopy(t, path, name+" with "+codec, keep, codec)
				}
			}
		})
	}
}

// TestAudienceKeepsAny copies every other file of other tools as if it were a
// send list.
func TestAudienceKeepsAny(t *testing.T) {
	for _, pattern := range []string{"consents", "flat", "quirk", "required", "unsigned", "empty"} {
		paths, err := filepath.Glob("../testdata/interop/" + pattern + "_*.parquet")
		if err != nil || len(paths) == 0 {
			t.Fatalf("got no files %s, %v", pattern, err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "lz4hadoop.parquet") { // is not supported
				testCopy(t, path, filepath.Base(path), func(row int64) bool { return row%3 > 0 }, "zstd")
			}
		}
	}
}

// TestAudienceOfManyPages copies a list that is long enough for several pages of
// each column, and has more distinct values than a dictionary holds.
func TestAudienceOfManyPages(t *testing.T) {
	type row struct {
		ID    string   `parquet:"profile_id,dict"`
		City  *string  `parquet:"city,optional,dict"`
		Score *float64 `parquet:"score,optional"`
		Agree bool     `parquet:"agree"`
		Note  string   `parquet:"note"`
		Tags  []string `parquet:"tags,list"`
	}
	cities := []string{"Paris", "", "Köln"}
	var rows []row
	for i := range 30000 {
		r := row{ID: fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)})), Agree: i%3 == 0, Note: strings.Repeat("n", i%150)}
		if i%5 > 0 {
			r.City = &cities[i%3]
		}
		if i%7 > 0 {
			score := float64(i) / 8
			r.Score = &score
		}
		for k := range i % 4 {
			r.Tags = append(r.Tags, fmt.Sprint("tag ", i%1000, k))
		}
		rows = append(rows, r)
	}
	path := filepath.Join(t.TempDir(), "list.parquet")
	if err := parquet.WriteFile(path, rows, parquet.MaxRowsPerRowGroup(20000), parquet.PageBufferSize(100_000)); err != nil {
		t.Fatal(err)
	}
	testCopy(t, path, "half", func(row int64) bool { return row%2 == 0 }, "snappy")
	testCopy(t, path, "all", func(int64) bool { return true }, "zstd")
}

func testCopy(t *testing.T, path, name string, keep func(int64) bool, codec string) {
	t.Helper()
	want := rowsOf(t, path, keep)
	for groups, fill := range map[string]func(*writers.ParquetFile, *readers.Table, func(int64) bool) error{
		"one group": fillOne, "a group for each part": fillParallel,
	} {
		var sums []string
		for range 2 {
			out := filepath.Join(t.TempDir(), "part-00000.parquet")
			info := copyList(t, path, out, codec, keep, fill)
			if diff := cmp.Diff(schemaOf(t, path), schemaOf(t, out)); diff != "" {
				t.Errorf("%s, %s: schema (-want +got):\n%s", name, groups, diff)
			}
			if diff := cmp.Diff(want, rowsOf(t, out, func(int64) bool { return true })); diff != "" {
				t.Errorf("%s, %s: rows (-want +got):\n%s", name, groups, diff)
			}
			if info.Rows != int64(len(want)) {
				t.Errorf("%s, %s: got %d rows, want %d", name, groups, info.Rows, len(want))
			}
			sums = append(sums, info.SHA256)
		}
		if sums[0] != sums[1] {
			t.Errorf("%s, %s: got other bytes the second time", name, groups)
		}
	}
}

// copyList copies the rows of a list that are to be kept.
func copyList(t *testing.T, path, out, codec string, keep func(int64) bool,
	fill func(*writers.ParquetFile, *readers.Table, func(int64) bool) error,
) writers.FileInfo {
	t.Helper()
	in := open(t, path)
	table, err := in.Rows()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := writers.AudienceSchema(table.Schema(), nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := writers.CreateParquet(out, schema, writers.FileOptions{Compression: codec, Mode: 0o644})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := fill(file, table, keep); err != nil {
		t.Fatal(err)
	}
	info, err := file.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// fillOne puts all parts into one group.
func fillOne(file *writers.ParquetFile, table *readers.Table, keep func(int64) bool) error {
	group := file.Group()
	defer group.Close()
	for part := range table.NumParts() {
		if err := fillPart(group, table, part, keep); err != nil {
			return err
		}
	}
	return group.Commit()
}

// fillParallel fills a group for each part, all at once, and commits them in
// order.
func fillParallel(file *writers.ParquetFile, table *readers.Table, keep func(int64) bool) error {
	groups := make([]pipeline.Group, table.NumParts())
	errs := make([]error, len(groups))
	var wg sync.WaitGroup
	for part := range groups {
		groups[part] = file.Group()
		wg.Go(func() { errs[part] = fillPart(groups[part], table, part, keep) })
	}
	wg.Wait()
	for part, group := range groups {
		if errs[part] == nil {
			errs[part] = group.Commit()
		}
		errs[part] = errors.Join(errs[part], group.Close())
	}
	return errors.Join(errs...)
}

func fillPart(group pipeline.Group, table *readers.Table, part int, keep func(int64) bool) error {
	return eachRecord(table, part, func(row int64, record arrow.Record) error {
		var rows []int32
		for i := range record.NumRows() {
			if keep(row + i) {
				rows = append(rows, int32(i))
			}
		}
		switch int64(len(rows)) {
		case 0:
			return nil
		case record.NumRows():
			return group.Write(record, nil)
		}
		return group.Write(record, rows)
	})
}

func open(t *testing.T, path string) *readers.Input {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	t.Cleanup(func() { mem.AssertSize(t, 0) })
	in, err := readers.Open(context.Background(), []string{path}, readers.Options{}, mem)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// eachRecord calls do with every record of a part and the number of its first row.
func eachRecord(table *readers.Table, part int, do func(row int64, record arrow.Record) error) error {
	source, err := table.Open(part)
	if err != nil {
		return err
	}
	defer source.Close()
	for row := table.FirstRow(part); ; {
		record, err := source.Next(context.Background())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = do(row, record)
		row += record.NumRows()
		record.Release()
		if err != nil {
			return err
		}
	}
}

// schemaOf is the schema as the footer has it, below the name of its root. Where
// it has only the annotations of former days, their logical types are added, as
// our writer does; the lengths of types that have none are left out.
func schemaOf(t *testing.T, path string) []format.SchemaElement {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	pq, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	elements := pq.Metadata().Schema
	for i, column := range depthFirst(pq.Root()) {
		e := &elements[i]
		if l := column.Type().LogicalType(); e.LogicalType.Value == nil && l != nil {
			e.LogicalType = *l
		}
		if e.Type.V != format.FixedLenByteArray {
			e.TypeLength = thrift.Null[int32]{}
		}
	}
	return elements[1:]
}

func depthFirst(column *parquet.Column) []*parquet.Column {
	all := []*parquet.Column{column}
	for _, c := range column.Columns() {
		all = append(all, depthFirst(c)...)
	}
	return all
}

// rowsOf reads a file as it is stored: of each row the cells of all leaves, with
// their levels.
func rowsOf(t *testing.T, path string, keep func(int64) bool) (rows [][]string) {
	t.Helper()
	table, err := open(t, path).Rows()
	if err != nil {
		t.Fatal(err)
	}
	for part := range table.NumParts() {
		err := eachRecord(table, part, func(row int64, record arrow.Record) error {
			for i := range int(record.NumRows()) {
				if !keep(row + int64(i)) {
					continue
				}
				var cells []string
				for c, a := range record.Columns() {
					cells = append(cells, record.ColumnName(c)+" "+cell(a, i))
				}
				rows = append(rows, cells)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

// cell is a value with its levels, bits and bytes.
func cell(a arrow.Array, i int) string {
	switch a := a.(type) {
	case *array.List:
		var entries []string
		start, end := a.ValueOffsets(i)
		for k := start; k < end; k++ {
			entries = append(entries, cell(a.ListValues(), int(k)))
		}
		return fmt.Sprint(entries)
	case *array.Struct:
		return fmt.Sprintf("%04x:%s", a.Field(0).(*array.Uint16).Value(i), cell(a.Field(1), i))
	}
	if a.IsNull(i) {
		return "null"
	}
	switch a := a.(type) {
	case *array.Dictionary:
		return cell(a.Dictionary(), a.GetValueIndex(i))
	case *array.Binary:
		return "0x" + hex.EncodeToString(a.Value(i))
	case *array.FixedSizeBinary:
		return "0x" + hex.EncodeToString(a.Value(i))
	case *array.Float32:
		return fmt.Sprintf("%08x", math.Float32bits(a.Value(i)))
	case *array.Float64:
		return fmt.Sprintf("%016x", math.Float64bits(a.Value(i)))
	}
	return a.ValueStr(i)
}
