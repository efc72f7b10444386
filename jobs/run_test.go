package jobs

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"optout/writers"
	"optout/writers/parquettest"
)

const (
	someConsents = `profile_id:string  consents.marketing.email.val:string
a                  y
b                  n
c                  y
`
	someList = `profile_id:string  email:string
a                  a@mail.example
b                  b@mail.example
c                  c@mail.example
`
)

// place is a directory with a job and its inputs.
type place struct {
	t   *testing.T
	dir string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{t, t.TempDir()}
	p.write("job.yaml", sound)
	p.table("consents.parquet", someConsents, 0)
	p.table("vip.parquet", someList, 0)
	return p
}

func (p *place) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) table(name, text string, groupRows int) {
	p.t.Helper()
	if err := parquettest.Write(filepath.Join(p.dir, name), text, parquettest.Options{GroupRows: groupRows}); err != nil {
		p.t.Fatal(err)
	}
}

// run runs the job with options that change may set.
func (p *place) run(ctx context.Context, change func(*Options)) (*Result, error) {
	p.t.Helper()
	j, err := Load(filepath.Join(p.dir, "job.yaml"))
	if err != nil {
		p.t.Fatal(err)
	}
	o := Options{Now: parseAt(p.t, "2026-11-24T10:00:00Z"), Threads: 2, Log: slog.New(slog.DiscardHandler), Version: "test"}
	if change != nil {
		change(&o)
	}
	return Run(ctx, j, o)
}

// checkNothing makes sure that a run which failed left nothing but the lock and
// its history.
func (p *place) checkNothing() {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.dir, "out", "nightly"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		p.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != ".lock" && e.Name() != "attempts" {
			p.t.Errorf("%s is left", e.Name())
		}
	}
}

// once calls do at the first progress of a stage.
func once(stage string, do func()) func(*Options) {
	var first sync.Once
	return func(o *Options) {
		o.Progress = func(at string, _, _ int64) {
			if at == stage {
				first.Do(do)
			}
		}
	}
}

var stages = []string{"reading send lists", "reading consents", "writing audiences"}

func TestRunPublishes(t *testing.T) {
	p := newPlace(t)
	r, err := p.run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Summary.Total; got != (writers.Counts{Planned: 3, Kept: 2, Dropped: 1}) || !r.Published || r.Already {
		t.Errorf("got %+v", r)
	}
	again, err := p.run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.Published || !again.Already || again.RunID != r.RunID || again.Summary.Total != r.Summary.Total {
		t.Errorf("the second run: got %+v", again)
	}
}

// TestSendAt: consent is judged when the message goes out: at the end of the
// logical date in the job's zone unless the list says otherwise.
func TestSendAt(t *testing.T) {
	const consents = `profile_id:string  consents.marketing.email.val:string  consents.marketing.email.time:timestamp
a                  y                                    2026-11-14T22:59:00Z
b                  y                                    2026-11-14T23:01:00Z
c                  n                                    2026-11-01T00:00:00Z
`
	const list = `profile_id:string  email:string    at:timestamp
a                  a@mail.example  2026-11-24T00:00:00Z
b                  b@mail.example  2026-11-25T00:00:00Z
c                  c@mail.example  2026-11-24T00:00:00Z
`
	for sendAt, kept := range map[string]int64{"": 1, "2026-11-24T22:00:00Z": 2, "2026-11-25": 0, "at": 1} {
		p := newPlace(t)
		p.table("consents.parquet", consents, 0)
		p.table("vip.parquet", list, 0)
		text := with(t, "policy:\n", "timezone: Europe/Paris\npolicy:\n  valid_for: {email: 10d}\n")
		if sendAt != "" {
			text = strings.Replace(text, "    address", "    send_at: "+sendAt+"\n    address", 1)
		}
		p.write("job.yaml", text)
		r, err := p.run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Summary.Total.Kept; got != kept {
			t.Errorf("send_at %q: %d are kept, want %d", sendAt, got, kept)
		}
	}
}

// TestInputDigests: the manifest has the digest of each file, or says that it
// has none; a run is another one where an input is, either way.
func TestInputDigests(t *testing.T) {
	for _, none := range []bool{false, true} {
		p := newPlace(t)
		if none {
			p.write("job.yaml", with(t, "  path: out\n", "  path: out\n  input_digests: none\n"))
		}
		first, err := p.run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range first.Manifest.Inputs {
			for _, f := range in.Files {
				text, err := os.ReadFile(filepath.Join(p.dir, f.Path))
				if err != nil {
					t.Fatal(err)
				}
				want := fmt.Sprintf("%x", sha256.Sum256(text))
				if none {
					want = ""
				}
				if f.SHA256 != want {
					t.Errorf("none is %v: %s has the digest %q, want %q", none, f.Path, f.SHA256, want)
				}
			}
		}
		p.table("consents.parquet", strings.Replace(someConsents, "c                  y", "c                  n", 1), 0)
		second, err := p.run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if second.RunID == first.RunID || second.Summary.Total.Kept != 1 {
			t.Errorf("none is %v: another answer gave run %s after %s, and %+v", none, second.RunID, first.RunID, second.Summary.Total)
		}
	}
}

// TestRunCancelled cancels at every stage.
func TestRunCancelled(t *testing.T) {
	for _, stage := range stages {
		p := newPlace(t)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := p.run(ctx, once(stage, cancel))
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled while %s: got error %v", stage, err)
		}
		var refusal *Refusal
		if errors.As(err, &refusal) {
			t.Errorf("cancelled while %s: that is no refusal: %v", stage, err)
		}
		p.checkNothing()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := newPlace(t)
	if _, err := p.run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the start: got error %v", err)
	}
	p.checkNothing()
}

// TestRunInputChanges changes an input while the run reads it, in the ways that
// writers do: it must not be taken for what it was.
func TestRunInputChanges(t *testing.T) {
	changes := map[string]func(path string) error{
		"appended to": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString("more")
			return errors.Join(err, f.Close())
		},
		"cut off": func(path string) error { return os.Truncate(path, 100) },
		"removed": os.Remove,
		"replaced": func(path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(path+".new", text, 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
	}
	for what, change := range changes {
		for _, c := range []struct{ stage, file, subject string }{
			{"reading send lists", "consents.parquet", "consents"},
			{"reading consents", "vip.parquet", "vip"},
		} {
			p := newPlace(t)
			_, err := p.run(t.Context(), once(c.stage, func() {
				if err := change(filepath.Join(p.dir, c.file)); err != nil {
					t.Error(err)
				}
			}))
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Gates[0].Name != gateUnreadable || refusal.Gates[0].Subject != c.subject {
				t.Errorf("%s was %s while %s: got error %v, want a refusal", c.file, what, c.stage, err)
			} else if strings.Contains(err.Error(), p.dir) {
				t.Errorf("%s was %s: the error tells of this machine: %v", c.file, what, err)
			}
			p.checkNothing()
		}
	}
}

// TestRunThreads: the same bytes, however many threads fill the files. The list
// is long enough for several of them to write at once.
func TestRunThreads(t *testing.T) {
	p := newPlace(t)
	p.write("job.yaml", with(t, "vip.parquet", "vip", "    address", "    drop_duplicates: false\n    address"))
	var list, consents strings.Builder
	list.WriteString("profile_id:string  email:string\n")
	consents.WriteString("profile_id:string  consents.marketing.email.val:string\n")
	const rows, copies = 20_000, 15
	for i := range rows {
		fmt.Fprintf(&list, "p%d p%d@mail.example\n", i, i)
		if i%10 == 0 {
			fmt.Fprintf(&consents, "p%d %c\n", i, "yyyn"[i/10%4])
		}
	}
	p.table("consents.parquet", consents.String(), 500)
	if err := os.Mkdir(filepath.Join(p.dir, "vip"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.table("vip/00.parquet", list.String(), 9_000)
	text, err := os.ReadFile(filepath.Join(p.dir, "vip", "00.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < copies; i++ {
		p.write(fmt.Sprintf("vip/%02d.parquet", i), string(text))
	}
	var want []writers.Output
	for _, threads := range []int{1, 4} {
		r, err := p.run(t.Context(), func(o *Options) {
			o.Threads, o.Out = threads, filepath.Join(p.dir, fmt.Sprint("out-", threads))
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Summary.Total; got != (writers.Counts{Planned: copies * rows, Kept: copies * rows * 3 / 40, Dropped: copies * rows * 37 / 40}) {
			t.Errorf("%d threads: got %+v", threads, got)
		}
		if want == nil {
			want = r.Manifest.Outputs
		}
		for i, o := range r.Manifest.Outputs {
			if o.Path != "report.html" && o.SHA256 != want[i].SHA256 {
				t.Errorf("%d threads: %s is not what one thread wrote", threads, o.Path)
			}
		}
	}
}

// TestRunLocked: two runs of a job at once are one too many.
func TestRunLocked(t *testing.T) {
	p := newPlace(t)
	_, err := p.run(t.Context(), once("writing audiences", func() {
		if _, err := p.run(t.Context(), nil); !errors.Is(err, ErrLocked) {
			t.Errorf("a run within a run: got error %v", err)
		}
		if _, err := p.run(t.Context(), func(o *Options) { o.DryRun = true }); err != nil {
			t.Errorf("a dry run within a run: got error %v", err)
		}
	}))
	if err != nil {
		t.Error(err)
	}
}
