package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// TestPanic: a bug must not look like a published run.
func TestPanic(t *testing.T) {
	var out, log bytes.Buffer
	job := filepath.Join(root, "testdata", "demo", "job.yaml")
	status := run(t.Context(), []string{"run", job, "--out", t.TempDir()}, &out, &log, func(string) { panic("broken") })
	if status != statusFailed || !strings.Contains(log.String(), "this is a bug: broken") || out.Len() > 0 {
		t.Errorf("got status %d, %q and %q", status, out.String(), log.String())
	}
}
