package oracle

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// vector is one of the worked cases that come with the consent rules.
type vector struct {
	ID       int
	Note     string
	Channel  string
	Category string
	Mode     string
	Default  *string
	Accept   []string `json:"accept_basis"`
	Bound    bool     `json:"subscription_bound"`
	Consents struct{ Any, Channel, Identity, Subscription *string }
	Want     struct{ Decision, Reason string }
}

var fieldOf = map[string]string{"email": "marketing.email", "sms": "marketing.sms", "direct_mail": "marketing.postalMail"}

// TestVectors holds the rules in SQL against the worked cases.
func TestVectors(t *testing.T) {
	content, err := os.ReadFile("testdata/consent.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); cases++ {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		got := judgeVector(t, v)
		if want := (outcome{v.Want.Decision, v.Want.Reason}); got != want {
			t.Errorf("case %d, %s: got %+v, want %+v", v.ID, v.Note, got, want)
		}
	}
	if cases < 38 {
		t.Errorf("%d cases, want all 38", cases)
	}
}

type outcome struct{ decision, reason string }

func judgeVector(t *testing.T, v vector) outcome {
	t.Helper()
	d, err := openDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var subscription any
	if v.Bound {
		subscription = "newsletter"
	}
	field, namespace, address := fieldOf[v.Channel], "Email", "a@b.example"
	if v.Channel == "sms" {
		namespace, address = "Phone", "+33612345678"
	}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	must(d.insert("setting", []any{true, true, false, false, false, false}))
	must(d.insert("send_list", []any{0, "list", v.Channel, v.Category, subscription, at, true, true, true, false, nil, nil, nil}))
	must(d.exec("INSERT INTO channel_policy VALUES (0, ?, ?, ?, ?)", v.Channel, v.Mode, v.Default, v.Accept))
	must(d.insert("planned_input", []any{0, 0, "p1", address, nil, nil}))
	for _, a := range [][]any{
		{1, "p1", "marketing.any", nil, nil, nil, v.Consents.Any, at, nil},
		{1, "p1", field, nil, nil, nil, v.Consents.Channel, at, nil},
		{1, "p1", field, namespace, address, nil, v.Consents.Identity, at, nil},
		{1, "p1", field, nil, nil, "newsletter", v.Consents.Subscription, at, nil},
	} {
		must(d.insert("answer_input", a))
	}
	must(d.judge())
	var decision string
	var reason *string
	must(d.db.QueryRow("SELECT decision, reason FROM verdict").Scan(&decision, &reason))
	return outcome{decision, *cmp.Or(reason, new(string))}
}
