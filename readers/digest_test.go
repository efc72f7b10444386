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
	// Text of more than that changes at its beginning, too.
	var sums []string
	for _, start := range []string{"a", "b"} {
		in := open(t, checked(t), writeText(t, "a.csv", start+"\n"+strings.Repeat("1\n", 1<<20)))
		got, err := in.FooterDigests(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, got...)
	}
	if sums[0] == sums[1] {
		t.Errorf("got %s for two files whose beginnings differ", sums[0])
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := in.Digests(cancelled, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
