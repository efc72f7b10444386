package jobs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs/history"
)

// nights publishes a run for each of some days, the last of which is 2026-11-24,
// and says what is left: date and folders of each run.
func (p *place) nights(days int) []string {
	p.t.Helper()
	for d := range days {
		now := parseAt(p.t, "2026-11-24T10:00:00Z").AddDate(0, 0, d+1-days)
		if _, err := p.run(p.t.Context(), func(o *Options) { o.Now = now }); err != nil {
			p.t.Fatal(err)
		}
	}
	return p.left()
}

// left lists the runs that are there, with the folders of lists that they have.
func (p *place) left() (left []string) {
	p.t.Helper()
	dir := filepath.Join(p.dir, "out", "nightly")
	runs, err := filepath.Glob(filepath.Join(dir, "date=*", "run=*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, run := range runs {
		line := strings.TrimPrefix(filepath.Base(filepath.Dir(run)), "date=2026-11-")
		for _, folder := range []string{"audiences", "ledger", "quarantine"} {
			if _, err := os.Stat(filepath.Join(run, folder)); err == nil {
				line += " " + folder[:1]
			}
		}
		left = append(left, line)
	}
	hidden, err := filepath.Glob(filepath.Join(dir, ".staging-*"))
	if err != nil || hidden != nil {
		p.t.Errorf("left over: %v, error %v", hidden, err)
	}
	return left
}

// removals lists what the history says was deleted.
func (p *place) removals() (lines []string) {
	p.t.Helper()
	all, err := history.Read(filepath.Join(p.dir, "out", "nightly"))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range all {
		for _, r := range all[i].Removed {
			lines = append(lines, strings.TrimPrefix(all[i].ID(), "2026-11-")+" "+r.What)
		}
		if all[i].Warning != "" {
			lines = append(lines, "warning: "+all[i].Warning)
		}
	}
	return lines
}

func (p *place) retention(t *testing.T, policy string) {
	t.Helper()
	p.write("job.yaml", with(t, "job: nightly\n", "job: nightly\nretention: "+policy+"\n"))
}

func TestRetention(t *testing.T) {
	for policy, want := range map[string]struct{ left, removals []string }{
		"{}":                                      {[]string{"20 a l q", "21 a l q", "22 a l q", "23 a l q", "24 a l q"}, nil},
		"{keep_runs: 2}":                          {[]string{"23 a l q", "24 a l q"}, []string{"20-001 run", "21-001 run", "22-001 run"}},
		"{keep_runs: 1}":                          {[]string{"24 a l q"}, []string{"20-001 run", "21-001 run", "22-001 run", "23-001 run"}},
		"{keep_for: 73h}":                         {[]string{"21 a l q", "22 a l q", "23 a l q", "24 a l q"}, []string{"20-001 run"}},
		"{keep_for: 1h}":                          {[]string{"24 a l q"}, []string{"20-001 run", "21-001 run", "22-001 run", "23-001 run"}},
		"{keep_runs: 2, keep_for: 73h}":           {[]string{"21 a l q", "22 a l q", "23 a l q", "24 a l q"}, []string{"20-001 run"}},
		"{keep_runs: 4, keep_for: 1h}":            {[]string{"21 a l q", "22 a l q", "23 a l q", "24 a l q"}, []string{"20-001 run"}},
		"{keep_audiences_for: 47h}":               {[]string{"20 l", "21 l", "22 l", "23 a l q", "24 a l q"}, []string{"20-001 audiences", "21-001 audiences", "22-001 audiences"}},
		"{keep_runs: 3, keep_audiences_for: 1h}":  {[]string{"22 l", "23 l", "24 a l q"}, []string{"20-001 audiences", "20-001 run", "21-001 audiences", "21-001 run", "22-001 audiences", "23-001 audiences"}},
		"{keep_runs: 9, keep_audiences_for: 10d}": {[]string{"20 a l q", "21 a l q", "22 a l q", "23 a l q", "24 a l q"}, nil},
	} {
		p := newPlace(t)
		p.retention(t, policy)
		if diff := cmp.Diff(want.left, p.nights(5)); diff != "" {
			t.Errorf("%s leaves (-want +got):\n%s", policy, diff)
		}
		if diff := cmp.Diff(want.removals, p.removals()); diff != "" {
			t.Errorf("%s, in the history (-want +got):\n%s", policy, diff)
		}
	}
}

// TestRetentionOfTheLast: what latest.json names stays, however old, and so does
// the run that was just published for an earlier date.
func TestRetentionOfTheLast(t *testing.T) {
	p := newPlace(t)
	p.retention(t, "{keep_runs: 1, keep_audiences_for: 1h}")
	p.nights(2)
	late := func(o *Options) { o.Now, o.Date = o.Now.AddDate(1, 0, 0), "2026-11-20" }
	if _, err := p.run(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"20 a l q", "24 a l q"}, p.left()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Where nothing is the last run, nothing is old.
	if err := os.Remove(filepath.Join(p.dir, "out", "nightly", "latest.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.run(t.Context(), func(o *Options) { o.Now, o.Date = o.Now.AddDate(2, 0, 0), "2026-11-20" }); err != nil {
		t.Fatal(err)
	}
	if left := p.left(); !slices.Contains(left, "20 a l q") {
		t.Errorf("the run that was found published is gone: %v", left)
	}
}

// TestRunOfDeletedAudiences: a run without its audiences is not taken for whole.
func TestRunOfDeletedAudiences(t *testing.T) {
	p := newPlace(t)
	p.retention(t, "{keep_audiences_for: 1h}")
	p.nights(2)
	again := func(o *Options) { o.Date = "2026-11-23" }
	_, err := p.run(t.Context(), again)
	if err == nil || !strings.Contains(err.Error(), "its audiences deleted since") || !strings.Contains(err.Error(), "--out") {
		t.Errorf("got error %v", err)
	}
	for what, change := range map[string]func(*Options){
		"a dry run": func(o *Options) { o.DryRun = true }, "a run of the date, whichever": func(o *Options) { o.Once = true },
	} {
		r, err := p.run(t.Context(), func(o *Options) { again(o); change(o) })
		if err != nil || !r.Already || !r.AudiencesDeleted {
			t.Errorf("%s: got %+v, error %v", what, r, err)
		}
	}
	if r, err := p.run(t.Context(), func(o *Options) { again(o); o.Out = filepath.Join(p.dir, "again") }); err != nil || !r.Published {
		t.Errorf("with another output directory: got %+v, error %v", r, err)
	}
	// latest.json does not come to name it.
	latest := filepath.Join(p.dir, "out", "nightly", "latest.json")
	if err := os.Remove(latest); err != nil {
		t.Fatal(err)
	}
	_, _ = p.run(t.Context(), again)
	if _, err := os.Stat(latest); err == nil {
		t.Error("latest.json names a run without audiences")
	}
}

// TestRetentionFails: a run whose old runs cannot be deleted is published, and the
// history warns.
func TestRetentionFails(t *testing.T) {
	p := newPlace(t)
	p.nights(2)
	p.retention(t, "{keep_runs: 1}")
	broken := filepath.Join(p.dir, "out", "nightly", "date=2026-11-01", "run=ab")
	if err := os.MkdirAll(broken, 0o700); err != nil {
		t.Fatal(err)
	}
	p.write("out/nightly/date=2026-11-01/run=ab/manifest.json", "{")
	r, err := p.run(t.Context(), func(o *Options) { o.Now = o.Now.Add(24 * time.Hour) })
	if err != nil || !r.Published {
		t.Errorf("got %+v, error %v", r, err)
	}
	if got := fmt.Sprint(p.removals()); !strings.Contains(got, "warning: read ") {
		t.Errorf("the history does not warn: %s", got)
	}
}

// TestRetentionAfterDeath: what a process that was killed began to delete the next
// one deletes, and says so once.
func TestRetentionAfterDeath(t *testing.T) {
	p := newPlace(t)
	p.nights(3)
	p.retention(t, "{keep_runs: 3, keep_audiences_for: 1h}")
	dir := filepath.Join(p.dir, "out", "nightly")
	all, err := history.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	// It said so, moved the audiences away, and was killed.
	for i, what := range []string{"run", "audiences"} {
		all[i].Removed = []history.Removal{{At: all[i].StartedAt, What: what}}
		if err := history.Amend(dir, &all[i], history.Modes{File: 0o600, Dir: 0o700}); err != nil {
			t.Fatal(err)
		}
		run := filepath.Join(dir, filepath.FromSlash(all[i].Path))
		if err := os.Rename(filepath.Join(run, "quarantine"), filepath.Join(dir, ".staging-removed-"+what)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"23 l", "24 a l q", "24 a l q"}, p.left()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"22-001 run", "23-001 audiences"}, p.removals()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
