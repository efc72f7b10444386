package jobs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hundred writes a list of so many rows, of whom the first no said no.
func (p *place) hundred(rows, no int) {
	p.t.Helper()
	consents, list := "profile_id:string  consents.marketing.email.val:string\n", "profile_id:string  email:string\n"
	for i := range rows {
		choice := "y"
		if i < no {
			choice = "n"
		}
		consents += fmt.Sprintf("p%d  %s\n", i, choice)
		list += fmt.Sprintf("p%d  p%d@mail.example\n", i, i)
	}
	p.table("consents.parquet", consents, 0)
	p.table("vip.parquet", list, 0)
}

// TestDropChange: a list that is kept far more or far less than in the runs
// before is refused, until somebody has looked.
func TestDropChange(t *testing.T) {
	const gate = "gate max_drop_change: vip: "
	p := newPlace(t)
	for _, c := range []struct {
		date     string
		rows, no int
		accept   bool
		want     string
	}{
		{"2026-11-01", 100, 20, false, ""},
		{"2026-11-02", 100, 60, false, ""}, // nothing to compare with yet
		{"2026-11-03", 99, 10, false, ""},  // too few rows to say anything
		{"2026-11-04", 100, 22, false, ""},
		{"2026-11-05", 100, 71, false, gate + "71% of the rows not kept; in the last 3 runs 20% to 60%, limit 10% to 70%"},
		{"2026-11-05", 100, 9, false, gate + "9% of the rows not kept; in the last 3 runs 20% to 60%, limit 10% to 70%"},
		{"2026-11-05", 99, 1, false, ""},
		{"2026-11-05", 100, 10, false, ""},
		{"2026-11-05", 100, 70, false, ""},
		{"2026-11-06", 100, 81, true, ""},
		{"2026-11-06", 100, 82, false, ""}, // what was accepted is a measure, too
	} {
		p.hundred(c.rows, c.no)
		_, err := p.run(t.Context(), func(o *Options) {
			o.Date = c.date
			o.Accept = []string{"max_shrink"}
			if c.accept {
				o.Accept = append(o.Accept, "max_drop_change:vip")
			}
		})
		var refusal *Refusal
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s, %d of %d: got error %v, want %q", c.date, c.no, c.rows, err, c.want)
		}
	}
}

// TestDropChangeNeedsSummaries: a summary that cannot be read is no reason to
// publish unseen; a run that is half deleted is.
func TestDropChangeNeedsSummaries(t *testing.T) {
	p := newPlace(t)
	first, err := p.run(t.Context(), func(o *Options) { o.Date = "2026-11-01" })
	if err != nil {
		t.Fatal(err)
	}
	summary := filepath.Join(first.Path, "summary.json")
	if err := os.WriteFile(summary, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.run(t.Context(), func(o *Options) { o.Date = "2026-11-02" }); err == nil || !strings.Contains(err.Error(), "read the summaries of earlier runs") {
		t.Errorf("a damaged summary: got error %v", err)
	}
	if err := os.Remove(summary); err != nil {
		t.Fatal(err)
	}
	if _, err := p.run(t.Context(), func(o *Options) { o.Date = "2026-11-02" }); err != nil {
		t.Errorf("a summary that is gone: got error %v", err)
	}
}

// TestDropChangeOfAChannel: a list that went to another channel is another list.
func TestDropChangeOfAChannel(t *testing.T) {
	p := newPlace(t)
	for _, day := range []string{"01", "02", "03"} {
		p.hundred(100, 10)
		if _, err := p.run(t.Context(), func(o *Options) { o.Date = "2026-11-" + day }); err != nil {
			t.Fatal(err)
		}
	}
	p.write("job.yaml", strings.NewReplacer("channel: email", "channel: commercial_email", "key: profile_id", "key: profile_id\n  layout: columns\n  columns: {marketing.commercialEmail.val: consents.marketing.email.val}").Replace(sound))
	p.hundred(100, 90)
	if _, err := p.run(t.Context(), func(o *Options) { o.Date = "2026-11-04" }); err != nil {
		t.Error(err)
	}
}
