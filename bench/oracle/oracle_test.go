package oracle

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"optout/bench/program"
)

var (
	jobs  = flag.Int("jobs", 60, "random jobs to check")
	first = flag.Uint64("seed", 1, "seed of the first")
	kept  = flag.String("keep", "", "`folder` for the jobs that differ")
	built = flag.String("program", "", "the command to check (default: built from the module around this one)")
)

// TestRandomJobs runs random jobs through the command and through the rules in
// SQL: every row must come out the same.
func TestRandomJobs(t *testing.T) {
	optout := build(t)
	for seed := *first; seed < *first+uint64(*jobs); seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			dir := t.TempDir()
			if *kept != "" {
				dir = filepath.Join(*kept, fmt.Sprint(seed))
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			differences, err := Check(t.Context(), optout, dir, seed)
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range differences {
				if t.Errorf("%s", d); i == 10 {
					t.Fatalf("and %d more", len(differences)-i-1)
				}
			}
			if *kept != "" && len(differences) == 0 {
				os.RemoveAll(dir)
			}
		})
	}
}

// build makes the command, unless one was given.
func build(t *testing.T) string {
	t.Helper()
	if *built != "" {
		return *built
	}
	path, err := program.Optout(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}
