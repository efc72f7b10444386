package pipeline

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// TestExplainAgrees asks for some rows of many random worlds, and holds what
// Explain says of each against the specification: that it looks at few rows must
// not show.
func TestExplainAgrees(t *testing.T) {
	seen := map[string]int{}
	for seed := range worldSeeds {
		pick := picker(worldText(seed))
		w := randomWorld(&pick)
		mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
		p := w.plan(randomCutting(&pick), 1+pick.below(3), mem)
		rows := make([][]int64, len(p.Lists))
		asked := 0
		for k := range w.lists {
			for i := range w.lists[k].rows {
				if pick.below(3) == 0 {
					rows[k] = append(rows[k], int64(i))
					asked++
				}
			}
		}
		accounts, err := Explain(context.Background(), p, rows)
		if err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
		if len(accounts) != asked {
			t.Fatalf("world %d: %d accounts, want %d", seed, len(accounts), asked)
		}
		for i := range accounts {
			checkAccount(t, w, seed, &accounts[i], seen)
		}
		mem.AssertSize(t, 0)
	}
	for r := range consent.NumReasons {
		if r != consent.FrequencyCap && r != consent.InvalidToken && seen[r.String()] == 0 { // worlds have no devices
			t.Errorf("no row was refused for %s", r)
		}
	}
	for _, answer := range []Answer{NotAsked, Passes, Lifted, Bypassed, Refuses} {
		if seen["rule "+answer.String()] == 0 {
			t.Errorf("no rule answered %s", answer)
		}
	}
	if seen["duplicate of"] == 0 {
		t.Error("no row was told of which it is a duplicate")
	}
}

func checkAccount(t *testing.T, w *world, seed int, a *Account, seen map[string]int) {
	t.Helper()
	k := slices.IndexFunc(w.lists, func(l testList) bool { return l.name == a.List })
	want := specify(w, k, int(a.Row))
	at := "world " + strconv.Itoa(seed) + ", " + a.List + ", row " + strconv.FormatInt(a.Row, 10)
	var reasons []string
	for _, r := range a.Reasons {
		reasons = append(reasons, r.String())
		seen[r.String()]++
	}
	if a.Decision.String() != want.decision || !slices.Equal(reasons, want.reasons) {
		t.Errorf("%s: %s for %q, want %s for %q", at, a.Decision, reasons, want.decision, want.reasons)
	}
	evidence := want.evidence
	if len(want.reasons) > 0 && evidence.time != consent.NoTime {
		evidence.time += epoch
	}
	if len(want.reasons) == 0 {
		evidence.time = consent.NoTime
	}
	if got := a.Evidence; got.Source != evidence.source || got.Field != evidence.field || got.Value != evidence.value || got.Time != evidence.time {
		t.Errorf("%s: evidence %+v, want %+v", at, got, evidence)
	}
	if want.decision == "kept" && w.lists[k].personal && a.Generic != want.generic {
		t.Errorf("%s: generic is %v, want %v", at, a.Generic, want.generic)
	}
	for _, rule := range a.Rules {
		seen["rule "+rule.Answer.String()]++
		if refuses := slices.Contains(a.Reasons, rule.Reason); refuses != (rule.Answer == Refuses) {
			t.Errorf("%s: the rule on %s %s, and its reason is in the verdict: %v", at, rule.Reason, rule.Answer, refuses)
		}
		if len(a.Reasons) > 0 && rule.Reason == a.Reasons[0] && rule.Evidence != a.Evidence {
			t.Errorf("%s: the rule on %s has the evidence %+v, the verdict %+v", at, rule.Reason, rule.Evidence, a.Evidence)
		}
	}
	if is := slices.Contains(a.Reasons, consent.Duplicate); is != (a.Duplicate != nil) {
		t.Errorf("%s: a duplicate: %v, of the row %v", at, is, a.Duplicate)
	}
	if a.Duplicate != nil {
		seen["duplicate of"]++
	}
}
