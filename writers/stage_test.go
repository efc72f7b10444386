package writers

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var testModes = Modes{File: 0o600, Dir: 0o700}

// tree lists what is below a directory: names, and the first line of files.
func tree(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			all = append(all, filepath.ToSlash(name)+"/")
			return nil
		}
		text, err := os.ReadFile(path)
		all = append(all, filepath.ToSlash(name)+" "+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// recorder notes the steps and the calls of a disk, and may let one fail.
type recorder struct {
	dir    string
	calls  []string
	failAt int // number of the call, from 1; 0 for none
	number int
}

var errDisk = errors.New("input/output error")

func (r *recorder) disk() disk {
	actual := newDisk()
	name := func(path string) string {
		rel, err := filepath.Rel(r.dir, path)
		if err != nil {
			return path
		}
		return filepath.ToSlash(rel)
	}
	return disk{
		sync: func(f *os.File) error {
			r.calls = append(r.calls, "sync "+name(f.Name()))
			if r.number++; r.number == r.failAt {
				return errDisk
			}
			return actual.sync(f)
		},
		rename: func(from, to string) error {
			r.calls = append(r.calls, "rename "+name(from)+" to "+name(to))
			if r.number++; r.number == r.failAt {
				return errDisk
			}
			return actual.rename(from, to)
		},
	}
}

func (r *recorder) options() StageOptions {
	return StageOptions{Modes: testModes, Step: func(name string) { r.calls = append(r.calls, "# "+name) }}
}

// stageRun writes a small run up to its publication.
func (r *recorder) stageRun(jobDir, date, id string) (*Stage, error) {
	s, err := newStage(r.disk(), jobDir, date, id, r.options())
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"ledger/list/part-00000.parquet", "audiences/list/part-00000.parquet", "manifest.json"} {
		if err := s.WriteFile(name, []byte("of "+id)); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (r *recorder) publish(jobDir, date, id string) (err error) {
	s, err := r.stageRun(jobDir, date, id)
	if s != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	if err != nil {
		return err
	}
	return s.Publish([]byte("latest " + id))
}

// TestPublishOrder is the golden order of steps, syncs and renames. What is
// renamed is synced before, and every name after.
func TestPublishOrder(t *testing.T) {
	r := &recorder{dir: t.TempDir()}
	job := filepath.Join(r.dir, "out", "job")
	if err := r.publish(job, "2026-11-24", "first"); err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(`
sync .
sync out
# stage made
sync out/job/.staging-first/ledger/list/part-00000.parquet
sync out/job/.staging-first/audiences/list/part-00000.parquet
sync out/job/.staging-first/manifest.json
sync out/job/.staging-first/_SUCCESS
# marker written
sync out/job/.staging-first/manifest.json
sync out/job/.staging-first/ledger/list/part-00000.parquet
sync out/job/.staging-first/ledger/list
sync out/job/.staging-first/ledger
sync out/job/.staging-first/audiences/list/part-00000.parquet
sync out/job/.staging-first/audiences/list
sync out/job/.staging-first/audiences
sync out/job/.staging-first/_SUCCESS
sync out/job/.staging-first
# synced
rename out/job/.staging-first to out/job/date=2026-11-24/run=first
# renamed
sync out/job/date=2026-11-24
sync out/job
# made durable
sync out/job/.staging-latest.json
rename out/job/.staging-latest.json to out/job/latest.json
sync out/job
# latest replaced`), "\n")
	if !slices.Equal(r.calls, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(r.calls, "\n"), strings.Join(want, "\n"))
	}
	// The second run of a job makes no directories above its own.
	r.calls = nil
	if err := r.publish(job, "2026-11-24", "second"); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "first", "second")
	}
	if !slices.Equal(r.calls, want[2:]) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(r.calls, "\n"), strings.Join(want[2:], "\n"))
	}
}

var publishedRun = []string{
	"date=2026-11-24/", "date=2026-11-24/run=new/", "date=2026-11-24/run=new/_SUCCESS ",
	"date=2026-11-24/run=new/audiences/", "date=2026-11-24/run=new/audiences/list/", "date=2026-11-24/run=new/audiences/list/part-00000.parquet of new",
	"date=2026-11-24/run=new/ledger/", "date=2026-11-24/run=new/ledger/list/", "date=2026-11-24/run=new/ledger/list/part-00000.parquet of new",
	"date=2026-11-24/run=new/manifest.json of new",
}

// inSight leaves hidden names out.
func inSight(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return strings.HasPrefix(name, ".") })
}

// TestNothingBeforePublish looks at the directory at every step: nothing is
// visible before the move, everything after it, and latest.json names the run
// last.
func TestNothingBeforePublish(t *testing.T) {
	job := t.TempDir()
	if err := WriteLatest(job, filepath.Join(job, "run"), []byte("latest old"), 0o600); err != nil {
		t.Fatal(err)
	}
	var s *Stage
	var seen []string
	o := StageOptions{Modes: testModes, Step: func(name string) {
		seen = append(seen, name)
		var want []string
		switch name {
		case "renamed", "made durable":
			want = append(slices.Clone(publishedRun), "latest.json latest old")
		case "latest replaced":
			want = append(slices.Clone(publishedRun), "latest.json latest new")
		default:
			want = []string{"latest.json latest old"}
		}
		if got := inSight(tree(t, job)); !slices.Equal(got, want) {
			t.Errorf("at %q: got %q, want %q", name, got, want)
		}
		published, err := Published(job, "2026-11-24", "new")
		if err != nil || published != (len(want) > 1) {
			t.Errorf("at %q: published %v, %v", name, published, err)
		}
	}}
	s, err := NewStage(job, "2026-11-24", "new", o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, name := range []string{"ledger/list/part-00000.parquet", "audiences/list/part-00000.parquet", "manifest.json"} {
		if err := s.WriteFile(name, []byte("of new")); err != nil {
			t.Fatal(err)
		}
		if got := inSight(tree(t, job)); len(got) != 1 {
			t.Errorf("after %s: %q is visible", name, got)
		}
	}
	if got, want := s.Dir(), filepath.Join(job, "date=2026-11-24", "run=new"); got != want {
		t.Errorf("the run will stand at %s, want %s", got, want)
	}
	if err := s.Publish([]byte("latest new")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"stage made", "marker written", "synced", "renamed", "made durable", "latest replaced"}; !slices.Equal(seen, want) {
		t.Errorf("got steps %q, want %q", seen, want)
	}
	// Another stage of that name, which is not this one's to remove.
	mkdir(t, filepath.Join(job, stagePrefix+"new"))
	before := tree(t, job)
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, job); !slices.Equal(got, before) || len(inSight(got)) != len(got)-1 {
		t.Errorf("closing what was published left %q of %q", got, before)
	}
}

// TestPublishFaults lets every sync and rename fail in turn. What is left is
// nothing, or the whole run; latest.json is the old one or the new one; and the
// next run publishes as if nothing had been.
func TestPublishFaults(t *testing.T) {
	for at := 1; ; at++ {
		dir := t.TempDir()
		job := filepath.Join(dir, "job")
		if err := (&recorder{dir: dir}).publish(job, "2026-11-23", "old"); err != nil {
			t.Fatal(err)
		}
		old := tree(t, job)
		r := &recorder{dir: dir, failAt: at}
		err := r.publish(job, "2026-11-24", "new")
		if r.number < at {
			if err != nil {
				t.Errorf("without a fault: %v", err)
			}
			break
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("call %d, %s: got %v, want %v", at, r.calls[len(r.calls)-1], err, errDisk)
		}
		got := tree(t, job)
		renamed := slices.Contains(r.calls, "# renamed")
		want := old
		if renamed {
			want = slices.Concat(old[:len(old)-1], publishedRun, old[len(old)-1:])
			if strings.HasPrefix(r.calls[len(r.calls)-1], "sync job") && slices.Contains(r.calls, "rename job/.staging-latest.json to job/latest.json") {
				want[len(want)-1] = "latest.json latest new"
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("call %d, %s: got %q, want %q", at, r.calls[len(r.calls)-1], got, want)
		}
		if published, err := Published(job, "2026-11-24", "new"); err != nil || published != renamed {
			t.Errorf("call %d: published %v, %v, want %v", at, published, err, renamed)
		}
		if renamed {
			continue
		}
		if err := (&recorder{dir: dir}).publish(job, "2026-11-24", "new"); err != nil {
			t.Errorf("call %d: the next run: %v", at, err)
		}
	}
}

// TestPublishEarlier: a run of an earlier day leaves latest.json alone.
func TestPublishEarlier(t *testing.T) {
	r := &recorder{dir: t.TempDir()}
	if err := r.publish(r.dir, "2026-11-25", "later"); err != nil {
		t.Fatal(err)
	}
	s, err := r.stageRun(r.dir, "2026-11-24", "new")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Publish(nil); err != nil {
		t.Fatal(err)
	}
	got := tree(t, r.dir)
	if want := slices.Concat(publishedRun, []string{"date=2026-11-25/"}); !slices.Equal(got[:len(want)], want) || got[len(got)-1] != "latest.json latest later" {
		t.Errorf("got %q", got)
	}
}

// TestPublishTwice: a run that stands there is never replaced.
func TestPublishTwice(t *testing.T) {
	r := &recorder{dir: t.TempDir()}
	if err := r.publish(r.dir, "2026-11-24", "new"); err != nil {
		t.Fatal(err)
	}
	before := tree(t, r.dir)
	if err := r.publish(r.dir, "2026-11-24", "new"); err == nil {
		t.Error("a run was published over another")
	}
	if got := tree(t, r.dir); !slices.Equal(got, before) {
		t.Errorf("got %q, want %q", got, before)
	}
	s, err := r.stageRun(r.dir, "2026-11-25", "other")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.stageRun(r.dir, "2026-11-25", "other"); err == nil || again != nil {
		t.Error("two stages of one run at the same time")
	}
	if err := s.WriteFile("manifest.json", nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file written twice: got %v, want %v", err, fs.ErrExist)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, r.dir); !slices.Equal(got, before) {
		t.Errorf("a closed stage left %q, want %q", got, before)
	}
}

func TestClearStages(t *testing.T) {
	dir := t.TempDir()
	if n, err := ClearStages(filepath.Join(dir, "no job yet")); n != 0 || err != nil {
		t.Errorf("a job without a directory: got %d, %v", n, err)
	}
	r := &recorder{dir: dir}
	if err := r.publish(dir, "2026-11-24", "new"); err != nil {
		t.Fatal(err)
	}
	kept := tree(t, dir)
	for _, id := range []string{"killed", "also killed"} {
		if _, err := r.stageRun(dir, "2026-11-24", id); err != nil {
			t.Fatal(err)
		}
	}
	// Killed while it replaced latest.json.
	r.failAt = 0
	if err := os.WriteFile(filepath.Join(dir, stagePrefix+latestName), []byte("hal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := ClearStages(dir); n != 3 || err != nil {
		t.Errorf("got %d, %v, want 3 removed", n, err)
	}
	if got := tree(t, dir); !slices.Equal(got, kept) {
		t.Errorf("left %q, want %q", got, kept)
	}
	if n, err := ClearStages(dir); n != 0 || err != nil {
		t.Errorf("again: got %d, %v", n, err)
	}
	file := filepath.Join(dir, "latest.json")
	if _, err := ClearStages(file); err == nil {
		t.Error("a file passes for the directory of a job")
	}
}

// TestPublished: only a directory with the marker is a published run; anything
// else in its place is an error, since this program never leaves it.
func TestPublished(t *testing.T) {
	for name, tt := range map[string]struct {
		make      func(t *testing.T, run string)
		published bool
		fails     string
	}{
		"nothing": {make: func(t *testing.T, run string) {}},
		"other runs of the day": {make: func(t *testing.T, run string) {
			mkdir(t, filepath.Join(filepath.Dir(run), "run=other"))
		}},
		"a whole run": {make: func(t *testing.T, run string) {
			mkdir(t, run)
			write(t, filepath.Join(run, "_SUCCESS"))
		}, published: true},
		"a directory without the marker": {make: func(t *testing.T, run string) {
			mkdir(t, run)
			write(t, filepath.Join(run, "manifest.json"))
		}, fails: "stands there without _SUCCESS"},
		"an empty directory": {make: func(t *testing.T, run string) { mkdir(t, run) }, fails: "stands there without _SUCCESS"},
		"a file": {make: func(t *testing.T, run string) {
			mkdir(t, filepath.Dir(run))
			write(t, run)
		}, fails: "not a directory"},
		"a link that leads nowhere": {make: func(t *testing.T, run string) {
			mkdir(t, filepath.Dir(run))
			if err := os.Symlink("nowhere", run); err != nil {
				t.Fatal(err)
			}
		}, fails: "stands there without _SUCCESS"},
	} {
		job := t.TempDir()
		tt.make(t, filepath.Join(job, "date=2026-11-24", "run=new"))
		got, err := Published(job, "2026-11-24", "new")
		if got != tt.published || (err != nil) != (tt.fails != "") || err != nil && !strings.Contains(err.Error(), tt.fails) {
			t.Errorf("%s: got %v, %v, want %v and an error with %q", name, got, err, tt.published, tt.fails)
		}
	}
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestLatestIsWhole reads latest.json while it is replaced: it is always there,
// and always one content or another.
func TestLatestIsWhole(t *testing.T) {
	dir := t.TempDir()
	content := func(i int) []byte { return []byte(strings.Repeat(fmt.Sprintf("%04d ", i), 5000)) }
	// What a killed run left does not stand in the way.
	if err := os.WriteFile(filepath.Join(dir, stagePrefix+latestName), []byte("hal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteLatest(dir, filepath.Join(dir, "run"), content(0), 0o600); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			text, err := os.ReadFile(filepath.Join(dir, latestName))
			if err != nil || len(text) != 25_000 || strings.Count(string(text), string(text[:5])) != 5000 {
				t.Errorf("read %d bytes, %v", len(text), err)
				return
			}
		}
	})
	for i := range 100 {
		if err := WriteLatest(dir, filepath.Join(dir, "run"), content(i), 0o600); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	if got := tree(t, dir); len(got) != 1 {
		t.Errorf("left %d files, want latest.json alone", len(got))
	}
}
