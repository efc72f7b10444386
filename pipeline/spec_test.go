package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
)

// verdict is what the specification says of one row.
type verdict struct {
	decision string
	reasons  []string // in order of severity
	generic  bool
}

// specify is the specification of a verdict, written the slow obvious way from
// the contract and sharing no code with the engine.
func specify(w *world, list, i int) verdict {
	l, row, r := w.lists[list], w.lists[list].rows[i], w.rules[""]
	person, address, country, exists, gone := w.specPerson(row)
	if rule, ok := w.rules[country]; ok {
		r = rule
	}
	anyV, channel := w.answer(person, func(c consentRow) string { return c.any }), w.answer(person, func(c consentRow) string { return c.email })
	own := w.identityAnswer(person, address, func(d identityRow) string { return d.email })
	levels := []said{anyV, channel, own}
	if l.bound {
		levels = append(levels, w.subscriptionAnswer(person))
	}
	refused := map[string]bool{
		"erased": gone, "no_identity": person == "", "malformed_address": address == "bad", "no_address": address == "",
		"no_profile": w.requireProfile && !exists, "duplicate": l.duplicates && w.isDuplicate(list, i),
	}
	marketing := map[string]bool{}
	for k, name := range []string{"opt_out_all", "opt_out_channel", "opt_out_identity", "opt_out_subscription"}[:len(levels)] {
		yields := k == 0 && anyV.val == "dn" && (channel.class() == "yes" || own.class() == "yes")
		marketing[name] = levels[k].class() == "no" && !yields
		marketing["consent_invalid"] = marketing["consent_invalid"] || levels[k].class() == "invalid"
	}
	for k, v := range read(levels) {
		reason := r.permits(v)
		if k == 0 && v.val == "" { // nobody said anything: the default stands in
			d := said{r.fallback, sendAt}
			if reason = r.permits(d); reason != "" || d.class() == "no" {
				reason = "consent_missing"
			}
		}
		if reason != "" {
			marketing[reason] = true
		}
	}
	share := w.answer(person, func(c consentRow) string { return c.share })
	refused["purpose_denied"] = l.requires && share.class() != "yes" && !slices.Contains(r.accept, share.val)
	marketing["no_profile"] = refused["no_profile"]
	if l.transactional {
		refused["no_profile"], marketing = false, nil
	}
	v := verdict{decision: "kept", generic: !w.specPersonal(person, address, r)}
	for _, name := range severity {
		if refused[name] || marketing[name] {
			v.reasons = append(v.reasons, name)
		}
	}
	if len(v.reasons) > 0 {
		v.decision = "dropped"
		if v.reasons[0] == "no_identity" || v.reasons[0] == "malformed_address" {
			v.decision = "quarantined"
		}
	}
	return v
}

var severity = strings.Fields(`erased suppressed_address suppressed_domain not_allowed no_identity
	malformed_address no_address invalid_token opt_out_all opt_out_channel opt_out_identity
	opt_out_subscription opt_out_shared registry consent_invalid consent_expired consent_pending
	consent_unknown consent_basis consent_missing purpose_denied no_profile frequency_cap duplicate`)

// said is one answer, "" for none.
type said struct {
	val  string
	time int64
}

func (s said) class() string {
	switch s.val {
	case "":
		return "absent"
	case "y", "dy":
		return "yes"
	case "n", "dn":
		return "no"
	case "p", "u":
		return "open"
	case "LI", "CT", "CP", "VI", "PI", "several":
		return "basis"
	}
	return "invalid"
}

// read returns the governing value and each finer value present, no and invalid
// left to the levels.
func read(levels []said) []said {
	anyV, channel, own := levels[0], levels[1], levels[2]
	out := []said{channel}
	switch {
	case channel.val != "" && own.val != "":
		out = append(out, own)
	case channel.val == "" && own.val != "":
		out[0] = own
	case channel.val == "":
		out[0] = anyV
	}
	if len(levels) > 3 && levels[3].val != "" {
		out = append(out, levels[3])
	}
	return out
}

// permits is the table of modes; "" permits, or is a no or invalid value, which
// the levels judge.
func (r testRule) permits(v said) string {
	switch c := v.class(); {
	case c == "yes" && r.validFor > 0 && v.time == consent.NoTime, c == "yes" && r.validFor > 0 && sendAt-v.time > r.validFor:
		return "consent_expired"
	case c == "yes", c == "no", c == "invalid", r.mode == consent.OptOut:
		return ""
	case v.val == "p":
		return "consent_pending"
	case v.val == "u":
		return "consent_unknown"
	case c == "basis" && slices.Contains(r.accept, v.val):
		return ""
	case c == "basis":
		return "consent_basis"
	}
	return "consent_missing"
}

// specPerson is what the row and the profiles say.
func (w *world) specPerson(row listRow) (person, address, country string, exists, gone bool) {
	if row.profile != null && row.profile != "0" {
		person = row.profile
	}
	switch address = strings.ToLower(strings.TrimSpace(row.address)); {
	case row.address == null:
		address = ""
	case address != "" && !strings.Contains(address, "@"):
		address = "bad"
	}
	for _, p := range w.profiles {
		if p.id == person && person != "" {
			exists, gone = true, gone || p.erased
			if p.country != null {
				country = p.country
			}
		}
	}
	return person, address, country, exists, gone
}

func (w *world) specPersonal(person, address string, r testRule) bool {
	own := w.identityAnswer(person, address, func(d identityRow) string { return d.personalize }).class()
	all := w.answer(person, func(c consentRow) string { return c.personalize }).class()
	if own == "no" || own == "invalid" {
		return false
	}
	return all == "yes" || r.gate == consent.GateOptOut && all != "no" && all != "invalid"
}

func (w *world) isDuplicate(list, i int) bool {
	of := func(k, n int) (string, string) {
		_, address, _, _, _ := w.specPerson(w.lists[k].rows[n])
		campaign := w.lists[k].rows[n].campaign
		if campaign == null {
			campaign = fmt.Sprint("\x00list", k)
		}
		return address, campaign
	}
	address, campaign := of(list, i)
	if address == "" || address == "bad" {
		return false
	}
	for k := range w.lists[:list+1] {
		for n := range w.lists[k].rows {
			if k == list && n >= i || !w.lists[k].duplicates {
				continue
			}
			if a, c := of(k, n); a == address && c == campaign {
				return true
			}
		}
	}
	return false
}

func (w *world) answer(person string, get func(consentRow) string) said {
	return w.choose(person, func(c consentRow) []string { return []string{get(c)} })
}

func (w *world) identityAnswer(person, address string, get func(identityRow) string) said {
	if address == "" || address == "bad" {
		return said{}
	}
	return w.choose(person, func(c consentRow) (vals []string) {
		for _, d := range c.identities {
			if strings.EqualFold(d.namespace, "email") && strings.ToLower(d.id) == address {
				vals = append(vals, get(d))
			}
		}
		return vals
	})
}

func (w *world) subscriptionAnswer(person string) said {
	return w.choose(person, func(c consentRow) (vals []string) {
		for _, s := range c.subscriptions {
			if s.list == "news" {
				vals = append(vals, s.val)
			}
		}
		return vals
	})
}

// choose picks one answer among all that the records of a person give.
func (w *world) choose(person string, get func(consentRow) []string) said {
	var all []said
	for _, c := range w.consents {
		if c.id != person || person == "" {
			continue
		}
		for _, val := range get(c) {
			if val = spelled(val); val != "" {
				all = append(all, said{val, c.time})
			}
		}
	}
	if w.latest {
		all = newest(all)
	}
	var best said
	for i, s := range all {
		a, b := slices.Index(restrictiveness, best.val), slices.Index(restrictiveness, s.val)
		both := best.class() == "basis" && s.class() == "basis"
		switch {
		case i == 0 || b > a && !both:
			best = s
		case both && best.val != s.val:
			best = said{"several", min(best.time, s.time)}
		case a == b || both:
			best.time = min(best.time, s.time)
		}
	}
	return best
}

var restrictiveness = []string{"", "y", "dy", "LI", "CT", "CP", "VI", "PI", "several", "u", "p", "dn", "invalid", "n"}

func newest(all []said) (out []said) {
	unknown := func(s said) bool { return s.time == consent.NoTime }
	hard := func(s said) bool { return unknown(s) && (s.class() == "no" || s.class() == "invalid") }
	if slices.ContainsFunc(all, hard) {
		return slices.DeleteFunc(slices.Clone(all), func(s said) bool { return !hard(s) })
	}
	latest := consent.NoTime
	for _, s := range all {
		latest = max(latest, s.time)
	}
	return slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s.time != latest })
}

func spelled(val string) string {
	for _, known := range restrictiveness {
		if strings.EqualFold(val, known) && known != "several" && known != "invalid" {
			return known
		}
	}
	if val == null {
		return ""
	}
	return "invalid"
}

// FuzzVerdict compares the engine with the specification over random worlds,
// cut up in random ways, and checks the laws.
func FuzzVerdict(f *testing.F) {
	f.Add([]byte{})
	for seed := range 200 {
		text := make([]byte, 400)
		for i := range text {
			text[i] = byte((i*i*7 + i*seed*13 + seed*seed*29 + i>>3) >> 1)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		pick := picker(text)
		w := randomWorld(&pick)
		c := cutting{part: 1 + pick.below(7), batch: 1 + pick.below(5), dictionary: pick.below(2) == 1}
		compare(t, w, c, 1+pick.below(4))
	})
}

func compare(t *testing.T, w *world, c cutting, threads int) {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	got, err := verdicts(w.plan(c, threads, mem))
	if err != nil {
		t.Fatal(err)
	}
	for k := range w.lists {
		for i := range w.lists[k].rows {
			want, v := specify(w, k, i), got[k][i]
			var reasons []string
			for _, r := range v.Reasons.Append(nil) {
				reasons = append(reasons, r.String())
			}
			if v.Decision.String() != want.decision || !slices.Equal(reasons, want.reasons) || v.Generic != want.generic {
				t.Fatalf("list %d row %d %q:\n got %s %v generic %v\nwant %s %v generic %v\nworld %+v",
					k, i, w.lists[k].rows[i], v.Decision, reasons, v.Generic, want.decision, want.reasons, want.generic, w)
			}
		}
	}
	checkLaws(t, w, c, threads, got)
}

// checkLaws adds an opt-out, which must not add to any audience, and cleans the
// audiences again, which must drop nobody.
func checkLaws(t *testing.T, w *world, c cutting, threads int, got [][]consent.Verdict) {
	t.Helper()
	stricter := *w
	stricter.consents = append(slices.Clone(w.consents), consentRow{id: "p1", any: "n", email: null, personalize: null, share: null, time: consent.NoTime})
	again, err := verdicts(stricter.plan(c, threads, memory.DefaultAllocator))
	if err != nil {
		t.Fatal(err)
	}
	clean := *w
	clean.lists = slices.Clone(w.lists)
	for k := range w.lists {
		clean.lists[k].rows = nil
		for i, row := range w.lists[k].rows {
			if again[k][i].Decision == consent.Kept && got[k][i].Decision != consent.Kept {
				t.Fatalf("list %d row %d is kept only once somebody opts out", k, i)
			}
			if got[k][i].Decision == consent.Kept {
				clean.lists[k].rows = append(clean.lists[k].rows, row)
			}
		}
	}
	second, err := verdicts(clean.plan(c, threads, memory.DefaultAllocator))
	if err != nil {
		t.Fatal(err)
	}
	for k := range second {
		for i, v := range second[k] {
			if v.Decision != consent.Kept {
				t.Fatalf("list %d row %d of the cleaned audience is %s", k, i, v.Decision)
			}
		}
	}
}

// TestOrderDoesNotShow runs one world in many cuttings and writes nothing twice
// differently: counts and evidence are the same.
func TestOrderDoesNotShow(t *testing.T) {
	text := make([]byte, 600)
	for i := range text {
		text[i] = byte(i*i*31 + i*7)
	}
	pick := picker(text)
	w := randomWorld(&pick)
	var want []string
	for _, c := range []cutting{{1, 1, false}, {3, 2, true}, {100, 100, false}, {7, 3, true}} {
		for _, threads := range []int{1, 2, 5} {
			p := w.plan(c, threads, memory.DefaultAllocator)
			ctx := context.Background()
			run, err := ReadRecipients(ctx, p)
			if err != nil {
				t.Fatal(err)
			}
			if err := run.Match(ctx); err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range p.Lists {
				j := newJudge(p, &p.Lists[i], &run.facts.recipients.lists[i], run.facts)
				for row := range p.Lists[i].Keys.NumRows() {
					if v := j.row(row); v.Reasons != 0 {
						got = append(got, fmt.Sprint(i, row, v, j.evidence(row, v)))
					}
				}
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("cutting %+v with %d threads:\n got %q\nwant %q", c, threads, got, want)
			}
		}
	}
	if len(want) == 0 {
		t.Error("the world refuses nobody, so it shows nothing")
	}
}
