// Command compare measures the command against its peers and writes the results.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"optout/bench/measure"
	"optout/bench/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	names := flag.String("lines", "", "names of `lines`, with commas (default all but those that need -python)")
	list := flag.Bool("list", false, "list the lines")
	cache := flag.String("cache", filepath.Join(os.TempDir(), "optout-bench"), "the `folder` of snapshots, kept for the next time")
	runs := flag.Int("runs", 5, "runs of each side that count")
	scale := flag.Float64("scale", 1, "share of the full size; results of less are printed, not kept")
	python := flag.String("python", "", "a Python `interpreter` with duckdb and polars, for the lines newest and polars")
	page := flag.Bool("page", false, "write the page of results again, measure nothing")
	optout := flag.String("program", "", "the command to measure (default: built from the module around this one)")
	flag.Parse()

	lines := measure.Lines(*scale)
	if *list {
		for _, l := range lines {
			fmt.Printf("%-15s %s\n", l.Name, l.Work)
		}
		return nil
	}
	if *page {
		return writePage(lines)
	}
	chosen, err := choose(lines, *names, *python != "")
	if err != nil {
		return err
	}
	if *runs < 1 {
		return errors.New("-runs: at least 1")
	}
	if err := os.MkdirAll(*cache, 0o755); err != nil {
		return err
	}
	bench, module, err := program.Modules()
	if err != nil {
		return err
	}
	built, err := os.MkdirTemp("", "optout-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(built)) }()
	programs := measure.Programs{Optout: *optout, Python: *python, Scripts: filepath.Join(bench, "peer", "python")}
	if programs.Optout == "" {
		if programs.Optout, err = program.Build(ctx, module, "./cmd/optout", built); err != nil {
			return err
		}
	}
	if programs.Peer, err = program.Build(ctx, bench, "./cmd/peer", built); err != nil {
		return err
	}
	if programs.Generate, err = program.Build(ctx, bench, "./cmd/generate", built); err != nil {
		return err
	}

	version, err := exec.CommandContext(ctx, programs.Peer, "-version").Output()
	if err != nil {
		return err
	}

	keep := *scale == 1
	path := filepath.Join(bench, "results.json")
	results, err := measure.OpenResults(path)
	if err != nil {
		return err
	}
	b := measure.Bench{Programs: programs, Cache: *cache, Runs: *runs, Progress: os.Stderr}
	for _, l := range chosen {
		m, err := b.Measure(ctx, l)
		if err != nil {
			return fmt.Errorf("line %s: %w", l.Name, err)
		}
		result := measure.Result{
			Taken: time.Now().UTC().Truncate(time.Second), Revision: revision(ctx, module), DuckDB: strings.TrimSpace(string(version)),
			Machine: measure.ThisMachine(), Subject: m.Subject, Reference: m.Reference, Without: m.Without,
		}
		fmt.Println(measure.Section(l, result))
		if !keep {
			continue
		}
		results.Lines[l.Name] = result
		if err := results.Save(path); err != nil {
			return err
		}
		if err := writePage(lines); err != nil {
			return err
		}
	}
	return nil
}

// writePage writes RESULTS.md from the results that are kept.
func writePage(lines []measure.Line) error {
	bench, _, err := program.Modules()
	if err != nil {
		return err
	}
	results, err := measure.OpenResults(filepath.Join(bench, "results.json"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bench, "RESULTS.md"), []byte(results.Page(lines)), 0o644)
}

// choose picks the lines with these names.
func choose(lines []measure.Line, names string, withPython bool) (chosen []measure.Line, err error) {
	if names == "" {
		for _, l := range lines {
			if withPython || !l.NeedsPython() {
				chosen = append(chosen, l)
			}
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(lines, func(l measure.Line) bool { return l.Name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, fmt.Errorf("no line %q; -list names them", name)
		}
		chosen = append(chosen, lines[i])
	}
	return chosen, nil
}

// revision is the commit that the command was built from, and whether files of
// it have changed since.
func revision(ctx context.Context, module string) string {
	git := func(args ...string) string {
		output, err := exec.CommandContext(ctx, "git", append([]string{"-C", module}, args...)...).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(output))
	}
	commit := git("rev-parse", "--short", "HEAD")
	if commit == "" {
		return "unknown"
	}
	if git("status", "--porcelain", "--", ".", ":!bench") != "" {
		commit += " and changes"
	}
	return commit
}
