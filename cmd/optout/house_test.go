package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// house is every Go file of the module that is ours to keep tidy.
type house struct {
	t     *testing.T
	files *token.FileSet
	dirs  map[string][]*source
}

// source is one file.
type source struct {
	path string // below the module, with slashes
	text []byte
	tree *ast.File
}

func (s *source) isTest() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.HasSuffix(filepath.Dir(s.path), "test")
}

// openHouse parses all files. The bench module and what lies in testdata have
// rules of their own.
func openHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t, token.NewFileSet(), map[string][]*source{}}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (name == "testdata" || name == "bench" || strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(h.files, rel, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := &source{filepath.ToSlash(rel), text, tree}
		h.dirs[filepath.Dir(s.path)] = append(h.dirs[filepath.Dir(s.path)], s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(h.dirs) < len(mayImport) {
		t.Fatalf("only %d directories have Go files", len(h.dirs))
	}
	return h
}

// each calls do for every file.
func (h *house) each(do func(s *source)) {
	for _, files := range h.dirs {
		for _, s := range files {
			do(s)
		}
	}
}

func (h *house) complain(at token.Pos, format string, args ...any) {
	h.t.Helper()
	h.t.Errorf("%s: "+format, append([]any{h.files.Position(at)}, args...)...)
}

func TestFilesAreShort(t *testing.T) {
	openHouse(t).each(func(s *source) {
		if n := bytes.Count(s.text, []byte("\n")); n > 500 {
			t.Errorf("%s has %d lines; split it before 500", s.path, n)
		}
	})
}

func TestPackagesAreDocumented(t *testing.T) {
	for dir, files := range openHouse(t).dirs {
		i := slices.IndexFunc(files, func(s *source) bool { return filepath.Base(s.path) == "doc.go" })
		if i < 0 || files[i].tree.Doc == nil {
			t.Errorf("%s has no doc.go with a comment of the package", dir)
		}
	}
}

// TestNames: a name that says nothing attracts what belongs elsewhere.
func TestNames(t *testing.T) {
	empty := regexp.MustCompile(`(?i)^(.*_)?(utils?|commons?|helpers?|miscs?|types|base)(_test)?$`)
	h := openHouse(t)
	for dir, files := range h.dirs {
		if empty.MatchString(filepath.Base(dir)) {
			t.Errorf("package %s: a name that says nothing", dir)
		}
		for _, s := range files {
			if empty.MatchString(strings.TrimSuffix(filepath.Base(s.path), ".go")) {
				t.Errorf("%s: a name that says nothing", s.path)
			}
			ast.Inspect(s.tree, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if ok && regexp.MustCompile(`(Manager|Helper|Util|Impl|Data|Info2)$`).MatchString(spec.Name.Name) {
					h.complain(spec.Pos(), "type %s: a name that says nothing", spec.Name.Name)
				}
				return true
			})
		}
	}
}

// TestCalls: below cmd nothing reads the clock or the environment, prints or
// exits; no test skips or sleeps; nothing has an init.
func TestCalls(t *testing.T) {
	below := map[string]bool{}
	for _, name := range []string{
		"os.Getenv", "os.LookupEnv", "os.Environ", "os.Setenv", "os.Exit", "os.Stdout", "os.Stderr", "os.Args", "os.Getwd", "os.Hostname",
		"fmt.Print", "fmt.Printf", "fmt.Println", "time.Now", "time.Since", "time.Until", "time.Sleep", "time.Local",
	} {
		below[name] = true
	}
	allowed := map[string]bool{
		"jobs/run.go time.Now":       true, // how long a run took, which decides nothing
		"jobs/publish.go time.Since": true,
	}
	h := openHouse(t)
	h.each(func(s *source) {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					h.complain(n.Pos(), "an init function")
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok {
					return true
				}
				name := x.Name + "." + n.Sel.Name
				switch {
				case s.isTest() && (name == "time.Sleep" || regexp.MustCompile(`^[tbf]\.Skip(f|Now)?$`).MatchString(name)):
					h.complain(n.Pos(), "%s: a test neither sleeps nor skips", name)
				case !s.isTest() && !strings.HasPrefix(s.path, "cmd/") && below[name] && !allowed[s.path+" "+name]:
					h.complain(n.Pos(), "%s: only cmd reads the clock and the environment, prints and exits", name)
				case !s.isTest() && name == "time.Sleep":
					h.complain(n.Pos(), "%s: wait for what you wait for", name)
				}
			}
			return true
		})
	})
}

// TestNoMutableGlobals: no function assigns to a variable of its package.
func TestNoMutableGlobals(t *testing.T) {
	h := openHouse(t)
	for dir, files := range h.dirs {
		var trees []*ast.File
		for _, s := range files {
			if !s.isTest() {
				trees = append(trees, s.tree)
			}
		}
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
		// Imports stay unresolved: the variables of this package are all that counts.
		config := &types.Config{Importer: noImports{}, Error: func(error) {}}
		pkg, _ := config.Check(dir, h.files, trees, info)
		for _, tree := range trees {
			ast.Inspect(tree, func(n ast.Node) bool {
				var changed []ast.Expr
				switch n := n.(type) {
				case *ast.AssignStmt:
					changed = n.Lhs
				case *ast.IncDecStmt:
					changed = []ast.Expr{n.X}
				case *ast.UnaryExpr:
					if n.Op == token.AND {
						changed = []ast.Expr{n.X}
					}
				}
				for _, e := range changed {
					if v, ok := info.Uses[variableOf(e)].(*types.Var); ok && v.Parent() == pkg.Scope() {
						h.complain(e.Pos(), "the variable %s of the package is changed, or its address taken", v.Name())
					}
				}
				return true
			})
		}
	}
}

// variableOf is the variable that an expression starts from.
func variableOf(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return variableOf(e.X)
	case *ast.IndexExpr:
		return variableOf(e.X)
	case *ast.StarExpr:
		return variableOf(e.X)
	case *ast.ParenExpr:
		return variableOf(e.X)
	}
	return nil
}

// noImports has every package, with nothing in it.
type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}
