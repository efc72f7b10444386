package readers_test

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"

	"optout/readers"
)

// TestConformance holds every table of every interop file to the contract of
// Source and Table.
func TestConformance(t *testing.T) {
	for _, path := range interopFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".parquet"), func(t *testing.T) {
			in := open(t, checked(t), path)
			rows, err := in.Rows()
			if err != nil {
				t.Fatal(err)
			}
			testTable(t, rows, in.NumRows())
			testTable(t, in.Table(everyRole(t, in, path)...), in.NumRows())
		})
	}
}

func TestConformanceOfManyFiles(t *testing.T) {
	parts, err := readers.Find(filepath.Join(interop, "spark_dir"))
	if err != nil {
		t.Fatal(err)
	}
	in := open(t, checked(t), parts...)
	rows, err := in.Rows()
	if err != nil {
		t.Fatal(err)
	}
	testTable(t, rows, 30)
}

// everyRole binds every leaf of the file in every role that it can serve.
func everyRole(t *testing.T, in *readers.Input, path string) (leaves []readers.Leaf) {
	for _, steps := range leafPaths(t, path) {
		for _, role := range []readers.Role{readers.Stored, readers.Text, readers.Key, readers.Choice, readers.Time, readers.Flag} {
			if l, err := in.Leaf(role, steps...); err == nil {
				leaves = append(leaves, l)
			}
		}
	}
	return leaves
}

// testTable checks the contracts of Table and Source: parts that add up, records
// that are never empty and never come with an error, io.EOF at the end and only
// there, the same records in every order of reading, and nothing kept.
func testTable(t *testing.T, table *readers.Table, rows int64) {
	t.Helper()
	next := int64(0)
	for part := range table.NumParts() {
		if first := table.FirstRow(part); first != next {
			t.Errorf("part %d: got first row %d, want %d", part, first, next)
		}
		if table.PartRows(part) <= 0 || table.PartName(part) == "" {
			t.Errorf("part %d: got %d rows of file %q", part, table.PartRows(part), table.PartName(part))
		}
		next += table.PartRows(part)
		testSource(t, table, part)
	}
	if next != rows {
		t.Errorf("got %d rows in all parts, want %d", next, rows)
	}
	testParallel(t, table)
}

func testSource(t *testing.T, table *readers.Table, part int) {
	t.Helper()
	ctx := context.Background()
	source := openPart(t, table, part)
	defer source.Close()

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if r, err := source.Next(cancelled); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("part %d: got %v, %v from a cancelled context, want nil and its error", part, r, err)
	}
	rows := int64(0)
	var last arrow.Record
	for {
		r, err := source.Next(ctx)
		if err != nil {
			if r != nil {
				t.Errorf("part %d: got a record together with %v", part, err)
			}
			if err != io.EOF { //nolint:errorlint // io.EOF itself, so that callers may compare
				t.Errorf("part %d: got %v, want io.EOF", part, err)
			}
			break
		}
		if r == nil || r.NumRows() == 0 {
			t.Fatalf("part %d: got an empty record", part)
		}
		rows += r.NumRows()
		if last != nil {
			last.Release()
		}
		last = r
	}
	if want := table.PartRows(part); rows != want {
		t.Errorf("part %d: got %d rows, want %d", part, rows, want)
	}
	if r, err := source.Next(ctx); r != nil || !errors.Is(err, io.EOF) {
		t.Errorf("part %d: got %v, %v after the end, want io.EOF again", part, r, err)
	}
	for range 2 {
		if err := source.Close(); err != nil {
			t.Errorf("part %d: close: %v", part, err)
		}
	}
	// A record outlives its source.
	if last != nil {
		for i := range int(last.NumCols()) {
			for k := range int(last.NumRows()) {
				plain(last.Column(i), k)
			}
		}
		last.Release()
	}
	testCloseEarly(t, table, part)
}

func testCloseEarly(t *testing.T, table *readers.Table, part int) {
	t.Helper()
	source := openPart(t, table, part)
	if r, err := source.Next(context.Background()); err == nil {
		r.Release()
	}
	if err := source.Close(); err != nil {
		t.Errorf("part %d: close: %v", part, err)
	}
	var file *readers.FileError
	if r, err := source.Next(context.Background()); r != nil || !errors.As(err, &file) {
		t.Errorf("part %d: got %v, %v from a closed source, want a *FileError", part, r, err)
	}
}

func openPart(t *testing.T, table *readers.Table, part int) *readers.Source {
	t.Helper()
	source, err := table.Open(part)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// testParallel reads all parts at once and one after the other.
func testParallel(t *testing.T, table *readers.Table) {
	t.Helper()
	parallel := make([][]arrow.Record, table.NumParts())
	errs := make([]error, table.NumParts())
	var wg sync.WaitGroup
	for part := range parallel {
		wg.Go(func() {
			errs[part] = eachOfPart(table, part, func(r arrow.Record) {
				r.Retain()
				parallel[part] = append(parallel[part], r)
			})
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	for part, records := range parallel {
		i := 0
		err := eachOfPart(table, part, func(r arrow.Record) {
			if i >= len(records) || !array.RecordApproxEqual(r, records[i], array.WithNaNsEqual(true), array.WithAbsTolerance(0)) {
				t.Errorf("part %d, record %d: read in parallel it is another", part, i)
			}
			i++
		})
		if err != nil || i != len(records) {
			t.Errorf("part %d: got %d records in turn and %d in parallel, %v", part, i, len(records), err)
		}
		for _, r := range records {
			r.Release()
		}
	}
}
