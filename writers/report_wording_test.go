package writers

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRulesInWords(t *testing.T) {
	there := "there"
	rules := ListRules{
		Category: "transactional", Channel: "line", Terms: Terms{Mode: "opt_in", Default: "p", AcceptBasis: []string{"LI", "VI"}, ValidFor: 36 * time.Hour, Gate: "opt_out"},
		Subscription: "weekly", Requires: []string{"share", "collect"}, SendColumn: "at",
		DropDuplicates: true, DuplicatesBy: []string{"profile", "channel", "column campaign"},
		Screening: []ScreeningRule{
			{Kind: "suppression", Name: "bounces"},
			{Kind: "suppression", Name: "leavers", Bypassed: true},
			{Kind: "suppression", Name: "upload"},
			{Kind: "provider_block", Name: "stop"},
			{Kind: "allowed", Name: "testers"},
			{Kind: "registry", Name: "dnc", Bypassed: true},
			{Kind: "erased", Name: "erased"},
		}, ReachComplaints: true,
		Personal: []PersonalColumn{{Name: "name", Fallback: &there}, {Name: "city"}},
	}
	var got []string
	for _, w := range rules.Words() {
		got = append(got, w.Term+": "+w.Setting+": "+w.Text)
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"Category: transactional: Refusals of marketing do not bind.",
		"None: the channel has no consent of its own.",
		"Consent mode: opt_in: Only a recorded yes",
		"Default: p: Somebody who never answered is read as “asked, answer pending”.",
		"LI, VI: Accepted: legitimate interest, vital interest.",
		"Consent holds: 36\u00a0h: ",
		"Subscription: weekly: ",
		"Further purposes: share, collect: ",
		"Time of sending: column at: ",
		"the same profile, channel and column campaign only",
		"Profile: not required: ", "Shared addresses: do not bind: ",
		"The erased: erased: Who asked", "Suppression lists: bounces, upload: Nobody on one",
		"Provider blocks: stop: ", "Allowed lists: testers: Nobody else",
		"Lists that do not bind: leavers, dnc: They are for marketing.", "Spam complaints: do not bind: ",
		"Personal content: opt_out: For everybody but",
		"column name: Becomes “there”", "column city: Left empty",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("rules do not say %q:\n%s", want, all)
		}
	}
}

// TestScreeningOfNothing: that no list binds is said, too.
func TestScreeningOfNothing(t *testing.T) {
	for _, l := range []ListRules{{}, {Screening: []ScreeningRule{{Kind: "registry", Name: "dnc", Bypassed: true}}}} {
		if got := l.screening()[0]; got.Setting != "none" {
			t.Errorf("%v: got %v, want none", l.Screening, got)
		}
	}
}

func TestChanges(t *testing.T) {
	rules := ListRules{Terms: Terms{Mode: "opt_out", AcceptBasis: []string{"LI", "CT"}, Gate: "opt_in"}}
	for _, test := range []struct {
		terms Terms
		want  []change
	}{
		{Terms{Mode: "opt_out", AcceptBasis: []string{"CT", "LI"}, Gate: "opt_out"}, nil}, // the order of bases says nothing, the list has no personal content
		{Terms{Mode: "opt_in", Default: "n", ValidFor: 24 * time.Hour}, []change{
			{"consent mode", "opt_in", "opt_out"},
			{"default", "n", "no default"},
			{"other legal bases", "none", "CT, LI"},
			{"consent holds", "1 day", "without limit"},
		}},
	} {
		if got := rules.Changes(Jurisdiction{Terms: test.terms}); !reflect.DeepEqual(got, test.want) {
			t.Errorf("changes of %+v: %v, want %v", test.terms, got, test.want)
		}
	}
}
