package main

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"optout/jobs/history"
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

// TestTellingPanics: a bug in telling the webhook ends neither the process nor the run, and
// its line in the log says where it was, without what somebody put into it.
func TestTellingPanics(t *testing.T) {
	t.Setenv(signingKeyVariable, "0123456789abcdef")
	var text bytes.Buffer
	c := &console{ctx: t.Context(), clock: func() time.Time { panic("ann@mail.example") }}
	tell, err := (&webhookFlags{Webhook: "http://127.0.0.1:9/secret-path"}).open(c, slog.New(slog.NewTextHandler(&text, nil)))
	if err != nil {
		t.Fatal(err)
	}
	var telling sync.WaitGroup
	telling.Go(func() { tell(history.Attempt{Job: "nightly", Date: "2026-11-24", Number: 2}) })
	telling.Wait()
	for _, want := range []string{
		`level=ERROR msg="the webhook was not told" job=nightly date=2026-11-24 attempt=2026-11-24-002`, `error="this is a bug: a panic of type string; please report it" stack=`, "notify.(*Webhook).try",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got %q, want %q in it", text.String(), want)
		}
	}
	for _, never := range []string{"ann@", "secret-path"} {
		if strings.Contains(text.String(), never) {
			t.Errorf("got %q, which has %q", text.String(), never)
		}
	}
}
