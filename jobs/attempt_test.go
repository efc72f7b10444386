package jobs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"optout/jobs/history"
)

// TestRunHistory: every end of a run is written down, with the exit status that
// the command has for it.
func TestRunHistory(t *testing.T) {
	p := newPlace(t)
	due := parseAt(t, "2026-11-24T09:59:00Z")
	interrupted, cancel := context.WithCancel(t.Context())
	ends := []struct {
		status history.Status
		exit   int
		run    func() error
	}{
		{history.Interrupted, 130, func() error {
			_, err := p.run(interrupted, once("reading consents", cancel))
			return err
		}},
		{history.Refused, 3, func() error {
			p.table("consents.parquet", "profile_id:string  consents.marketing.email.val:string\na y\n", 0)
			_, err := p.run(t.Context(), func(o *Options) { o.By, o.Due, o.Host = history.BySchedule, due, "host" })
			return err
		}},
		{history.Refused, 3, func() error {
			_, err := p.run(t.Context(), once("reading consents", func() {
				if err := os.Remove(filepath.Join(p.dir, "vip.parquet")); err != nil {
					t.Error(err)
				}
			}))
			p.table("vip.parquet", someList, 0)
			return err
		}},
		{history.Failed, 1, func() error {
			p.table("consents.parquet", someConsents, 0)
			latest := filepath.Join(p.dir, "out", "nightly", "latest.json")
			p.write("out/nightly/latest.json", "{")
			_, err := p.run(t.Context(), nil)
			return errors.Join(err, os.Remove(latest))
		}},
		{history.Failed, 1, func() (err error) {
			defer func() { err = errors.New(recover().(string)) }()
			_, err = p.run(t.Context(), func(o *Options) { o.Step = func(string) { panic("a bug") } })
			return err
		}},
		{history.Failed, 1, func() error {
			_, err := p.run(t.Context(), once("writing audiences", func() { panic("somebody@example.com") }))
			if err != nil && (!strings.Contains(err.Error(), "write send list vip: this is a bug") || strings.Contains(err.Error(), "somebody")) {
				t.Errorf("got %q for a panic of a worker", err)
			}
			return err
		}},
		{history.Published, 0, func() error {
			_, err := p.run(t.Context(), func(o *Options) { o.Accept = []string{"max_invalid"} })
			return err
		}},
		{history.Already, 0, func() error {
			_, err := p.run(t.Context(), nil)
			return err
		}},
	}
	for i, e := range ends {
		if err := e.run(); (err == nil) != e.status.Good() {
			t.Errorf("%s: got error %v", e.status, err)
		}
		all, err := history.Read(filepath.Join(p.dir, "out", "nightly"))
		if err != nil || len(all) != i+1 {
			t.Fatalf("%s: got %d attempts, error %v", e.status, len(all), err)
		}
		a := all[i]
		if a.Status != e.status || a.Exit == nil || *a.Exit != e.exit || a.FinishedAt == nil || (a.Error == "") != e.status.Good() {
			t.Errorf("%s: got %+v", e.status, a)
		}
		if e.status.Good() && (a.Summary == nil || a.Summary.Total.Planned != 3 || a.RunID == "" || a.Path != "date=2026-11-24/run="+a.RunID || len(a.Inputs) != 2) {
			t.Errorf("%s: got %+v", e.status, a)
		}
		if e.status == history.Refused && (len(a.Gates) == 0 || len(a.Inputs) != 2) {
			t.Errorf("%s: got gates %+v and inputs %+v", e.status, a.Gates, a.Inputs)
		}
		if by := map[bool]history.Starter{true: history.BySchedule, false: history.ByHand}[i == 1]; a.By != by || (i == 1) != (a.Due != nil && a.Due.Equal(due) && a.Host == "host") {
			t.Errorf("attempt %d: started by %q, due %v, on %q", i+1, a.By, a.Due, a.Host)
		}
	}
}
