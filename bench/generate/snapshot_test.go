package generate

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// options make each file of a few row groups and an uneven last one.
func options() Options {
	return Options{Seed: 5, Profiles: 10_007, Parts: 3, GroupRows: 1500, ExtraLists: 2, ExtraRows: 700}
}

func write(t *testing.T, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "snapshot")
	if err := Write(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

func rows(t *testing.T, pattern string) (rows int64, groups int) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows += f.NumRows()
		groups += len(f.RowGroups())
	}
	return rows, groups
}

func TestWriteHasTheRowsAskedFor(t *testing.T) {
	o := options()
	dir := write(t, o)
	for pattern, want := range map[string]int64{
		"consents/*.parquet":         10_007,
		"profiles/*.parquet":         10_007,
		"lists/black-friday.parquet": 2001,
		"lists/app-news.parquet":     1000,
		"lists/extra-02.parquet":     700,
	} {
		got, groups := rows(t, filepath.Join(dir, pattern))
		if got != want {
			t.Errorf("%s: %d rows, want %d", pattern, got, want)
		}
		if least := int(want) / o.GroupRows; groups < least {
			t.Errorf("%s: %d row groups, want at least %d", pattern, groups, least)
		}
	}
	for _, job := range []JobFile{MainJob, DigestsJob, ExtraJob, FullJob} {
		if _, err := os.Stat(filepath.Join(dir, string(job))); err != nil {
			t.Error(err)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	o := options()
	first := write(t, o)
	o.Threads = 1
	second := write(t, o)
	for _, path := range []string{"consents/part-00001.parquet", "profiles/part-00002.parquet", "lists/flash-sale.parquet"} {
		a, err := os.ReadFile(filepath.Join(first, path))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(second, path))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs between two runs of one seed", path)
		}
	}
}

func TestWriteLeavesAnExistingFolderAlone(t *testing.T) {
	dir := t.TempDir()
	if err := Write(t.Context(), dir, options()); err == nil {
		t.Errorf("Write into an existing folder: no error")
	}
}

func BenchmarkWrite200k(b *testing.B) {
	o := Options{Seed: 1, Profiles: 200_000, Parts: 2, GroupRows: 100_000, Threads: 1}
	for b.Loop() {
		if err := Write(b.Context(), filepath.Join(b.TempDir(), "snapshot"), o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*480_000/b.Elapsed().Seconds(), "rows/s")
}
