package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"optout/jobs"
	"optout/writers"
)

// baseRun publishes the job of testdata/base and returns the directory of the
// run.
func baseRun(t *testing.T, edits ...string) (dir, run string) {
	t.Helper()
	dir = t.TempDir()
	mustDo(layBase(dir))
	job := filepath.Join(dir, "job.yaml")
	text, err := os.ReadFile(job)
	mustDo(err)
	text = []byte(strings.NewReplacer(edits...).Replace(string(text)))
	mustDo(os.WriteFile(job, text, 0o600))
	runOptout(t, demoDate, "run", job)
	run, err = latestRun(filepath.Join(dir, "out", "nightly-marketing"))
	mustDo(err)
	return dir, run
}

// change replaces a text in a file of a run.
func change(t *testing.T, run, name, old, text string) {
	t.Helper()
	path := filepath.Join(run, filepath.FromSlash(name))
	was, err := os.ReadFile(path)
	mustDo(err)
	if !bytes.Contains(was, []byte(old)) {
		t.Fatalf("%s has no %q", name, old)
	}
	mustDo(os.WriteFile(path, bytes.Replace(was, []byte(old), []byte(text), 1), 0o600))
}

// seal gives the manifest the digests of the files as they are now, as somebody
// would who wants to hide what was changed.
func seal(run string) {
	m, _, err := writers.ReadRun(run)
	mustDo(err)
	for i := range m.Outputs {
		o := &m.Outputs[i]
		path := filepath.Join(run, filepath.FromSlash(o.Path))
		text, err := os.ReadFile(path)
		mustDo(err)
		o.Bytes, o.SHA256 = int64(len(text)), writers.TextOutput("", text).SHA256
	}
	text, err := m.JSON()
	mustDo(err)
	mustDo(os.WriteFile(filepath.Join(run, "manifest.json"), text, 0o600))
}

// TestVerifyFindsTampering changes a run in many ways. Each must be found, and
// the finding must name the file.
func TestVerifyFindsTampering(t *testing.T) {
	const audience, ledger, quarantine = "audiences/black-friday/part-00000.parquet", "ledger/black-friday/part-00000.parquet", "quarantine/black-friday/part-00000.parquet"
	at := func(run, name string) string { return filepath.Join(run, filepath.FromSlash(name)) }
	tests := []struct {
		name string
		do   func(t *testing.T, run string)
		want []string // each a file and what is said of it
	}{
		{"a ledger", func(t *testing.T, run string) { change(t, run, ledger, "opt_out_channel", "opt_out_channeI") }, []string{
			ledger + " has another SHA-256",
		}},
		{"an audience", func(t *testing.T, run string) { change(t, run, audience, "@mail.example", "@mail.exampel") }, []string{audience + " has another SHA-256"}},
		{"an audience that is longer", func(_ *testing.T, run string) {
			f, err := os.OpenFile(at(run, audience), os.O_APPEND|os.O_WRONLY, 0)
			mustDo(err)
			_, err = f.WriteString("more")
			mustDo(err)
			mustDo(f.Close())
		}, []string{audience + " has ", audience + " cannot be read"}},
		{"a quarantine that is gone", func(_ *testing.T, run string) { mustDo(os.Remove(at(run, quarantine))) }, []string{quarantine + " is not there"}},
		{"an audience for a quarantine", func(_ *testing.T, run string) {
			text, err := os.ReadFile(at(run, audience))
			mustDo(err)
			mustDo(os.WriteFile(at(run, quarantine), text, 0o600))
			seal(run)
		}, []string{quarantine + " has 2 rows, the manifest says 1", quarantine + " cannot be read"}},
		{"a ledger of another list", func(_ *testing.T, run string) {
			text, err := os.ReadFile(at(run, "ledger/flash-sms/part-00000.parquet"))
			mustDo(err)
			mustDo(os.WriteFile(at(run, ledger), text, 0o600))
			seal(run)
		}, []string{ledger + " has 2 rows, the manifest says 7", ledger + " row 0 is of another run", ledger + " has opt_out_all for 0 rows"}},
		{"a summary", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"kept": 2`, `"kept": 3`)
			seal(run)
		}, []string{"summary.json list black-friday does not balance", audience + " does not balance", "summary.parquet does not say", "summary.json the total"}},
		{"a reason in the summary", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"reason": "opt_out_channel"`, `"reason": "opt_out_all"`)
			seal(run)
		}, []string{ledger + " has opt_out_channel for", "summary.parquet does not say"}},
		{"the rows of a reason in the summary", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"rows": 1`, `"rows": 2`)
			seal(run)
		}, []string{"summary.json list black-friday does not balance: its reasons", ledger + " has ", "summary.parquet does not say"}},
		{"how often a reason is listed", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"listed": 1`, `"listed": 2`)
			seal(run)
		}, []string{ledger + " lists "}},
		{"a reason of the quarantine", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"reason": "malformed_address"`, `"reason": "no_identity"`)
			seal(run)
		}, []string{quarantine + " has malformed_address for 1 rows", ledger + " has malformed_address for 1 rows", "summary.parquet does not say"}},
		{"a summary that is no JSON", func(t *testing.T, run string) {
			change(t, run, "summary.json", "{", "")
		}, []string{"summary.json has ", "summary.json cannot be read"}},
		{"a summary of another run", func(t *testing.T, run string) {
			change(t, run, "summary.json", `"logical_date": "2026-11-24"`, `"logical_date": "2026-11-25"`)
			seal(run)
		}, []string{"summary.json is of run ", "summary.parquet does not say"}},
		{"a send list in the manifest", func(t *testing.T, run string) {
			m, _, err := writers.ReadRun(run)
			mustDo(err)
			i := slices.IndexFunc(m.Inputs, func(in writers.Input) bool { return in.Name == "black-friday" })
			m.Inputs[i].Rows++
			text, err := m.JSON()
			mustDo(err)
			mustDo(os.WriteFile(at(run, "manifest.json"), text, 0o600))
		}, []string{"summary.json list black-friday: 9 rows planned, the send list has 10"}},
		{"a file besides", func(_ *testing.T, run string) {
			mustDo(os.WriteFile(at(run, "audiences/black-friday/part-00001.parquet"), nil, 0o600))
		}, []string{"audiences/black-friday/part-00001.parquet is no file of the run"}},
		{"a link besides", func(_ *testing.T, run string) { mustDo(os.Symlink("report.html", at(run, "index.html"))) }, []string{"index.html is no file of the run"}},
		{"a link for a file", func(_ *testing.T, run string) {
			mustDo(os.Rename(at(run, "report.html"), at(run, "../report.html")))
			mustDo(os.Symlink("../report.html", at(run, "report.html")))
		}, []string{"report.html is no regular file"}},
		{"the marker", func(_ *testing.T, run string) { mustDo(os.Remove(at(run, "_SUCCESS"))) }, []string{"_SUCCESS is not there"}},
		{"a marker that says something", func(_ *testing.T, run string) { mustDo(os.WriteFile(at(run, "_SUCCESS"), []byte("x"), 0o600)) }, []string{"_SUCCESS is no empty file"}},
		{"a path out of the run", func(t *testing.T, run string) {
			change(t, run, "manifest.json", `"path": "`+audience, `"path": "../../../../job.yaml`)
		}, []string{"../../../../job.yaml lies outside the run", audience + " is no file of the run", "manifest.json has no " + audience}},
	}
	_, published := baseRun(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "copy")
			mustDo(os.CopyFS(run, os.DirFS(published)))
			tt.do(t, run)
			var out, log bytes.Buffer
			if status := runAt(t.Context(), time.Now(), []string{"verify", "--json", run}, &out, &log, nil); status != statusFailed {
				t.Errorf("exit status %d, want %d", status, statusFailed)
			}
			var v jobs.Verification
			if err := json.Unmarshal(out.Bytes(), &v); err != nil {
				t.Fatalf("%v\n%s%s", err, &out, &log)
			}
			if v.Holds {
				t.Error("the run holds")
			}
			var found []string
			for _, f := range v.Findings {
				found = append(found, f.File+" "+f.What)
			}
			for _, want := range tt.want {
				if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, want) }) {
					t.Errorf("no finding %q; found:\n%s", want, strings.Join(found, "\n"))
				}
			}
			for _, f := range found {
				if !slices.ContainsFunc(tt.want, func(want string) bool { return strings.HasPrefix(f, strings.Fields(want)[0]) }) {
					t.Errorf("a finding about another file: %q", f)
				}
			}
		})
	}
}
