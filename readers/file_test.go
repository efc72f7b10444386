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
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
)

// TestOpenErrors opens what is no Parquet file, or none that can be read.
func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	good, err := os.ReadFile(filepath.Join(interop, "flat_zstd_v1_index.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ text, want string }{
		"empty":     {"", "the file is empty"},
		"short":     {"PAR1", "too short"},
		"header":    {"PAR1\x00\x00\x00\x00PAR", "too short"},
		"text":      {"profile_id,email\np-1,a@example.com\n", "not a Parquet file"},
		"page":      {string(good[:1000]), "the Parquet footer is missing"},
		"cut":       {string(good[:len(good)-1]), "the Parquet footer is missing"},
		"tail":      {string(good[1:]), "not a Parquet file"},
		"footer":    {"PAR1\xff\xff\xff\x7fPAR1", "the footer claims 2147483647 bytes in a file of 12"},
		"nothing":   {"PAR1\x00\x00\x00\x00PAR1", "read footer"},
		"encrypted": {"PARE" + string(good[4:len(good)-4]) + "PARE", "encrypted Parquet is not supported"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := readers.Open(context.Background(), []string{path}, readers.Options{}, checked(t))
		wantError(t, err, path, test.want)
	}
	_, err = readers.Open(context.Background(), []string{dir}, readers.Options{}, checked(t))
	wantError(t, err, dir, "not a regular file")
	absent := filepath.Join(dir, "absent")
	_, err = readers.Open(context.Background(), []string{absent}, readers.Options{}, checked(t))
	wantError(t, err, absent, "no such file")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want os.ErrNotExist", err)
	}
}

// TestUnsupported opens real files of kinds that are not supported.
func TestUnsupported(t *testing.T) {
	want := map[string]string{
		"flat_spark_lz4hadoop.parquet":     "compressed with LZ4, which is not supported",
		"encrypted_pyarrow_footer.parquet": "encrypted Parquet is not supported",
		"encrypted_pyarrow_column.parquet": "encrypted Parquet is not supported",
	}
	for name := range expected(t).Unsupported {
		path := filepath.Join(interop, name)
		_, err := readers.Open(context.Background(), []string{path}, readers.Options{}, checked(t))
		wantError(t, err, path, want[name])
	}
}

func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := readers.Open(ctx, interopFiles(t), readers.Options{}, checked(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// TestFileChanges changes a file at every moment of its reading.
func TestFileChanges(t *testing.T) {
	const changed = "the file changed while the run read it"
	text, err := os.ReadFile(filepath.Join(interop, "flat_none_v2_dict.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(path string) error
		want   string
	}{
		"touched":  {func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1e9, 0)) }, changed},
		"longer":   {func(path string) error { return os.WriteFile(path, append(text, 0), 0o644) }, changed},
		"shorter":  {func(path string) error { return os.Truncate(path, int64(len(text)/2)) }, ""},
		"replaced": {func(path string) error { return replace(path, text) }, changed},
		"removed":  {os.Remove, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "part.parquet")
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			in := open(t, checked(t), path)
			table := in.Table(leaf(t, in, readers.Key, "key"), leaf(t, in, readers.Choice, "val"))
			source, err := table.Open(0)
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			if err := test.change(path); err != nil {
				t.Fatal(err)
			}
			_, err = table.Open(0)
			wantError(t, err, path, test.want)
			if _, err := in.Digests(context.Background(), 1); err == nil {
				t.Error("got a digest of the changed file, want an error")
			}
			if name == "replaced" || name == "removed" {
				return // an open file keeps its bytes
			}
			wantError(t, drain(source), path, test.want)
		})
	}
}

// replace puts a file with the same bytes and time in the place of another.
func replace(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", text, 0o644); err != nil {
		return err
	}
	if err := os.Chtimes(path+".new", time.Time{}, info.ModTime()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// drain reads a source to its end and returns what ended it, nil for io.EOF.
func drain(source *readers.Source) error {
	for {
		record, err := source.Next(context.Background())
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		record.Release()
	}
}

// TestNoColumns counts the rows of a table without columns.
func TestNoColumns(t *testing.T) {
	in := open(t, memory.NewGoAllocator(), filepath.Join(interop, "flat_gzip_v1_dict.parquet"))
	rows := int64(0)
	err := eachRecord(in.Table(), func(r arrow.Record) { rows += r.NumRows() })
	if err != nil || rows != in.NumRows() {
		t.Errorf("got %d rows, %v, want %d", rows, err, in.NumRows())
	}
}
