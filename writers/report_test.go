package writers

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestReportGolden(t *testing.T) {
	got := page(t, sampleReport())
	const golden = "testdata/report.golden.html"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("report differs from %s; run the test with -update, look at the page and commit it", golden)
	}
}

func TestReportSameBytes(t *testing.T) {
	want := page(t, sampleReport())
	for range 10 {
		if got := page(t, sampleReport()); !bytes.Equal(got, want) {
			t.Fatal("the same report gave other bytes")
		}
	}
}

func TestReportShowsWhatMatters(t *testing.T) {
	text := string(page(t, sampleReport()))
	for _, want := range []string{
		"Of 6,395,816 planned messages <b>4,679,219</b> may be sent, <b>1,694,949</b> were dropped, <b>21,648</b> were quarantined.",
		"1 safety gate overridden by hand", "ACCEPTED BY HAND", "not within 26\u00a0h",
		"EmailNoConsent 050101", "SMSNoConsent 050104", "PushNoValidTokenFoundForApps 050031",
		`the value <code>&#34;ja\u200b&#34;</code>`, "consents.idSpecific",
		"default: <code>dn</code> in place of <code>no default</code>",
		"Of those that may be sent, 1 is on a registry and exempted from it.",
		"<code>line 17 of lists/suppression.csv</code>; <code>line 19 of lists/suppression.csv</code>; and 20 more.",
		"301,224 messages were kept although a rule on marketing would have dropped them",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("report does not say %q", want)
		}
	}
}

func TestReportOfNothing(t *testing.T) {
	m := &Manifest{RunID: "r", Job: "j", Date: "2026-11-25"}
	zero := ListSummary{Name: "empty", Channel: "sms", Category: "marketing", Generic: new(int64), Bypass: &Bypass{}}
	refused := sampleList("all-refused", "email", "marketing", 7, map[string][2]int64{"erased": {7, 7}, "duplicate": {0, 3}})
	long := make([]ListSummary, 40)
	for i := range long {
		long[i] = sampleList(strings.Repeat(fmt.Sprintf("list-%d-", i), 40), "push", "marketing", 1, nil)
	}
	for name, lists := range map[string][]ListSummary{
		"no list": nil, "no row": {zero}, "nobody kept": {refused}, "one row each of 40 long names": long,
		"huge": {sampleList("huge", "email", "marketing", math.MaxInt64, map[string][2]int64{
			"erased": {1, 1}, "opt_out_all": {math.MaxInt64 - 2, math.MaxInt64 - 1},
		})},
	} {
		t.Run(name, func(t *testing.T) {
			r := &Report{Manifest: m, Summary: &Summary{Lists: lists, Total: total(lists)}}
			for _, l := range lists {
				r.Rules = append(r.Rules, ListRules{List: l.Name})
			}
			text := page(t, r)
			for _, wrong := range []string{"NaN", "Inf", "&lt;nil&gt;", "%!", "-9,223", "−9,223"} {
				if bytes.Contains(text, []byte(wrong)) {
					t.Errorf("report contains %q", wrong)
				}
			}
			checkMarkup(t, text)
		})
	}
}

func TestReportRefusesWhatDoesNotAddUp(t *testing.T) {
	for name, spoil := range map[string]func(*Report){
		"no manifest":             func(r *Report) { r.Manifest = nil },
		"no summary":              func(r *Report) { r.Summary = nil },
		"rules missing":           func(r *Report) { r.Rules = r.Rules[1:] },
		"rules in another order":  func(r *Report) { r.Rules[0], r.Rules[1] = r.Rules[1], r.Rules[0] },
		"a kept row too many":     func(r *Report) { r.Summary.Lists[0].Kept++ },
		"less than nothing":       func(r *Report) { c := &r.Summary.Lists[2].Counts; c.Kept, c.Dropped = c.Kept+4, -1 },
		"another total":           func(r *Report) { r.Summary.Total.Planned++; r.Summary.Total.Kept++ },
		"a reason too many":       func(r *Report) { r.Summary.Lists[0].Reasons[0].Rows++ },
		"a quarantined too many":  func(r *Report) { r.Summary.Lists[1].Reasons[0].Rows++; r.Manifest.Outputs = nil },
		"a reason of another set": func(r *Report) { r.Summary.Lists[1].Reasons[0].Decision = "dropped" },
		"a reason that keeps": func(r *Report) {
			r.Summary.Lists[1].Reasons[0] = ReasonCount{Decision: "kept", Reason: "erased", Listed: 1}
		},
		"a row read and lost":    func(r *Report) { r.Manifest.Inputs[6].Rows++ },
		"a row in no audience":   func(r *Report) { *r.Manifest.Outputs[0].Rows-- },
		"a row in no ledger":     func(r *Report) { *r.Manifest.Outputs[1].Rows-- },
		"a row in no quarantine": func(r *Report) { *r.Manifest.Outputs[2].Rows-- },
	} {
		r := sampleReport()
		spoil(r)
		if _, err := r.HTML(); err == nil {
			t.Errorf("%s: report was made", name)
		}
	}
}

// TestReportLedgerOfAll allows a ledger that has the kept rows as well.
func TestReportLedgerOfAll(t *testing.T) {
	for _, test := range []struct {
		rows, kept int64
		all        bool
	}{{10, 7, true}, {3, 7, false}, {3, 0, false}} {
		l := sampleList("l", "email", "marketing", test.kept+3, map[string][2]int64{"erased": {3, 3}})
		r := &Report{Manifest: &Manifest{Outputs: []Output{written("ledger", "l", test.rows)}}}
		if c, err := r.crossCheck(l); err != nil || c.LedgerOfAll != test.all {
			t.Errorf("ledger of %d rows where %d were kept: of all is %v, %v", test.rows, test.kept, c.LedgerOfAll, err)
		}
	}
}

func TestReportAges(t *testing.T) {
	day, week, future := float64(86400), float64(7*86400), float64(-7200)
	gate := Gate{Name: "max_age", Subject: "refused"}
	for _, test := range []struct {
		in     Input
		words  string
		tooOld bool
	}{
		{Input{}, "not known", false},
		{Input{MaxAge: &day}, "not known", true},
		{Input{Age: &day, MaxAge: &day}, "24\u00a0h", false},
		{Input{Age: &week, MaxAge: &day}, "7\u00a0d", true},
		{Input{Age: &week}, "7\u00a0d", false},
		{Input{Age: &future, MaxAge: &day}, "2\u00a0h after the start", false},
		{Input{Name: "refused", Age: &future, MaxAge: &day}, "2\u00a0h after the start", true},
	} {
		m := &Manifest{Gates: []Gate{gate}}
		if got := (inputView{Input: test.in}).AgeWords(); got != test.words {
			t.Errorf("age reads %q, want %q", got, test.words)
		}
		if got := m.tooOld(test.in); got != test.tooOld {
			t.Errorf("%s of at most %v: too old is %v", test.words, test.in.MaxAge, got)
		}
	}
}

func TestReportHidesNoOverride(t *testing.T) {
	for name, change := range map[string]func(*Manifest){
		"2 safety gates overridden by hand": func(m *Manifest) { m.Gates[3].Passed, m.Gates[3].Accepted = false, true },
		"1 safety gate did not pass":        func(m *Manifest) { m.Gates[3].Passed = false },
		"Overrides without a reading":       func(m *Manifest) { m.Accepted = append(m.Accepted, "max_invalid:consents") },
	} {
		r := sampleReport()
		change(r.Manifest)
		if text := page(t, r); !bytes.Contains(text, []byte(name)) {
			t.Errorf("report does not say %q", name)
		}
	}
}

func page(t *testing.T, r *Report) []byte {
	t.Helper()
	text, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
