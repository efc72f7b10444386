package readers_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optout/readers"
)

// TestTextLongLines opens files with a line of 100 MB: each is refused by its line,
// in less memory than the line has.
func TestTextLongLines(t *testing.T) {
	const long = 100_000_000
	for _, test := range []struct{ file, before, behind, want string }{
		{"a.csv", "a,b\n1,2\n1,", "\n3,4\n", "line 3: a record of more than 16777216 bytes"},
		{"quoted.csv", "a,b\n1,2\n1,\"", "\"\n3,4\n", "line 3: a record of more than 16777216 bytes"},
		{"header.csv", "a,", "\n1,2\n", "line 1: a record of more than 16777216 bytes"},
		{"a.csv.gz", "a,b\n1,2\n1,", "\n3,4\n", "line 3: a record of more than 16777216 bytes"},
		{"a.csv.zst", "a,b\n1,2\n1,", "\n3,4\n", "line 3: a record of more than 16777216 bytes"},
		{"a.ndjson", "{}\n{\"a\":\"", "\"}\n{}\n", "line 2: a record of more than 16777216 bytes"},
		{"key.ndjson", "{}\n{\"", "\":1}\n{}\n", "line 2: a record of more than 16777216 bytes"},
		{"a.ndjson.gz", "{}\n{\"a\":\"", "\"}\n{}\n", "line 2: a record of more than 16777216 bytes"},
		{"a.ndjson.zst", "{}\n{\"a\":\"", "\"}\n{}\n", "line 2: a record of more than 16777216 bytes"},
	} {
		t.Run(test.file, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.file)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w := compressor(t, test.file, f)
			text := io.MultiReader(strings.NewReader(test.before), io.LimitReader(endless{}, long), strings.NewReader(test.behind))
			if _, err := io.Copy(w, text); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			before := allocated()
			_, err = readers.Open(context.Background(), []string{path}, readers.Options{Threads: 1}, checked(t))
			wantError(t, err, path, test.want)
			if took, limit := allocated()-before, uint64(64<<20); took > limit {
				t.Errorf("took %d bytes of memory, want at most %d", took, limit)
			}
			_, err = readers.Open(context.Background(), []string{path}, readers.Options{Threads: 3}, checked(t))
			wantError(t, err, path, test.want)
		})
	}
}

// endless is text that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
