package consent

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyFacts draws facts as the engine makes them.
func anyFacts(t *rapid.T) (Facts, Rule) {
	flag := func(name string) bool { return rapid.IntRange(0, 5).Draw(t, name) == 0 }
	f := Facts{
		Erased: flag("erased"), NoIdentity: flag("no identity"), MalformedAddress: flag("malformed"), NoAddress: flag("no address"),
		NoProfile: flag("no profile"), Duplicate: flag("duplicate"), Transactional: flag("transactional"), Bound: flag("bound"), SharedOptOut: flag("shared"),
		Any: anyValue(t, "any"), Channel: anyValue(t, "channel"), Identity: anyValue(t, "identity"), Subscription: anyValue(t, "subscription"),
		Personalize: anyValue(t, "personalize").Choice, IdentityPersonalize: anyValue(t, "own personalize").Choice,
		SendAt: rapid.SampledFrom([]int64{-7, 0, 3, testNow}).Draw(t, "send at"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "purposes") {
		f.Purposes = append(f.Purposes, anyValue(t, "purpose").Choice)
	}
	return f, anyRule(t, "rule")
}

func anyRule(t *rapid.T, name string) Rule {
	r := Rule{
		Mode:     Mode(rapid.IntRange(0, 1).Draw(t, name+" mode")),
		Default:  anyValue(t, name+" default").Choice,
		ValidFor: rapid.SampledFrom([]int64{0, 1, testNow}).Draw(t, name+" valid for"),
		Gate:     Gate(rapid.IntRange(0, 1).Draw(t, name+" gate")),
	}
	for _, c := range rapid.SliceOfN(rapid.SampledFrom([]Choice{LI, CT, CP, VI, PI}), 0, 3).Draw(t, name+" accepts") {
		r.AcceptBasis = r.AcceptBasis.With(c)
	}
	return r
}

// TestJudgeLaws: what must hold of every verdict.
func TestJudgeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, rule := anyFacts(t)
		before := f
		v := Judge(&f, rule)
		if v.Decision == NotGranted {
			t.Errorf("neither granted nor refused: %+v under %+v", f, rule)
		}
		if (v.Decision == Kept) != (v.Reasons == 0) {
			t.Errorf("%s with reasons %v", v.Decision, v.Reasons.Append(nil))
		}
		if v.Reasons != 0 && v.Decision != v.Reasons.Primary().Decision() {
			t.Errorf("%s for %s", v.Decision, v.Reasons.Primary())
		}
		if !f.Transactional && v.Bypassed != 0 {
			t.Errorf("marketing bypassed %v", v.Bypassed.Append(nil))
		}
		if again := Judge(&f, rule); again != v || before.Any != f.Any || before.Channel != f.Channel {
			t.Errorf("judging twice gives %+v and %+v", v, again)
		}
		// Adding an opt-out never makes a row kept, and always stops marketing.
		for name, level := range map[string]*Value{"any": &f.Any, "channel": &f.Channel, "identity": &f.Identity, "subscription": &f.Subscription} {
			old := *level
			*level = Restrict(old, Value{N, NoTime, 0})
			stricter := Judge(&f, rule)
			if stricter.Decision == Kept && v.Decision != Kept {
				t.Errorf("kept only once %s says no: %+v", name, f)
			}
			if stricter.Decision == Kept && !f.Transactional && (name != "subscription" || f.Bound) {
				t.Errorf("kept although %s says no: %+v", name, f)
			}
			*level = old
		}
		// So does a fact against the row itself.
		for name, flag := range map[string]*bool{"erased": &f.Erased, "malformed": &f.MalformedAddress, "no address": &f.NoAddress, "duplicate": &f.Duplicate} {
			old := *flag
			*flag = true
			if got := Judge(&f, rule); got.Decision == Kept || got.Reasons&v.Reasons != v.Reasons {
				t.Errorf("%s and still %s, reasons %v before and %v after", name, got.Decision, v.Reasons.Append(nil), got.Reasons.Append(nil))
			}
			*flag = old
		}
	})
}

// TestBothLaws: of two rules that bind both must permit, in whatever order.
func TestBothLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, rule := anyFacts(t)
		a, b, c := Judge(&f, rule), Judge(&f, anyRule(t, "second")), Judge(&f, anyRule(t, "third"))
		both := Both(a, b)
		if got, want := both.Decision == Kept, a.Decision == Kept && b.Decision == Kept; got != want {
			t.Errorf("%s and %s make %s", a.Decision, b.Decision, both.Decision)
		}
		if both.Reasons != a.Reasons|b.Reasons || both.Bypassed != a.Bypassed|b.Bypassed || both.Generic != (a.Generic || b.Generic) {
			t.Errorf("%+v and %+v make %+v", a, b, both)
		}
		if both.Reasons != 0 && both.Decision != both.Reasons.Primary().Decision() {
			t.Errorf("%s for %s", both.Decision, both.Reasons.Primary())
		}
		if got := Both(a, a); got != a {
			t.Errorf("not idempotent: %+v becomes %+v", a, got)
		}
		if got := Both(b, a); got != both {
			t.Errorf("not commutative: %+v and %+v", got, both)
		}
		if got, want := Both(a, Both(b, c)), Both(both, c); got != want {
			t.Errorf("not associative: %+v and %+v", got, want)
		}
		if got := Both(a, Verdict{}); got.Decision == Kept || got.Decision == NotGranted && a.Reasons != 0 {
			t.Errorf("%s and not granted make %s", a.Decision, got.Decision)
		}
		if both.Reasons != 0 && !slices.ContainsFunc([]Verdict{a, b}, func(one Verdict) bool {
			return one.Reasons != 0 && one.Reasons.Primary() == both.Reasons.Primary() && one.Level == both.Level
		}) {
			t.Errorf("level %d of %+v and %+v", both.Level, a, b)
		}
	})
}
