package pipeline

import (
	"strings"
	"testing"

	"optout/pipeline/consent"
)

func reasons(all ...consent.Reason) (s consent.Reasons) {
	for _, r := range all {
		s = s.With(r)
	}
	return s
}

// testVerdicts are one of each decision, and transactional ones.
var testVerdicts = []consent.Verdict{
	{Decision: consent.Kept},
	{Decision: consent.Kept, Bypassed: reasons(consent.OptOutAll, consent.NoProfile)},
	{Decision: consent.Dropped, Reasons: reasons(consent.OptOutChannel, consent.Duplicate)},
	{Decision: consent.Dropped, Reasons: reasons(consent.Duplicate)},
	{Decision: consent.Dropped, Reasons: reasons(consent.NoAddress), Bypassed: reasons(consent.OptOutAll)},
	{Decision: consent.Quarantined, Reasons: reasons(consent.MalformedAddress, consent.OptOutChannel)},
}

func TestCounts(t *testing.T) {
	var want Counts
	want.Planned = 6
	want.Decisions = [consent.NumDecisions]int64{consent.Kept: 2, consent.Dropped: 3, consent.Quarantined: 1}
	want.Primary = [consent.NumReasons]int64{consent.OptOutChannel: 1, consent.Duplicate: 1, consent.NoAddress: 1, consent.MalformedAddress: 1}
	want.Listed = [consent.NumReasons]int64{consent.OptOutChannel: 2, consent.Duplicate: 2, consent.NoAddress: 1, consent.MalformedAddress: 1}
	want.Bypassed = [consent.NumReasons]int64{consent.OptOutAll: 1, consent.NoProfile: 1} // of kept rows only
	want.Reprieved = 1
	var all, sum Counts
	for i, v := range testVerdicts {
		all.add(v)
		var one Counts
		one.add(v)
		one.Generic = int64(i)
		sum.merge(&one)
	}
	if all != want {
		t.Errorf("got %+v, want %+v", all, want)
	}
	want.Generic = 15
	if sum != want {
		t.Errorf("merged: got %+v, want %+v", sum, want)
	}
	if err := all.balance(6); err != nil {
		t.Errorf("does not balance: %v", err)
	}
}

// TestBalance: rows that were lost, came twice, or have no decision or no reason
// stop the run.
func TestBalance(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(c *Counts)
		want   string
	}{
		"a row lost":                {func(c *Counts) { c.Planned--; c.Decisions[consent.Kept]-- }, "planned 6 is not kept 1 + dropped 3 + quarantined 1"},
		"a row twice":               {func(c *Counts) { c.add(testVerdicts[0]) }, "planned 6 is not kept 3"},
		"a decision lost":           {func(c *Counts) { c.Decisions[consent.Dropped]-- }, "planned 6 is not"},
		"a decision twice":          {func(c *Counts) { c.Decisions[consent.Kept]++ }, "planned 6 is not"},
		"planned, but not counted":  {func(c *Counts) { c.Planned-- }, "planned 6 is not"},
		"not granted":               {func(c *Counts) { c.Decisions[consent.Kept]--; c.Decisions[consent.NotGranted]++ }, "1 rows were neither granted nor refused"},
		"refused without a reason":  {func(c *Counts) { c.Primary[consent.NoAddress]-- }, "4 rows were refused, 3 have a reason"},
		"kept although for reasons": {func(c *Counts) { c.Primary[consent.NoAddress]++ }, "4 rows were refused, 5 have a reason"},
	} {
		var c Counts
		for _, v := range testVerdicts {
			c.add(v)
		}
		tt.change(&c)
		if err := c.balance(6); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}
