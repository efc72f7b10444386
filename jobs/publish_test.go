package jobs

import (
	"testing"

	"optout/pipeline"
	"optout/pipeline/consent"
	"optout/writers"
)

// TestBalance: a file with a row more or less than there are verdicts is never
// published.
func TestBalance(t *testing.T) {
	c := &pipeline.Counts{Planned: 10}
	c.Decisions[consent.Kept], c.Decisions[consent.Dropped], c.Decisions[consent.Quarantined] = 6, 3, 1
	for _, tt := range []struct {
		all                          bool
		audience, ledger, quarantine int64
		want                         string
	}{
		{false, 6, 4, 1, ""},
		{true, 6, 10, 1, ""},
		{false, 7, 4, 1, "send list vip does not balance: audience has 7 rows, not 6"},
		{false, 5, 4, 1, "send list vip does not balance: audience has 5 rows, not 6"},
		{false, 6, 3, 1, "send list vip does not balance: ledger has 3 rows, not 4"},
		{true, 6, 4, 1, "send list vip does not balance: ledger has 4 rows, not 10"},
		{false, 6, 4, 0, "send list vip does not balance: quarantine has 0 rows, not 1"},
	} {
		r := &run{prepared: &prepared{plan: &pipeline.Plan{LedgerAll: tt.all, Lists: []pipeline.List{{Name: "vip", Personalize: pipeline.NoField}}}}}
		err := r.balance(0, c, []writers.Output{
			{Path: "audience", Rows: &tt.audience}, {Path: "ledger", Rows: &tt.ledger}, {Path: "quarantine", Rows: &tt.quarantine},
		})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%d, %d and %d rows: got error %q, want %q", tt.audience, tt.ledger, tt.quarantine, got, tt.want)
		}
	}
}
