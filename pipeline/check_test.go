package pipeline

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// TestPlanCheck: a plan that would find nobody's answers is refused before a row
// is read, and so is what could only panic later.
func TestPlanCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(p *Plan)
		want   string // "" where the plan is sound
	}{
		{"sound", func(p *Plan) {}, ""},
		{"no profile column", func(p *Plan) { p.Lists[0].Profile = NoColumn }, ""}, // people are found by their address
		{"no profile column, and no addresses in the profiles", func(p *Plan) {
			p.Lists[0].Profile, p.Profiles.Addresses = NoColumn, nil
		}, "send list list has no key by which a consent input could be matched"},
		{"no profile column, consents by address", func(p *Plan) {
			p.Lists[0].Profile, p.Profiles.Addresses, p.Consents[0].Key.Kind = NoColumn, nil, identity.Email
		}, ""},
		{"no profile column, consents by another kind of address", func(p *Plan) {
			p.Lists[0].Profile, p.Profiles, p.Consents[0].Key.Kind = NoColumn, nil, identity.Phone
		}, "no key by which"},
		{"profile ids, and consents by another kind of address", func(p *Plan) { p.Consents[0].Key.Kind = identity.Phone }, "no key by which"},
		{"no profile column, and profiles with another kind of address", func(p *Plan) {
			p.Lists[0].Profile, p.Profiles.Addresses[0].Kind = NoColumn, identity.Phone
		}, "no key by which"},
		{"no profile column, transactional", func(p *Plan) {
			p.Lists[0].Profile, p.Profiles.Addresses, p.Lists[0].Transactional = NoColumn, nil, true
		}, ""},
		{"no consents", func(p *Plan) { p.Consents = nil }, ""}, // the job's business
		{"no address column", func(p *Plan) { p.Lists[0].Address = NoColumn }, "no address column, which channel email needs"},
		{"direct mail", func(p *Plan) { p.Lists[0].Kind, p.Lists[0].Address = identity.None, NoColumn }, ""},
		{"direct mail without profiles", func(p *Plan) { p.Lists[0].Kind, p.Lists[0].Profile = identity.None, NoColumn }, "no profile column, and channel email no addresses"},
		{"no rule", func(p *Plan) { p.Lists[0].Rule = nil }, "send list list has no rule"},
		{"profiles required", func(p *Plan) { p.Lists[0].RequireProfile, p.Profiles = true, nil }, "requires profiles, and there are none"},
		{"as many inputs as can be", func(p *Plan) { p.Consents = make([]Consents, 256) }, ""},
		{"too many inputs", func(p *Plan) { p.Consents = make([]Consents, 257) }, "more than 256 consent inputs"},
		{"two mistakes", func(p *Plan) { p.Lists[0].Rule = nil; p.Consents = make([]Consents, 257) }, "more than 256 consent inputs\nsend list list has no rule"},
	}
	for _, tt := range tests {
		p := onePerson(testRule{}, consentRow{email: "y"}).plan(whole, 1, memory.DefaultAllocator)
		tt.change(p)
		switch err := p.check(); {
		case tt.want == "" && err != nil:
			t.Errorf("%s: got %v, want no error", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	p := onePerson(testRule{}).plan(whole, 1, memory.DefaultAllocator)
	p.Lists[0].Rule = nil
	if _, err := Decide(context.Background(), p); err == nil {
		t.Error("recipients of an unsound plan were read")
	}
}

// TestNoVerdictBeforeFacts: rows that nobody judged are not written, and a
// snapshot that was not read to its end judges nobody.
func TestNoVerdictBeforeFacts(t *testing.T) {
	ctx := context.Background()
	w := onePerson(testRule{mode: consent.OptOut}, consentRow{email: "y"})
	p := w.plan(whole, 1, memory.DefaultAllocator)
	var out outputs
	if err := emit(ctx, p, 0, newVerdicts(1), out.all(), unitRows, newSeats(p)); !errors.Is(err, errNotDecided) || len(out.audience.rows) > 0 {
		t.Errorf("a row without a verdict: got %v and %q", err, out.audience.rows)
	}
	p.Consents[0].Table.Parts = []Part{{Rows: 2}}
	if r, err := Decide(ctx, p); err == nil {
		t.Errorf("a part with a row too few was read: %+v", r.Counts[0])
	}
}

// TestTimesOfSending: a row's own time, the list's where it has none.
func TestTimesOfSending(t *testing.T) {
	w := onePerson(testRule{mode: consent.OptIn, validFor: 100}, consentRow{email: "y", time: 1000})
	w.lists[0].times = true
	row := w.lists[0].rows[0]
	w.lists[0].rows = []listRow{row, row, row, row}
	for i, at := range []int64{1100, 1101, 0, 5} {
		w.lists[0].rows[i].at = at
	}
	p := w.plan(whole, 1, memory.DefaultAllocator)
	p.Lists[0].SendAll = epoch + 1100
	want := "kept[] dropped[consent_expired] kept[] kept[]"
	if got := strings.Join(outcomes(t, p), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.Lists[0].SendAll = epoch + 1101
	want = "kept[] dropped[consent_expired] dropped[consent_expired] kept[]"
	if got := strings.Join(outcomes(t, p), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
