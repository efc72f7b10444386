package main

import (
	"go/ast"
	"path/filepath"
	"testing"
)

// TestWorkersAreGuarded: the engine starts goroutines in one place, where a panic of
// one becomes an error.
func TestWorkersAreGuarded(t *testing.T) {
	h := openHouse(t)
	for _, s := range h.dirs["pipeline"] {
		if s.isTest() || filepath.Base(s.path) == "together.go" {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				h.complain(n.Pos(), "a goroutine; start it with together")
			case *ast.SelectorExpr:
				if n.Sel.Name == "WaitGroup" {
					h.complain(n.Pos(), "a wait group; start goroutines with together")
				}
			}
			return true
		})
	}
}
