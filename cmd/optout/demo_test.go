package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
	"optout/writers"
)

// builtReasons are the primary reasons that this version gives. Of the others
// the demo has none; one that is built next belongs here and into the demo.
var builtReasons = []string{
	"erased", "suppressed_address", "suppressed_domain", "no_identity", "malformed_address", "no_address", "opt_out_all", "opt_out_channel",
	"opt_out_identity", "opt_out_subscription", "opt_out_shared", "registry", "consent_invalid", "consent_expired", "consent_pending",
	"consent_unknown", "consent_basis", "consent_missing", "purpose_denied", "no_profile", "duplicate",
}

func demoDir(parts ...string) string {
	return filepath.Join(append([]string{"..", "..", "testdata", "demo"}, parts...)...)
}

// demoRun is a published run and what the program said.
type demoRun struct {
	out, dir       string
	stdout, stderr string
	summary        *writers.Summary
	manifest       *writers.Manifest
}

// demoDate is the day of the demo's snapshots.
const demoDate = "2026-11-24"

// runDemo runs a job of the name demo on some day, for a new directory or for
// one where it is published.
func runDemo(t *testing.T, job, out, date string, flags ...string) *demoRun {
	t.Helper()
	stdout, stderr := runOptout(t, date, append([]string{"run", job, "--out", out}, flags...)...)
	if err := checkRuns(out); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(out, "demo", "date=*", "run=*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("published runs: %q, %v; want one", found, err)
	}
	r := &demoRun{out: out, dir: found[0], stdout: stdout, stderr: stderr}
	if r.manifest, r.summary, err = writers.ReadRun(r.dir); err != nil {
		t.Fatal(err)
	}
	return r
}

// firstRun publishes the demo in a new directory.
func firstRun(t *testing.T, flags ...string) *demoRun {
	t.Helper()
	return runDemo(t, demoDir("job.yaml"), filepath.Join(t.TempDir(), "out"), demoDate, flags...)
}

// runOptout runs the program at eight in the morning of a day; it must succeed.
func runOptout(t *testing.T, date string, args ...string) (stdout, stderr string) {
	t.Helper()
	t.Setenv(hashKeyVariable, "")
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	var told, logged bytes.Buffer
	if status := runAt(context.Background(), at.Add(8*time.Hour), args, &told, &logged, nil); status != statusPublished {
		t.Fatalf("status %d of optout %s\n%s%s", status, strings.Join(args, " "), &told, &logged)
	}
	return told.String(), logged.String()
}

func TestDemoSummary(t *testing.T) {
	r := firstRun(t)
	got, err := os.ReadFile(filepath.Join(r.dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("..", "..", "testdata", "golden", "demo-summary.json")
	if *updateScripts {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("summary.json:\n%s\nwant, as in %s:\n%s\nA change that is meant: go test ./cmd/optout -run Demo -update", got, golden, want)
	}
}

func TestDemoShowsEveryReason(t *testing.T) {
	rows := map[string]int64{}
	bypassed := int64(0)
	for _, l := range firstRun(t).summary.Lists {
		for _, r := range l.Reasons {
			rows[r.Reason] += r.Rows
		}
		if l.Bypass != nil {
			bypassed += l.Bypass.Rows
		}
	}
	for _, reason := range builtReasons {
		if rows[reason] < 3 {
			t.Errorf("%s is the primary reason of %d rows; want a few", reason, rows[reason])
		}
		delete(rows, reason)
	}
	if len(rows) > 0 {
		t.Errorf("reasons that are not in builtReasons: %v", rows)
	}
	if bypassed == 0 {
		t.Error("no transactional row passed a refusal of marketing consent")
	}
}

// TestDemoShares makes sure that opt-outs follow an email address and a
// telephone, also where they are not the only reason.
func TestDemoShares(t *testing.T) {
	rows, listed := map[string]int64{}, map[string]int64{}
	for _, l := range firstRun(t).summary.Lists {
		for _, r := range l.Reasons {
			if r.Reason == "opt_out_shared" {
				rows[l.Channel] += r.Rows
				listed[l.Channel] += r.Listed
			}
		}
	}
	for _, channel := range []string{"email", "sms"} {
		if rows[channel] < 10 || listed[channel] < rows[channel]+3 {
			t.Errorf("%s: opt_out_shared is the primary reason of %d rows and listed for %d; want a dozen, and more", channel, rows[channel], listed[channel])
		}
		delete(listed, channel)
	}
	if len(listed) > 0 {
		t.Errorf("opt_out_shared on channels whose addresses the profiles do not have: %v", listed)
	}
}

// TestDemoBalances holds summary.json against the files of the run and against
// summary.parquet.
func TestDemoBalances(t *testing.T) {
	r := firstRun(t)
	var total writers.Counts
	var want [][]string
	for _, l := range r.summary.Lists {
		total.Planned += l.Planned
		total.Kept += l.Kept
		total.Dropped += l.Dropped
		total.Quarantined += l.Quarantined
		if l.Planned != l.Kept+l.Dropped+l.Quarantined {
			t.Errorf("%s does not balance: %+v", l.Name, l.Counts)
		}
		refused := l.Dropped + l.Quarantined
		for folder, rows := range map[string]int64{"audiences": l.Kept, "ledger": refused, "quarantine": l.Quarantined} {
			if got := openInput(t, filepath.Join(r.dir, folder, l.Name, "part-00000.parquet")).NumRows(); got != rows {
				t.Errorf("%s of %s: %d rows, want %d", folder, l.Name, got, rows)
			}
		}
		row := func(decision, reason string, rows int64) {
			want = append(want, []string{l.Name, l.Channel, l.Category, decision, reason, fmt.Sprint(rows), fmt.Sprint(l.Planned)})
		}
		row("kept", "(null)", l.Kept)
		for _, of := range l.Reasons {
			if refused -= of.Rows; of.Rows > 0 {
				row(of.Decision, of.Reason, of.Rows)
			}
		}
		if refused != 0 {
			t.Errorf("%s: the primary reasons lack %d refused rows", l.Name, refused)
		}
	}
	if r.summary.Total != total {
		t.Errorf("total %+v, want %+v", r.summary.Total, total)
	}
	got := cells(t, filepath.Join(r.dir, "summary.parquet"), "list", "channel", "category", "decision", "reason", "rows", "planned")
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("summary.parquet:\n%v\nsummary.json:\n%v", got, want)
	}
}

// TestDemoCountsUnknownProfiles reads the gate on unknown profiles, which counts
// transactional rows too: they are sent without knowing who is erased.
func TestDemoCountsUnknownProfiles(t *testing.T) {
	r := firstRun(t)
	transactional := false
	for _, l := range r.summary.Lists {
		unknown := int64(0)
		for _, of := range l.Reasons {
			if of.Reason == "no_profile" {
				unknown += of.Listed
			}
		}
		if l.Bypass != nil {
			for _, of := range l.Bypass.Reasons {
				if of.Reason == "no_profile" {
					unknown += of.Rows
					transactional = true
				}
			}
		}
		want := fmt.Sprintf("%d of ", unknown)
		if !slices.ContainsFunc(r.manifest.Gates, func(g writers.Gate) bool {
			return g.Name == "max_no_profile" && g.Subject == l.Name && strings.HasPrefix(g.Reading, want)
		}) {
			t.Errorf("gate max_no_profile of %s does not read %q...", l.Name, want)
		}
	}
	if !transactional {
		t.Error("no transactional row without a profile")
	}
}

func openInput(t *testing.T, path string) *readers.Input {
	t.Helper()
	files, err := readers.Find(path)
	if err != nil {
		t.Fatal(err)
	}
	in, err := readers.Open(context.Background(), files, readers.Options{}, memory.NewGoAllocator())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// cells reads columns of text or integers, null as (null).
func cells(t *testing.T, path string, columns ...string) (rows [][]string) {
	t.Helper()
	in := openInput(t, path)
	var leaves []readers.Leaf
	for _, name := range columns {
		leaf, err := in.Leaf(readers.Key, name)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leaf)
	}
	eachRecord(t, in.Table(leaves...), func(r arrow.Record) {
		for i := range int(r.NumRows()) {
			var row []string
			for _, c := range r.Columns() {
				row = append(row, strings.Clone(c.ValueStr(i))) // the record takes its memory back
			}
			rows = append(rows, row)
		}
	})
	return rows
}

func eachRecord(t *testing.T, table *readers.Table, do func(arrow.Record)) {
	t.Helper()
	for part := range table.NumParts() {
		source, err := table.Open(part)
		if err != nil {
			t.Fatal(err)
		}
		defer source.Close()
		for {
			record, err := source.Next(context.Background())
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			do(record)
			record.Release()
		}
	}
}

// TestDemoHearsEvents: what people said since the snapshots stops messages that
// these would let through, and lets some through that they would stop.
func TestDemoHearsEvents(t *testing.T) {
	r := firstRun(t)
	rows := 0
	for _, l := range r.summary.Lists {
		for _, row := range cells(t, filepath.Join(r.dir, "ledger", l.Name, "part-00000.parquet"), "source") {
			if row[0] == "events/*.ndjson" {
				rows++
			}
		}
	}
	i := slices.IndexFunc(r.manifest.Inputs, func(in writers.Input) bool { return in.Events != nil })
	if i < 0 {
		t.Fatal("no log of events in the manifest")
	}
	e := r.manifest.Inputs[i].Events
	if rows < 20 || e.Rows < int64(rows)/2 || e.Bad != 0 || e.Oldest == nil || e.Newer == nil || *e.Newer == 0 {
		t.Errorf("%d rows refused by an event, manifest %+v; want dozens, some newer than the snapshots", rows, e)
	}
}
