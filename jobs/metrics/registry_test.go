package metrics

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"optout/jobs/history"
	"optout/writers"
)

var start = time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)

// attempt is one that began some hours after start and took half a minute.
func attempt(hours int, status history.Status) history.Attempt {
	a := history.Attempt{Job: "nightly", StartedAt: start.Add(time.Duration(hours) * time.Hour), Status: status}
	if status != history.Running {
		at := a.StartedAt.Add(30 * time.Second)
		a.FinishedAt = &at
	}
	if status.Good() {
		a.Summary = &writers.Summary{Total: writers.Counts{Planned: 10 + int64(hours), Kept: 6 + int64(hours), Dropped: 3, Quarantined: 1}}
	}
	return a
}

// write returns the lines of the text file that are neither help nor zeros.
func write(t *testing.T, jobs ...Job) (lines []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "optout.prom")
	if err := WriteFile(path, "v1", jobs); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && !strings.HasSuffix(line, " 0") && !strings.HasPrefix(line, "optout_build_info") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestMetrics(t *testing.T) {
	refused := attempt(24, history.Refused)
	refused.Gates = []writers.Gate{
		{Name: "max_age", Subject: "consents"},
		{Name: "max_age", Subject: "profiles"},
		{Name: "max_shrink", Subject: "consents", Passed: true},
		{Name: "max_invalid", Subject: "consents", Accepted: true},
		{Name: "missing", Subject: "vip"},
	}
	killed := attempt(3, history.Interrupted)
	killed.FinishedAt = nil
	for _, c := range []struct {
		name     string
		attempts []history.Attempt
		want     []string
	}{
		{"never run", nil, nil},
		{"published", []history.Attempt{attempt(0, history.Published)}, []string{
			`optout_job_last_attempt_duration_seconds{job="nightly"} 30`,
			`optout_job_last_attempt_status{job="nightly",status="published"} 1`,
			`optout_job_last_attempt_timestamp_seconds{job="nightly"} 1.7954838e+09`,
			`optout_job_last_success_rows{decision="dropped",job="nightly"} 3`,
			`optout_job_last_success_rows{decision="kept",job="nightly"} 6`,
			`optout_job_last_success_rows{decision="quarantined",job="nightly"} 1`,
			`optout_job_last_success_timestamp_seconds{job="nightly"} 1.79548383e+09`,
		}},
		// Attempts come by date: the one that began last is another one here.
		{"refused since", []history.Attempt{refused, attempt(1, history.Already), attempt(0, history.Published)}, []string{
			`optout_job_last_attempt_duration_seconds{job="nightly"} 30`,
			`optout_job_last_attempt_refused_gates{gate="max_age",job="nightly"} 2`,
			`optout_job_last_attempt_refused_gates{gate="missing",job="nightly"} 1`,
			`optout_job_last_attempt_status{job="nightly",status="refused"} 1`,
			`optout_job_last_attempt_timestamp_seconds{job="nightly"} 1.7955702e+09`,
			`optout_job_last_success_rows{decision="dropped",job="nightly"} 3`,
			`optout_job_last_success_rows{decision="kept",job="nightly"} 7`,
			`optout_job_last_success_rows{decision="quarantined",job="nightly"} 1`,
			`optout_job_last_success_timestamp_seconds{job="nightly"} 1.79548743e+09`,
		}},
		{"running after one that was killed", []history.Attempt{killed, attempt(4, history.Running)}, []string{
			`optout_job_last_attempt_status{job="nightly",status="running"} 1`,
			`optout_job_last_attempt_timestamp_seconds{job="nightly"} 1.7954982e+09`,
		}},
	} {
		if diff := cmp.Diff(c.want, write(t, Job{"nightly", c.attempts})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestLint holds the metrics against the conventions for their names.
func TestLint(t *testing.T) {
	problems, err := testutil.GatherAndLint(New("v1", []Job{{"a", []history.Attempt{attempt(0, history.Published)}}, {"b", []history.Attempt{attempt(0, history.Failed)}}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestStatuses: each status that the history has is one that metrics know.
func TestStatuses(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "history", "status.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []history.Status
	for _, d := range tree.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			kind, ok := v.Type.(*ast.Ident)
			if text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value); err == nil && ok && kind.Name == "Status" {
				all = append(all, history.Status(text))
			}
		}
	}
	if diff := cmp.Diff(all, statuses); diff != "" {
		t.Errorf("(-history +metrics):\n%s", diff)
	}
}

// TestWriteFileFails: what cannot be written is an error, and what was there stays.
func TestWriteFileFails(t *testing.T) {
	if err := WriteFile(filepath.Join(t.TempDir(), "none", "optout.prom"), "v1", nil); err == nil {
		t.Error("got no error")
	}
	path := filepath.Join(t.TempDir(), "optout.prom")
	for _, v := range []string{"v1", "v2"} {
		if err := WriteFile(path, v, nil); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || !slices.ContainsFunc(files, func(f os.DirEntry) bool { return f.Name() == "optout.prom" }) || len(files) != 1 {
		t.Errorf("got %v, %v", files, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("node_exporter may not read %v, %v", info, err)
	}
}
