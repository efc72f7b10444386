package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// TestPanic: a bug must not look like a published run, and its message has nothing that
// somebody put into it.
func TestPanic(t *testing.T) {
	job := filepath.Join(root, "testdata", "demo", "job.yaml")
	for name, test := range map[string]struct {
		breaks func(none []string)
		want   string
	}{
		"text":  {func([]string) { panic("ann@mail.example") }, "a panic of type string\n"},
		"error": {func([]string) { panic(errors.New("ann@mail.example")) }, "a panic of type *errors.errorString\n"},
		"index": {func(none []string) { _ = none[len(none)] }, "runtime error: index out of range [0] with length 0\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, log bytes.Buffer
			status := run(t.Context(), []string{"run", job, "--out", t.TempDir()}, &out, &log, func(string) { test.breaks(nil) })
			if status != statusFailed || !strings.Contains(log.String(), "optout: this is a bug: "+test.want) || strings.Contains(log.String(), "ann@") || out.Len() > 0 {
				t.Errorf("got status %d, %q and %q", status, out.String(), log.String())
			}
		})
	}
}
