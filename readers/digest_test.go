package readers_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"optout/readers"
)

// TestDigests takes the digests of more files than there are threads, in order.
func TestDigests(t *testing.T) {
	parts, err := readers.Find(filepath.Join(interop, "spark_dir"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, path := range parts {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		want = append(want, hex.EncodeToString(sum[:]))
	}
	in := open(t, checked(t), parts...)
	for _, threads := range []int{0, 1, 2, 8} {
		got, err := in.Digests(context.Background(), threads)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d threads: got %q, %v, want %q", threads, got, err, want)
		}
		// A file of less than a megabyte is all footer here.
		if got, err = in.FooterDigests(context.Background(), threads); err != nil || !slices.Equal(got, want) {
			t.Errorf("footers, %d threads: got %q, %v, want %q", threads, got, err, want)
		}
	}
	// Text of more than that changes anywhere, and is read in several parts.
	seen := map[string]string{}
	for name, change := range map[string]func(text []byte){
		"nothing":    func([]byte) {},
		"the header": func(text []byte) { text[0] = 'b' },
		"the middle": func(text []byte) { text[len(text)/2] = '2' },
		"the end":    func(text []byte) { text[len(text)-2] = '2' },
	} {
		text := []byte("a\n" + strings.Repeat("1\n", 5<<20))
		change(text)
		for _, threads := range []int{1, 3} {
			in, err := readers.Open(context.Background(), []string{writeText(t, "a.csv", string(text))}, readers.Options{Threads: threads}, checked(t))
			if err != nil {
				t.Fatal(err)
			}
			sums, err := in.FooterDigests(context.Background(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[sums[0]]; ok && other != name {
				t.Errorf("%d threads: got %s where %s changed, and where %s did", threads, sums[0], name, other)
			}
			seen[sums[0]] = name
		}
	}
	if len(seen) != 4 {
		t.Errorf("got %d digests of 4 texts on one thread and on three", len(seen))
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := in.Digests(cancelled, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
