package pipeline

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// TestVectors judges the shared test vectors through the code path of a run:
// tables in, verdicts out.
func TestVectors(t *testing.T) {
	file, err := os.Open("../testdata/consent.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	count := 0
	for lines.Scan() {
		var v struct {
			ID                int
			Note              string
			Channel, Category string
			Mode, Default     string
			AcceptBasis       []string `json:"accept_basis"`
			Bound             bool     `json:"subscription_bound"`
			Consents          map[string]string
			Want              struct{ Decision, Reason string }
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		count++
		t.Run(v.Note, func(t *testing.T) {
			value := func(level string) string {
				if text, ok := v.Consents[level]; ok {
					return text
				}
				return null
			}
			mode := consent.OptIn
			if v.Mode == "opt_out" {
				mode = consent.OptOut
			}
			row := consentRow{id: "p1", any: value("any"), email: value("channel"), personalize: null, share: null, time: 5}
			if text := value("identity"); text != null {
				row.identities = []identityRow{{"Email", "A@example.com", text, null}}
			}
			if text := value("subscription"); text != null {
				row.subscriptions = []subscriptionRow{{"news", text}}
			}
			w := &world{
				consents: []consentRow{row},
				lists: []testList{{
					name: "list", transactional: v.Category == "transactional", bound: v.Bound,
					rows: []listRow{{"p1", "a@example.com", null}},
				}},
				rules: map[string]testRule{"": {mode: mode, fallback: v.Default, accept: v.AcceptBasis}},
			}
			got, err := verdicts(w.plan(cutting{part: 10, batch: 10}, 1, memory.DefaultAllocator))
			if err != nil {
				t.Fatal(err)
			}
			verdict := got[0][0]
			reason := ""
			if verdict.Reasons != 0 {
				reason = verdict.Reasons.Primary().String()
			}
			if verdict.Decision.String() != v.Want.Decision || reason != v.Want.Reason {
				t.Errorf("vector %d: got %s %q, want %s %q", v.ID, verdict.Decision, reason, v.Want.Decision, v.Want.Reason)
			}
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if count < 38 {
		t.Errorf("read %d vectors, want at least 38", count)
	}
}
