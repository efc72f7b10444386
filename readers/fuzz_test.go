package readers_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
)

// FuzzReadFile asserts of any bytes what TestDamage asserts of damaged files,
// but for the number of rows, which is that of the footer. Inputs are large and
// slow to make small: run it with -fuzzminimizetime 10x.
func FuzzReadFile(f *testing.F) {
	const small = 6 << 10
	seeds, err := filepath.Glob(filepath.Join(malformed, "*.parquet"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(seeds, interopFiles(f)...) {
		if filepath.Base(path) == "codes_of_a_long_value.parquet" {
			continue // right, but long to read
		}
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) <= small {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "fuzz.parquet")
		if err := os.WriteFile(path, text[:min(len(text), 64<<10)], 0o644); err != nil {
			t.Fatal(err)
		}
		watch := time.AfterFunc(copyTime, func() { panic("reading hangs") })
		defer watch.Stop()
		mem := &counted{Allocator: memory.NewGoAllocator()}
		err := readSome(t, path, mem)
		var file *readers.FileError
		if err != nil && (!errors.As(err, &file) || file.File != path) {
			t.Errorf("got %v, want a *FileError that names the file", err)
		}
		if mem.live != 0 {
			t.Errorf("kept %d bytes", mem.live)
		}
		if mem.most > fuzzMemory {
			t.Errorf("held %d bytes for a file of %d, want at most %d", mem.most, len(text), fuzzMemory)
		}
	})
}

const (
	fuzzMemory  = 1 << 30
	fuzzRecords = 50 // of a part: a few bytes can stand for billions of rows
)

// readSome opens a file and reads the first records of its first parts.
func readSome(t *testing.T, path string, mem memory.Allocator) error {
	before := allocated()
	in, err := readers.Open(context.Background(), []string{path}, readers.Options{}, mem)
	if took := allocated() - before; took > fuzzMemory/4 {
		t.Errorf("took %d bytes of memory to open the file", took)
	}
	if err != nil {
		return err
	}
	table, err := in.Rows()
	if err != nil {
		return err
	}
	for part := range min(table.NumParts(), 4) {
		if err := readSomeOf(t, table, part); err != nil {
			return err
		}
	}
	return nil
}

func readSomeOf(t *testing.T, table *readers.Table, part int) error {
	source, err := table.Open(part)
	if err != nil {
		return err
	}
	defer source.Close()
	rows := int64(0)
	for range fuzzRecords {
		r, err := source.Next(context.Background())
		if errors.Is(err, io.EOF) {
			if want := table.PartRows(part); rows != want {
				t.Errorf("part %d: got %d rows, want %d", part, rows, want)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if r.NumRows() == 0 {
			t.Errorf("part %d: got an empty record", part)
		}
		rows += r.NumRows()
		for i := range int(r.NumCols()) {
			checkArray(t, r.Column(i))
		}
		r.Release()
	}
	return nil
}

// checkArray holds an array to what Arrow says of it: offsets that rise and end
// within the bytes, codes that the dictionary has, nulls that are counted.
func checkArray(t *testing.T, a arrow.Array) {
	t.Helper()
	nulls := 0
	for i := range a.Len() {
		if a.IsNull(i) {
			nulls++
		}
	}
	if nulls != a.NullN() {
		t.Errorf("got %d nulls, the array says %d", nulls, a.NullN())
	}
	switch a := a.(type) {
	case *array.Dictionary:
		for i := range a.Len() {
			if code := a.GetValueIndex(i); a.IsValid(i) && (code < 0 || code >= a.Dictionary().Len()) {
				t.Errorf("got code %d of a dictionary of %d", code, a.Dictionary().Len())
			}
		}
		checkArray(t, a.Dictionary())
	case *array.String:
		checkOffsets(t, a.ValueOffsets(), a.Data().Buffers()[2].Len())
	case *array.Binary:
		checkOffsets(t, a.ValueOffsets(), a.Data().Buffers()[2].Len())
	case *array.List:
		checkOffsets(t, a.Offsets()[:a.Len()+1], a.ListValues().Len())
		checkArray(t, a.ListValues())
	case *array.Struct:
		for i := range a.NumField() {
			if n := a.Field(i).Len(); n != a.Len() {
				t.Errorf("got field %d of %d entries, want %d", i, n, a.Len())
			}
			checkArray(t, a.Field(i))
		}
	}
}

func checkOffsets(t *testing.T, offsets []int32, end int) {
	t.Helper()
	last := int32(0)
	for i, o := range offsets {
		if o < last || int(o) > end {
			t.Errorf("got offset %d at %d, after %d and of %d", o, i, last, end)
			return
		}
		last = o
	}
}
