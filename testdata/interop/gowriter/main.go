// Gowriter writes the interop files that come from parquet-go. It shreds the
// rows itself, so that null and empty stay apart and every inner group can
// have the name an older writer would give it.
//
//	go run ./testdata/interop/gowriter OUTDIR
//
// OUTDIR holds consents_rows.json, which write.py leaves there.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gowriter OUTDIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gowriter:", err)
		os.Exit(1)
	}
}

// A row holds what JSON can hold, or a parquet.Value for what it cannot: a
// group or a map is a row, a list a slice.
type row = map[string]any

// planned makes n rows.
func planned(n int, of func(i int) row) []row {
	rows := []row{}
	for i := range n {
		rows = append(rows, of(i))
	}
	return rows
}

func run(out string) error {
	text, err := os.ReadFile(filepath.Join(out, "consents_rows.json"))
	if err != nil {
		return fmt.Errorf("read rows: %w: run write.py, which makes them", err)
	}
	var people []row
	if err := json.Unmarshal(text, &people); err != nil {
		return fmt.Errorf("decode rows: %w", err)
	}
	bloom := parquet.BloomFilters(parquet.SplitBlockFilter(10, "profile_id"))
	zstd, snappy := parquet.Compression(&parquet.Zstd), parquet.Compression(&parquet.Snappy)
	v1, tens := parquet.DataPageVersion(1), parquet.MaxRowsPerRowGroup(10)
	for _, f := range []struct {
		name    string
		columns parquet.Group
		rows    []row
		options []parquet.WriterOption
	}{
		{"consents_parquetgo", consents(), people, []parquet.WriterOption{zstd, bloom}},
		{"list_parquetgo", everyType(), planned(24, typed), []parquet.WriterOption{snappy, tens}},
		{"list_parquetgo_legacy", legacyShapes(), planned(24, shaped), []parquet.WriterOption{zstd, v1}},
		{"list_parquetgo_bare", bareBytes(), planned(24, bare), nil},
		{"required_parquetgo", required(), planned(100, solid), []parquet.WriterOption{snappy}},
		{"required_parquetgo_v1", required(), planned(100, solid), []parquet.WriterOption{zstd, v1, parquet.MaxRowsPerRowGroup(40)}},
		{"empty_parquetgo", required(), nil, []parquet.WriterOption{zstd}},
	} {
		if err := write(filepath.Join(out, f.name+".parquet"), f.columns, f.rows, f.options); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

func write(path string, columns parquet.Group, rows []row, options []parquet.WriterOption) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	schema := parquet.NewSchema("interop", columns)
	writer := parquet.NewWriter(file, append(options, schema)...)
	for _, r := range rows {
		if _, err := writer.WriteRows([]parquet.Row{shred(schema, r)}); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return file.Close()
}
