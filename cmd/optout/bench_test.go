package main

import (
	"bytes"
	"flag"
	"io"
	"path/filepath"
	"testing"
)

var (
	benchJob  = flag.String("job", filepath.Join("..", "..", "testdata", "demo", "job.yaml"), "the job file of BenchmarkRun")
	benchDate = flag.String("date", "2026-11-26", "the logical date of BenchmarkRun")
)

// BenchmarkRun runs a job from its file to what is published. Its profile of large jobs
// is default.pgo, by which the compiler builds the command: see bench/README.md.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		var stderr bytes.Buffer
		args := []string{"run", *benchJob, "--date", *benchDate, "--out", b.TempDir()}
		if status := run(b.Context(), args, io.Discard, &stderr, nil); status != 0 {
			b.Fatalf("got status %d, want 0\n%s", status, &stderr)
		}
	}
}
