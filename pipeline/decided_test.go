package pipeline

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// TestDecided: what a run remembers of a row is all that it knew, for every
// decision, choice and kind of evidence; what it never set is no permission.
func TestDecided(t *testing.T) {
	verdictOf := map[consent.Decision]consent.Verdict{
		consent.NotGranted:  {},
		consent.Kept:        {Decision: consent.Kept},
		consent.Dropped:     {Decision: consent.Dropped, Reasons: reasons(consent.Erased, consent.Duplicate)},
		consent.Quarantined: {Decision: consent.Quarantined, Reasons: reasons(consent.MalformedAddress)},
	}
	v, row := newVerdicts(1000), int64(0)
	if got := v.at(0).decision(); got != consent.NotGranted {
		t.Errorf("a row that nobody judged is %s", got)
	}
	for decision, verdict := range verdictOf {
		for choice := consent.Absent; choice <= consent.N; choice++ {
			for kind := foundNothing; kind <= foundDefault; kind++ {
				for _, generic := range []bool{false, true} {
					e := finding{kind: kind, field: 300, source: 255, choice: choice, time: consent.NoTime + int64(kind)}
					if choice == consent.Invalid {
						e.text = "ja"
					}
					row++
					w := v.writer()
					w.set(row, verdict, generic, e)
					w.flush()
					d := v.at(row)
					if d.decision() != decision || d.why() != verdict.Reasons || d.generic() != generic {
						t.Errorf("%s, generic %v: got %s, %v, generic %v", decision, generic, d.decision(), d.why().Append(nil), d.generic())
					}
					if got := v.finding(row); got != e {
						t.Errorf("got %+v, want %+v", got, e)
					}
				}
			}
		}
	}
}

// TestDecideCancelled: a run that was stopped while it judged has no verdicts.
func TestDecideCancelled(t *testing.T) {
	p := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y"}).plan(whole, 1, memory.DefaultAllocator)
	f := factsOf(t, p)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := f.decide(ctx, newRun(p)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	for _, stage := range []Stage{StageRecipients, StageProfiles, StageConsents} {
		ctx, cancel := context.WithCancel(context.Background())
		p.Progress = func(s Stage, _ int64) {
			if s == stage {
				cancel()
			}
		}
		if r, err := Decide(ctx, p); !errors.Is(err, context.Canceled) || r != nil {
			t.Errorf("cancelled while %s: got %v", stage, err)
		}
		cancel()
	}
}

// TestRowsLost: a list of which a row came in no part has no verdicts.
func TestRowsLost(t *testing.T) {
	for of := 1; of < 4; of++ {
		p := partedWorld(4).plan(cutting{part: 2, batch: 2}, 1, memory.DefaultAllocator)
		p.Lists[0].Keys.Parts = []Part{{FirstRow: 0, Rows: 2}, {FirstRow: 3, Rows: 2}}
		if _, err := decide(context.Background(), p, of); err == nil || !strings.Contains(err.Error(), "send list list does not balance: planned 5 is not") {
			t.Errorf("%d partitions: got %v", of, err)
		}
	}
}
