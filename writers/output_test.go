package writers

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"

	"optout/pipeline/outputtest"
)

// TestParquetOutput holds Parquet files against the contract of a sink, in every
// compression and with both encodings of text.
func TestParquetOutput(t *testing.T) {
	for _, compression := range []string{"", "zstd", "snappy", "none"} {
		for name, text := range map[string]*column{
			"plain":      leaf("text", parquet.Optional(parquet.String()), &parquet.Plain),
			"dictionary": leaf("text", parquet.Optional(parquet.String()), &parquet.RLEDictionary),
		} {
			err := outputtest.TestOutput(func() (outputtest.Subject, error) {
				path := filepath.Join(t.TempDir(), "file.parquet")
				f, err := CreateParquet(path, schema("rows", leaf("number", parquet.Int(64), &parquet.Plain), text), FileOptions{Compression: compression, Mode: 0o600})
				return outputtest.Subject{
					Output: f,
					Commit: func() ([]outputtest.Row, error) {
						info, err := f.Commit()
						if err != nil {
							return nil, err
						}
						rows, err := readRows(path)
						if err == nil && info.Rows != int64(len(rows)) {
							err = fmt.Errorf("the file says %d rows and has %d", info.Rows, len(rows))
						}
						return rows, errors.Join(err, f.Close())
					},
					Abandon: func() error {
						err := f.Close()
						if _, left := os.Stat(path); !errors.Is(left, fs.ErrNotExist) {
							err = errors.Join(err, errors.New("something is left: "+fmt.Sprint(left)))
						}
						return errors.Join(err, f.Close())
					},
				}, err
			})
			if err != nil {
				t.Errorf("compression %q, %s text: %v", compression, name, err)
			}
		}
	}
}

func readRows(path string) (rows []outputtest.Row, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	rows = []outputtest.Row{}
	reader := parquet.NewReader(file)
	for {
		var row struct {
			Number int64   `parquet:"number"`
			Text   *string `parquet:"text"`
		}
		switch err := reader.Read(&row); {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, err
		}
		text := ""
		if row.Text != nil {
			text = *row.Text
		}
		rows = append(rows, outputtest.Row{Number: row.Number, Text: text})
	}
}

// TestWriteFails: a record that does not fit its file is an error that names the
// file, and the file goes away with it.
func TestWriteFails(t *testing.T) {
	numbers := array.NewInt64Builder(memory.DefaultAllocator)
	defer numbers.Release()
	numbers.Append(7)
	column := numbers.NewArray()
	defer column.Release()
	record := func(columns ...arrow.Array) arrow.Record {
		var fields []arrow.Field
		for i, c := range columns {
			fields = append(fields, arrow.Field{Name: fmt.Sprint("column ", i), Type: c.DataType()})
		}
		return array.NewRecord(arrow.NewSchema(fields, nil), columns, 1)
	}
	for name, r := range map[string]arrow.Record{
		"another type": record(column),
		"two columns":  record(column, column),
		"no column":    record(),
	} {
		path := filepath.Join(t.TempDir(), "file.parquet")
		f, err := CreateParquet(path, schema("rows", leaf("text", parquet.String(), &parquet.Plain)), FileOptions{Mode: 0o600})
		if err != nil {
			t.Fatal(err)
		}
		g := f.Group()
		if err := g.Write(r, nil); err == nil {
			t.Errorf("%s: written", name)
		} else if want := "write " + path; len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%s: error %q does not begin with the file", name, err)
		}
		if err := errors.Join(g.Close(), f.Close()); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the file is left: %v", name, err)
		}
		r.Release()
	}
}

// TestCreateParquetFails: nothing is made where a file cannot be.
func TestCreateParquetFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file.parquet")
	rows := schema("rows", leaf("text", parquet.String(), &parquet.Plain))
	if _, err := CreateParquet(path, rows, FileOptions{Compression: "lzo"}); err == nil {
		t.Error("a file in an unknown compression")
	}
	if _, err := CreateParquet(filepath.Join(dir, "missing", "file.parquet"), rows, FileOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that is not there: got %v, want %v", err, fs.ErrNotExist)
	}
	if left := tree(t, dir); len(left) != 0 {
		t.Errorf("left %q", left)
	}
	write(t, path)
	if _, err := CreateParquet(path, rows, FileOptions{}); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: got %v, want %v", err, fs.ErrExist)
	}
	if left := tree(t, dir); len(left) != 1 {
		t.Errorf("left %q, want the file that stood there", left)
	}
}
