package oracle

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
	program := build(t)
	for seed := *first; seed < *first+uint64(*jobs); seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			dir := t.TempDir()
			if *kept != "" {
				dir = filepath.Join(*kept, fmt.Sprint(seed))
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			differences, err := Check(t.Context(), program, dir, seed)
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

// build makes the command from the module around this one.
func build(t *testing.T) string {
	t.Helper()
	if *built != "" {
		return *built
	}
	program := filepath.Join(t.TempDir(), "optout")
	command := exec.Command("go", "build", "-o", program, "./cmd/optout")
	command.Dir = filepath.Join("..", "..")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build optout: %v\n%s", err, output)
	}
	return program
}
