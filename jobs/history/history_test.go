package history

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"optout/writers"
)

var (
	start = time.Date(2026, 11, 24, 2, 30, 0, 0, time.UTC)
	modes = Modes{File: 0o600, Dir: 0o700}
)

// begin begins an attempt some minutes after start.
func begin(t *testing.T, dir, date string, minutes int) (*Record, *Attempt) {
	t.Helper()
	a := &Attempt{Job: "nightly", Date: date, Status: Running, By: ByHand, StartedAt: start.Add(time.Duration(minutes) * time.Minute)}
	r, err := Begin(dir, a, modes)
	if err != nil {
		t.Fatal(err)
	}
	return r, a
}

func end(t *testing.T, r *Record, a *Attempt, s Status) {
	t.Helper()
	at := a.StartedAt.Add(30 * time.Second)
	a.Status, a.FinishedAt = s, &at
	if err := r.End(a); err != nil {
		t.Fatal(err)
	}
}

// statuses reads the history as lines of id and status.
func statuses(t *testing.T, dir string) (lines []string) {
	t.Helper()
	all, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		lines = append(lines, all[i].ID()+" "+string(all[i].Status))
	}
	return lines
}

func checkStatuses(t *testing.T, when, dir string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, statuses(t, dir)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

// hold takes the lock of a job.
func hold(t *testing.T, dir string) *flock.Flock {
	t.Helper()
	l := flock.New(filepath.Join(dir, LockName))
	if free, err := l.TryLock(); err != nil || !free {
		t.Fatalf("lock: %v, %v", free, err)
	}
	return l
}

func TestAttempts(t *testing.T) {
	dir := t.TempDir()
	checkStatuses(t, "no history", dir)
	l := hold(t, dir)
	r, a := begin(t, dir, "2026-11-24", 0)
	checkStatuses(t, "under way", dir, "2026-11-24-001 running")
	end(t, r, a, Refused)
	checkStatuses(t, "ended", dir, "2026-11-24-001 refused")
	r, a = begin(t, dir, "2026-11-23", 5)
	end(t, r, a, Published)
	_, a = begin(t, dir, "2026-11-24", 10)
	if a.Number != 2 {
		t.Errorf("the second attempt for a date has number %d", a.Number)
	}
	checkStatuses(t, "another under way", dir, "2026-11-23-001 published", "2026-11-24-001 refused", "2026-11-24-002 running")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	checkStatuses(t, "its process is gone", dir, "2026-11-23-001 published", "2026-11-24-001 refused", "2026-11-24-002 interrupted")

	// Another run holds the lock: the one that began last is it.
	l = hold(t, dir)
	defer l.Close()
	r, a = begin(t, dir, "2026-11-22", 20)
	want := []string{"2026-11-22-001 running", "2026-11-23-001 published", "2026-11-24-001 refused", "2026-11-24-002 interrupted"}
	checkStatuses(t, "a run after it", dir, want...)
	text, err := os.ReadFile(filepath.Join(dir, dirName, "2026-11-24-002.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got := readFile(dir, fileName{"2026-11-24-002.json", "2026-11-24", 2}); got.Status != Interrupted || got.Error == "" {
		t.Errorf("the next attempt did not write down the end of the one before:\n%s", text)
	}
	// One that began before it, and was never settled, is not.
	old := Attempt{Date: "2026-11-25", Number: 1, Status: Running, StartedAt: start}
	if err := write(dir, &old, modes); err != nil {
		t.Fatal(err)
	}
	checkStatuses(t, "two that run in their files", dir, append(want, "2026-11-25-001 interrupted")...)
	end(t, r, a, Failed)
	from, err := ReadFrom(dir, "2026-11-24")
	if err != nil || len(from) != 3 || from[0].ID() != "2026-11-24-001" {
		t.Errorf("from the 24th on: got %+v, error %v", from, err)
	}
}

// TestReadWithLock: reading leaves the lock to whoever wants it.
func TestReadWithLock(t *testing.T) {
	dir := t.TempDir()
	begin(t, dir, "2026-11-24", 0)
	checkStatuses(t, "without a lock", dir, "2026-11-24-001 interrupted")
	if _, err := os.Stat(filepath.Join(dir, LockName)); err == nil {
		t.Error("reading made a lock")
	}
	l := hold(t, dir)
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	checkStatuses(t, "free", dir, "2026-11-24-001 interrupted")
	hold(t, dir).Close()
}

// TestReadStrangers: what is no attempt is left alone, what cannot be read is a
// failed attempt of its date.
func TestReadStrangers(t *testing.T) {
	dir := t.TempDir()
	r, a := begin(t, dir, "2026-11-24", 0)
	end(t, r, a, Published)
	for name, text := range map[string]string{
		".staging-2026-11-24-002.json": "{}", "notes.txt": "", "2026-13-24-001.json": "{}", "2026-11-24.json": "{}",
		"2026-11-24-002.json": "{", "2026-11-24-003.json": `{"date": "2026-11-24", "attempt": 1, "status": "published"}`,
		"2026-11-24-1000.json": `{"date": "2026-11-24", "attempt": 1000, "status": "refused"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, dirName, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	checkStatuses(t, "strangers", dir, "2026-11-24-001 published", "2026-11-24-002 failed", "2026-11-24-003 failed", "2026-11-24-1000 refused")
	if _, a = begin(t, dir, "2026-11-24", 0); a.Number != 1001 {
		t.Errorf("got number %d, want 1001", a.Number)
	}
}

// TestRoundTrip: what is written is read.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	r, a := begin(t, dir, "2026-11-24", 0)
	exit, age := 3, 90000.0
	a.Exit, a.Due, a.By, a.Error = &exit, &start, ByRetry, "refused: gate max_age"
	a.Accepted = []string{"max_shrink:consents"}
	a.Gates = []writers.Gate{{Name: "max_age", Subject: "consents", Reading: "25h0m old", Limit: "24h0m"}}
	a.Inputs = InputsOf([]writers.Input{{Name: "consents", Kind: "consents", Path: "c", Rows: 7, AsOf: &start, Age: &age, Files: []writers.InputFile{{Path: "c"}}}})
	a.Summary = &writers.Summary{RunID: "ab", Total: writers.Counts{Planned: 3, Kept: 3}, Lists: []writers.ListSummary{{Name: "vip"}}}
	a.Removed = []Removal{{start, "audiences"}}
	end(t, r, a, Refused)
	all, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Attempt{*a}, all); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func TestDuration(t *testing.T) {
	later := start.Add(time.Minute)
	for _, c := range []struct {
		a     Attempt
		want  time.Duration
		known bool
	}{
		{Attempt{Status: Running, StartedAt: start}, time.Hour, true},
		{Attempt{Status: Published, StartedAt: start, FinishedAt: &later}, time.Minute, true},
		{Attempt{Status: Interrupted, StartedAt: start}, 0, false},
	} {
		if got, known := c.a.Duration(start.Add(time.Hour)); got != c.want || known != c.known {
			t.Errorf("%s: got %s, %v, want %s, %v", c.a.Status, got, known, c.want, c.known)
		}
	}
}

// TestBeginFails: an attempt that cannot be written down does not begin.
func TestBeginFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, dirName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Begin(dir, &Attempt{Date: "2026-11-24"}, modes); err == nil {
		t.Error("got no error")
	}
	if _, err := Read(dir); err == nil {
		t.Error("reading a file as a directory: got no error")
	}
}
