package measure

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"optout/bench/generate"
)

func TestMedianTakesEachFigureOnItsOwn(t *testing.T) {
	got := median([]Sample{
		{3 * time.Second, 10 * time.Second, 100},
		{1 * time.Second, 30 * time.Second, 300},
		{2 * time.Second, 20 * time.Second, 200},
		{9 * time.Second, 90 * time.Second, 900},
	})
	if want := (Sample{2 * time.Second, 20 * time.Second, 200}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFigures(t *testing.T) {
	subject := Sample{Wall: 15 * time.Second, Peak: 1000e6}
	reference := Sample{Wall: 10 * time.Second, Peak: 400e6}
	line := func(subject, reference generate.Options, job generate.JobFile) Line {
		return Line{Subject: Side{Snapshot: subject, Job: job}, Reference: Side{Snapshot: reference, Job: generate.MainJob}}
	}
	one := generate.Options{Profiles: 100, Planned: 40, ExtraLists: 2, ExtraRows: 30}
	five := generate.Options{Profiles: 500, Planned: 200}
	without := Sample{Wall: 9 * time.Second, Peak: 800e6}
	tests := []struct {
		figure Figure
		line   Line
		want   float64
	}{
		{WallRatio, line(one, one, generate.MainJob), 1.5},
		{PeakRatio, line(one, one, generate.MainJob), 2.5},
		{PeakMB, line(one, one, generate.MainJob), 1000},
		{WallPerRecord, line(five, one, generate.MainJob), 0.3},
		// 60 rows more took half of what 40 did: a third a row.
		{WallPerRecipient, line(one, one, generate.ExtraJob), 0.5 * 40 / 60},
		{BytesPerRecipient, line(one, one, generate.ExtraJob), 600e6 / 60},
		{WallBeyond, line(one, one, generate.SuppressionsJob), 0.6},
		{BytesBeyond, line(one, one, generate.SuppressionsJob), 200e6 / 40},
	}
	for _, tt := range tests {
		if got := tt.figure.Value(tt.line, Medians{subject, reference, without}); math.Abs(got-tt.want) > 1e-9*tt.want {
			t.Errorf("%s: got %v, want %v", tt.figure, got, tt.want)
		}
	}
}

func TestRunMeasuresTheChild(t *testing.T) {
	s, err := Run(exec.Command("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Wall <= 0 || s.CPU <= 0 || s.Peak < 100_000 || s.Peak > 1e9 {
		t.Errorf("got %+v, want some time and some memory", s)
	}
	if _, err := Run(exec.Command("sh", "-c", "echo sorry; exit 3")); err == nil || !strings.Contains(err.Error(), "sorry") {
		t.Errorf("a failed process: got %v, want what it said", err)
	}
}

func TestLinesHaveNamesAndSnapshotsOfTheirOwn(t *testing.T) {
	names, snapshots := map[string]bool{}, map[string]generate.Options{}
	for _, l := range Lines(1) {
		if names[l.Name] {
			t.Errorf("two lines %q", l.Name)
		}
		names[l.Name] = true
		for _, s := range []Side{l.Subject, l.Reference} {
			name := snapshotName(s.Snapshot)
			if before, ok := snapshots[name]; ok && before != s.Snapshot {
				t.Errorf("%s: %+v and %+v", name, before, s.Snapshot)
			}
			snapshots[name] = s.Snapshot
		}
	}
}

func TestResultsAreKeptByLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	r, err := OpenResults(path)
	if err != nil {
		t.Fatal(err)
	}
	second := Sample{time.Second, 2 * time.Second, 100e6}
	r.Lines["main"] = Result{Revision: "abc", Machine: Machine{CPU: "a cpu"}, Subject: []Sample{second}, Reference: []Sample{{2 * time.Second, time.Second, 1000e6}}}
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	if r, err = OpenResults(path); err != nil {
		t.Fatal(err)
	}
	page := r.Page(Lines(1))
	for _, want := range []string{
		"What stands in the way:\n\n- **main**: no part", "a cpu", "| main | wall | 0.50 | 0.33 | missed by 50 % |", "| main | peak memory | 0.10 | 0.17 | reached |", "20.0 M |",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "- **small**") {
		t.Errorf("the page says why a line misses that was not measured:\n%s", page)
	}
	if strings.Contains(page, os.TempDir()) {
		t.Errorf("the page names a path of this machine")
	}
}

func TestCountsThatDisagree(t *testing.T) {
	sides := []Side{{Runner: Optout, Job: generate.MainJob}, {Runner: DuckDB, Job: generate.MainJob}}
	kept := counts{{"a", "kept", ""}: 3}
	for _, other := range []counts{{{"a", "kept", ""}: 4}, {{"a", "kept", ""}: 3, {"a", "dropped", "duplicate"}: 1}, {}} {
		if err := kept.agree(other, sides); err == nil {
			t.Errorf("%v and %v: no error", kept, other)
		}
	}
	if err := kept.agree(counts{{"a", "kept", ""}: 3}, sides); err != nil {
		t.Error(err)
	}
	if err := kept.agree(nil, sides); err != nil {
		t.Errorf("against a side without counts: %v", err)
	}
}
