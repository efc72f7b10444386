package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"optout/jobs"
	"optout/pipeline/consent"
)

// The tests of this file, readme_keys_test.go and readme_pages_test.go hold
// README.md, CHANGELOG.md and docs/ against the program: what they name must
// exist, what exists must be named.

// A whole job begins with its name. Any other YAML is part of one, and stands
// in place of the same keys of the README's job.
func TestDocumentedJobsAreValid(t *testing.T) {
	pages := readPages(t)
	whole := blocks(pages["README.md"], "yaml")[0]
	for path, page := range pages {
		for i, text := range blocks(page, "yaml") {
			if !strings.HasPrefix(text, "job:") {
				text = withKeys(whole, text)
			}
			file := filepath.Join(t.TempDir(), fmt.Sprintf("%s-%d.yaml", filepath.Base(path), i+1))
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := jobs.Load(file); err != nil {
				t.Errorf("%s: YAML block %d is no valid job: %v", path, i+1, err)
			}
		}
	}
}

var topKey = regexp.MustCompile(`(?m)^[a-z_]+:`)

// withKeys returns a job with the keys of part in place of its own.
func withKeys(job, part string) string {
	keys, keep := topKey.FindAllString(part, -1), true
	var b strings.Builder
	for line := range strings.Lines(job) {
		if key := topKey.FindString(line); key != "" {
			keep = !slices.Contains(keys, key)
		}
		if keep {
			b.WriteString(line)
		}
	}
	return b.String() + part
}

// Commands are parsed as the program does, and the files that they name in the
// repository must be there.
func TestDocumentedCommandsExist(t *testing.T) {
	for path, page := range readPages(t) {
		for _, block := range blocks(page, "sh") {
			for line := range strings.Lines(block) {
				args := strings.Fields(line)
				switch {
				case len(args) == 0 || args[0] == "jq":
				case strings.HasPrefix(line, "go run ./cmd/optout "):
					parseCommand(t, path, args[3:])
				case args[0] == "optout":
					parseCommand(t, path, args[1:])
				case line != "go test ./...\n" && line != "go install ./cmd/optout\n":
					t.Errorf("%s: unknown command %q", path, line)
				}
				for _, arg := range args {
					if strings.HasPrefix(arg, "testdata/") {
						if _, err := os.Stat(filepath.Join(root, arg)); err != nil {
							t.Errorf("%s: %q: %v", path, line, err)
						}
					}
				}
			}
		}
	}
}

func newParser(t *testing.T) *kong.Kong {
	t.Helper()
	parser, err := kong.New(new(cli), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	return parser
}

func parseCommand(t *testing.T, path string, args []string) {
	t.Helper()
	if _, err := newParser(t).Parse(args); err != nil {
		t.Errorf("%s: optout %s: %v", path, strings.Join(args, " "), err)
	}
}

func TestREADMENamesEveryCommandAndFlag(t *testing.T) {
	text := sections(readPages(t)["README.md"])["Commands"]
	var listed, want []string
	for _, row := range rows(text) {
		if name, ok := strings.CutPrefix(code(row[0]), "optout "); ok {
			listed = append(listed, strings.Fields(name)[0])
		}
	}
	for _, command := range newParser(t).Model.Children {
		want = append(want, command.Name)
		for _, group := range command.AllFlags(true) {
			for _, f := range group {
				if f.Name != "help" && !strings.Contains(text, "--"+f.Name) {
					t.Errorf("README.md does not name --%s of optout %s", f.Name, command.Name)
				}
			}
		}
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("commands in README.md (-program +README):\n%s", diff)
	}
	if !strings.Contains(readPages(t)["README.md"], hashKeyVariable) {
		t.Errorf("README.md does not name %s", hashKeyVariable)
	}
}

func TestREADMEHasTheExitStatuses(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []int
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "status") {
			return true
		}
		status, err := strconv.Atoi(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Errorf("%s: %v", spec.Names[0], err)
		}
		want = append(want, status)
		return false
	})
	for _, row := range rows(sections(readPages(t)["README.md"])["Commands"]) {
		if status, err := strconv.Atoi(row[0]); err == nil {
			got = append(got, status)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exit statuses (-exit.go +README.md):\n%s", diff)
	}
}

func TestREADMEHasTheReasons(t *testing.T) {
	type reason struct{ Name, Decision, Transactional string }
	var want, got []reason
	for r := range consent.NumReasons {
		transactional := "refused"
		if r.Bypassable() {
			transactional = "passes"
		}
		want = append(want, reason{r.String(), r.Decision().String(), transactional})
	}
	for _, row := range rows(sections(readPages(t)["README.md"])["Who is contacted"]) {
		if len(row) == 4 {
			got = append(got, reason{code(row[0]), row[2], row[3]})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-program +README.md):\n%s", diff)
	}
}

// The README shows what the demo prints, up to the paths.
func TestREADMEShowsTheDemo(t *testing.T) {
	shown, _, _ := strings.Cut(blocks(readPages(t)["README.md"], "")[0], "…")
	var out, log bytes.Buffer
	args := []string{"run", filepath.Join(root, "testdata", "demo", "job.yaml"), "--out", t.TempDir()}
	if status := run(t.Context(), args, &out, &log, nil); status != statusPublished {
		t.Fatalf("status %d: %s", status, log.String())
	}
	_, got, _ := strings.Cut(out.String(), "\n") // the first line has date and run id
	_, want, _ := strings.Cut(shown, "\n")
	if !strings.HasPrefix(got, want) {
		t.Errorf("the demo prints\n%s\nthe README shows\n%s", got, want)
	}
}

// Every module that a package imports has its reason in the README, and none
// that is not imported.
func TestREADMENamesEveryLibrary(t *testing.T) {
	var listed []string
	for _, row := range rows(sections(readPages(t)["README.md"])["Libraries"]) {
		if row[1] == "" || row[2] == "" {
			t.Errorf("README.md: %s has no use or no reason", row[0])
		}
		listed = append(listed, row[0])
	}
	imported, used := importedPaths(t), map[string]bool{}
	for _, path := range imported {
		i := slices.IndexFunc(listed, func(module string) bool { return path == module || strings.HasPrefix(path, module+"/") })
		if i < 0 {
			t.Errorf("README.md gives no reason for %s", path)
			continue
		}
		used[listed[i]] = true
	}
	for _, module := range listed {
		if !used[module] {
			t.Errorf("README.md lists %s, which no package imports", module)
		}
	}
}

// importedPaths lists what the packages of the module import of others.
func importedPaths(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != root {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil || name == "testdata" || strings.HasPrefix(name, ".") {
				return fs.SkipDir
			}
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			if path, err := strconv.Unquote(i.Path.Value); err == nil && strings.Contains(strings.Split(path, "/")[0], ".") {
				found[path] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}
