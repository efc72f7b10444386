package pipeline

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

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
			row := consentRow{id: "p1", any: value("any"), time: 5}
			list := testList{
				name: "list", transactional: v.Category == "transactional", bound: v.Bound, mail: v.Channel == "direct_mail",
				rows: []listRow{{profile: "p1", address: "a@example.com", campaign: null}},
			}
			if list.mail {
				row.mail = value("channel")
			} else { // the rules are the same for every channel that has an address
				row.email = value("channel")
			}
			if text := value("identity"); text != null {
				row.identities = []identityRow{{namespace: "Email", id: "A@example.com", email: text}}
			}
			if text := value("subscription"); text != null {
				row.subscriptions = []subscriptionRow{{"news", text}}
			}
			w := &world{
				inputs: []testInput{{name: "consents", rows: []consentRow{row}}},
				lists:  []testList{list},
				rules:  map[string]testRule{"": {mode: mode, fallback: v.Default, accept: v.AcceptBasis}},
			}
			got := decisions(t, w, whole, 1)[0][0]
			reason := got[decisionColumn+1]
			if reason == null {
				reason = ""
			}
			if got[decisionColumn] != v.Want.Decision || reason != v.Want.Reason {
				t.Errorf("vector %d: got %s %q, want %s %q", v.ID, got[decisionColumn], reason, v.Want.Decision, v.Want.Reason)
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
