package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestDemoAgain publishes once: the second run finds the first and touches
// nothing but the history.
func TestDemoAgain(t *testing.T) {
	first := firstRun(t)
	if !strings.Contains(first.stdout, "\npublished: "+first.dir) {
		t.Errorf("the first run does not say where it is published:\n%s", first.stdout)
	}
	before := states(t, first.out)
	if before["demo/attempts"] == "" {
		t.Error("the first run left no history")
	}
	second := runDemo(t, demoDir("job.yaml"), first.out, demoDate)
	if !strings.Contains(second.stdout, "published already, nothing changed: "+first.dir) {
		t.Errorf("the second run does not say that it is published already:\n%s", second.stdout)
	}
	after := states(t, first.out)
	for _, all := range []map[string]string{before, after} { // the history tells of both
		maps.DeleteFunc(all, func(path, _ string) bool { return path == "demo/attempts" || isKept(path) })
	}
	if !maps.Equal(before, after) {
		t.Errorf("the second run changed the output:\n%v\nbefore:\n%v", after, before)
	}
}

// states describes every file and directory below root: its mode, time and
// content.
func states(t *testing.T, root string) map[string]string {
	t.Helper()
	files, err := readTree(root)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		all[rel] = fmt.Sprint(info.Mode(), " ", info.ModTime().UnixNano(), " ", files[rel])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDemoThreads makes sure that the number of threads does not show in the
// data, whose digests other systems may rely on.
func TestDemoThreads(t *testing.T) {
	one := firstRun(t, "--threads", "1")
	for _, threads := range []string{"2", "5"} {
		if diff := diffData(t, one, firstRun(t, "--threads", threads), nil); diff != "" {
			t.Errorf("with %s threads: %s", threads, diff)
		}
	}
}

// diffData names the data files that two runs do not have alike.
func diffData(t *testing.T, a, b *demoRun, except func(path string) bool) string {
	t.Helper()
	one, err := dataFiles(a.dir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := dataFiles(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	return one.diff(other, except)
}

// TestDemoOrder swaps the parts of every snapshot: nobody's verdict may follow
// from which record comes first.
func TestDemoOrder(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(copied, os.DirFS(demoDir())); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"profiles/date=2026-11-24", "consents"} {
		part := func(name string) string { return filepath.Join(copied, dir, name) }
		for _, move := range [][2]string{
			{"part-00000.parquet", "other"}, {"part-00001.parquet", "part-00000.parquet"}, {"other", "part-00001.parquet"},
		} {
			if err := os.Rename(part(move[0]), part(move[1])); err != nil {
				t.Fatal(err)
			}
		}
	}
	first, swapped := firstRun(t), runDemo(t, filepath.Join(copied, "job.yaml"), filepath.Join(t.TempDir(), "out"), demoDate)
	if first.summary.RunID == swapped.summary.RunID {
		t.Error("other files, the same run id")
	}
	namesRun := func(path string) bool {
		return strings.HasPrefix(path, "ledger/") || strings.HasPrefix(path, "summary.")
	}
	if diff := diffData(t, first, swapped, namesRun); diff != "" {
		t.Error(diff)
	}
	columns := []string{"list", "channel", "row", "profile_id", "address_hash", "decision", "reason", "source", "field", "value"}
	for _, l := range first.summary.Lists {
		path := filepath.Join("ledger", l.Name, "part-00000.parquet")
		if a, b := cells(t, filepath.Join(first.dir, path), columns...), cells(t, filepath.Join(swapped.dir, path), columns...); !reflect.DeepEqual(a, b) {
			t.Errorf("the ledgers of %s differ", l.Name)
		}
	}
	if !reflect.DeepEqual(first.summary.Lists, swapped.summary.Lists) {
		t.Error("the summaries differ")
	}
}

// TestDemoAnyDay runs the demo and the sample on the day they are from and
// long after it.
func TestDemoAnyDay(t *testing.T) {
	first := firstRun(t)
	for _, day := range []string{"2026-11-25", "2031-07-01"} {
		later := runDemo(t, demoDir("job.yaml"), filepath.Join(t.TempDir(), "out"), day)
		if later.summary.Date != day {
			t.Errorf("a run of %s is for %s", day, later.summary.Date)
		}
		if !reflect.DeepEqual(first.summary.Lists, later.summary.Lists) {
			t.Errorf("on %s the summary is %+v; want that of %s, %+v", day, later.summary.Lists, demoDate, first.summary.Lists)
		}
	}
	for _, day := range []string{demoDate, "2031-07-01"} {
		dir := filepath.Join(t.TempDir(), "sample")
		job := filepath.Join(dir, "job.yaml")
		for _, c := range []struct{ args, says string }{
			{"init " + dir, "optout run " + job},
			{"check " + job, "\nnothing to object\n"},
			{"run " + job, "\npublished: " + filepath.Join(dir, "out", "sample")},
			{"run " + job, "\npublished already"},
		} {
			if stdout, _ := runOptout(t, day, strings.Fields(c.args)...); !strings.Contains(stdout, c.says) {
				t.Errorf("on %s, optout %s does not say %q:\n%s", day, c.args, c.says, stdout)
			}
		}
	}
}

// TestDemoIsGenerated makes sure that the inputs of demo and sample are what
// their generator writes.
func TestDemoIsGenerated(t *testing.T) {
	demo, sample := t.TempDir(), t.TempDir()
	generate := exec.Command("go", "run", "./"+filepath.ToSlash(demoDir("generate")), "-demo", demo, "-sample", sample)
	if text, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("generate: %v\n%s", err, text)
	}
	byHand := func(path string) bool {
		top, _, _ := strings.Cut(path, "/")
		return top == "job.yaml" || top == ".gitignore" || top == "generate" || top == "out"
	}
	for made, kept := range map[string]string{demo: demoDir(), sample: "sample"} {
		made, err := readTree(made)
		if err != nil {
			t.Fatal(err)
		}
		there, err := readTree(kept)
		if err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(there, func(path, _ string) bool { return byHand(path) })
		if diff := made.diff(there, nil); diff != "" {
			t.Errorf("%s against its generator: %s; go run ./testdata/demo/generate", kept, diff)
		}
	}
}
