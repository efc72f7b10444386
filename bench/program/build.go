// Package program builds the command under test. The command is driven as a
// process: this module imports nothing of it.
package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build builds the package of a module, as in "./cmd/optout", into dir and
// returns the program's path.
func Build(ctx context.Context, module, pkg, dir string) (string, error) {
	path := filepath.Join(dir, filepath.Base(pkg))
	command := exec.CommandContext(ctx, "go", "build", "-o", path, pkg)
	command.Dir = module
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, output)
	}
	return path, nil
}

// Modules finds this module and the one around it, whose command it measures,
// from the working directory up.
func Modules() (bench, optout string, err error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) != "bench" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "..", "cmd", "optout")); err == nil {
			return dir, filepath.Dir(dir), nil
		}
	}
	return "", "", errors.New("the working directory is not in the bench module")
}

// Optout builds the command into dir.
func Optout(ctx context.Context, dir string) (string, error) {
	_, module, err := Modules()
	if err != nil {
		return "", err
	}
	return Build(ctx, module, "./cmd/optout", dir)
}
