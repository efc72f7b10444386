package readers_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"optout/readers"
)

// TestFind lays out a directory as writers leave one.
func TestFind(t *testing.T) {
	tree := []string{
		"one.parquet", "two.PARQUET", "three.parq", "plain", "notes.txt",
		"_temporary/0/part-0.parquet", ".hidden.parquet",
		"spark/_SUCCESS", "spark/._SUCCESS.crc", "spark/.part-0.parquet.crc", "spark/.part-9.parquet",
		"spark/part-1.parquet", "spark/part-0.parquet", "spark/_metadata", "spark/_temporary/0/part-0.parquet",
		"dated/date=2026-11-01/part-0.parquet", "dated/date=2026-11-02/part-0.parquet",
		"hive/_day=1/part-0.parquet", "hive/.staging/part-0.parquet",
		"text/a.csv", "text/b.CSV.gz", "text/c.jsonl.zst", "text/d.ndjson", "text/e.tsv", "text/f.csv.bz2", "text/g.parquet.gz", "text/h.gz", "text/_i.csv",
		"nothing/readme.txt", "odd/[1].parquet", "odd/1.parquet",
	}
	for _, test := range []struct {
		path string
		want []string
	}{
		{"one.parquet", []string{"one.parquet"}},
		{"plain", []string{"plain"}}, // a file that was named is read whatever it is called
		{"plai?", nil},
		{"spark", []string{"spark/part-0.parquet", "spark/part-1.parquet"}},
		{"spark/", []string{"spark/part-0.parquet", "spark/part-1.parquet"}},
		{"dated", []string{"dated/date=2026-11-01/part-0.parquet", "dated/date=2026-11-02/part-0.parquet"}},
		{"hive", []string{"hive/_day=1/part-0.parquet"}},
		{"*.parquet", []string{"link.parquet", "one.parquet"}},
		{"[^n]*", []string{ // directories as well as files
			"dated/date=2026-11-01/part-0.parquet", "dated/date=2026-11-02/part-0.parquet", "hive/_day=1/part-0.parquet",
			"link.parquet", "linked/part-0.parquet", "linked/part-1.parquet", "links/part.parquet", "odd/1.parquet", "odd/[1].parquet", "one.parquet",
			"spark/part-0.parquet", "spark/part-1.parquet", "text/a.csv", "text/b.CSV.gz", "text/c.jsonl.zst", "text/d.ndjson", "text/e.tsv", "three.parq", "two.PARQUET",
		}},
		{"text", []string{"text/a.csv", "text/b.CSV.gz", "text/c.jsonl.zst", "text/d.ndjson", "text/e.tsv"}},
		{"text/*.gz", []string{"text/b.CSV.gz"}},
		{"text/h.gz", []string{"text/h.gz"}},
		{"dated/date=*-02", []string{"dated/date=2026-11-02/part-0.parquet"}},
		{"spark/part-[01].parquet", []string{"spark/part-0.parquet", "spark/part-1.parquet"}},
		{"odd/[1].parquet", []string{"odd/[1].parquet"}}, // the file of that name, not the pattern
		{"link.parquet", []string{"link.parquet"}},
		{"linked", []string{"linked/part-0.parquet", "linked/part-1.parquet"}},
		{"links", []string{"links/part.parquet"}},
		{"nothing", nil},
		{"absent", nil},
		{"absent/*.parquet", nil},
		{"[", nil},
		{"links/broken.parquet", nil},
		{"nested", nil}, // see appendParts
	} {
		t.Run(test.path, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, name := range tree {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			link(t, "one.parquet", "link.parquet")
			link(t, "spark", "linked")
			link(t, "../one.parquet", "links/part.parquet")
			link(t, "../spark", "nested/latest")
			link(t, "../one.parquet", "nested/part.parquet")
			got, err := readers.Find(test.path)
			if test.want == nil {
				var file *readers.FileError
				if !errors.As(err, &file) || !strings.Contains(err.Error(), test.path) {
					t.Errorf("got %v, %v, want a *FileError that names the path", got, err)
				}
				return
			}
			slices.Sort(test.want)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

// TestFindNothing tells a path that does not exist from one that has no data.
func TestFindNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := readers.Find(dir); !errors.Is(err, readers.ErrNoFiles) {
		t.Errorf("an empty directory: got %v, want ErrNoFiles", err)
	}
	if _, err := readers.Find(filepath.Join(dir, "*.parquet")); !errors.Is(err, readers.ErrNoFiles) {
		t.Errorf("a pattern without matches: got %v, want ErrNoFiles", err)
	}
	if _, err := readers.Find(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent path: got %v, want os.ErrNotExist", err)
	}
}

// TestFindSparkDirectory finds the parts of a directory that Spark wrote, and
// nothing of what lies beside them.
func TestFindSparkDirectory(t *testing.T) {
	got, err := readers.Find(filepath.Join(interop, "spark_dir"))
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range got {
		got[i] = filepath.Base(path)
	}
	if want := expected(t).SparkDir.Parts; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
