package writers

import (
	"fmt"
	"strings"
)

// A crossCheck is one list counted again from its files.
type crossCheck struct {
	List        string
	Read        *int64 // rows of the send list; nil where the manifest does not have it
	Reasons     int64  // rows that have a primary reason
	Audience    *int64 // rows of the files written; nil where the run wrote none
	Ledger      *int64
	Quarantine  *int64
	LedgerOfAll bool // the ledger has the kept rows too
}

// balance proves the arithmetic of the report, line by line, and returns what
// it was checked against. A report that does not add up must not be published:
// any difference is an error.
func (r *Report) balance() ([]crossCheck, error) {
	var sum Counts
	checks := make([]crossCheck, 0, len(r.Summary.Lists))
	for _, l := range r.Summary.Lists {
		if err := l.Counts.balance(); err != nil {
			return nil, fmt.Errorf("list %s: %w", l.Name, err)
		}
		sum.Planned += l.Planned
		sum.Kept += l.Kept
		sum.Dropped += l.Dropped
		sum.Quarantined += l.Quarantined
		check, err := r.crossCheck(l)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", l.Name, err)
		}
		checks = append(checks, check)
	}
	if sum != r.Summary.Total {
		return nil, fmt.Errorf("the lists add up to %v, the total is %v", sum, r.Summary.Total)
	}
	return checks, nil
}

func (c Counts) balance() error {
	if min(c.Planned, c.Kept, c.Dropped, c.Quarantined) < 0 || c.Planned != c.Kept+c.Dropped+c.Quarantined {
		return fmt.Errorf("planned %d is not kept %d + dropped %d + quarantined %d", c.Planned, c.Kept, c.Dropped, c.Quarantined)
	}
	return nil
}

func (r *Report) crossCheck(l ListSummary) (crossCheck, error) {
	c := crossCheck{List: l.Name}
	by := map[string]int64{}
	for _, reason := range l.Reasons {
		if reason.Decision != "dropped" && reason.Decision != "quarantined" {
			return c, fmt.Errorf("reason %s does not drop or quarantine, but is %q", reason.Reason, reason.Decision)
		}
		by[reason.Decision] += reason.Rows
		c.Reasons += reason.Rows
	}
	if by["dropped"] != l.Dropped || by["quarantined"] != l.Quarantined {
		return c, fmt.Errorf("the reasons add up to %d dropped and %d quarantined, not %d and %d",
			by["dropped"], by["quarantined"], l.Dropped, l.Quarantined)
	}
	for _, in := range r.Manifest.Inputs {
		if in.Kind == "send_list" && in.Name == l.Name {
			c.Read = &in.Rows
		}
	}
	c.Audience = r.written("audiences", l.Name)
	c.Ledger = r.written("ledger", l.Name)
	c.Quarantine = r.written("quarantine", l.Name)
	c.LedgerOfAll = c.Ledger != nil && *c.Ledger == l.Planned && l.Kept > 0
	for _, same := range []struct {
		what string
		got  *int64
		want int64
	}{
		{"rows of the send list", c.Read, l.Planned},
		{"rows in the audience", c.Audience, l.Kept},
		{"rows in quarantine", c.Quarantine, l.Quarantined},
	} {
		if same.got != nil && *same.got != same.want {
			return c, fmt.Errorf("%d %s, %d expected", *same.got, same.what, same.want)
		}
	}
	if c.Ledger != nil && *c.Ledger != c.Reasons && *c.Ledger != l.Planned {
		return c, fmt.Errorf("%d rows in the ledger, %d expected, or %d with the kept ones", *c.Ledger, c.Reasons, l.Planned)
	}
	return c, nil
}

// written counts the rows of a list's files in one directory of the run, nil
// where it has none there.
func (r *Report) written(dir, list string) *int64 {
	var rows *int64
	for _, out := range r.Manifest.Outputs {
		if out.Rows != nil && strings.HasPrefix(out.Path, dir+"/"+list+"/") {
			if rows == nil {
				rows = new(int64)
			}
			*rows += *out.Rows
		}
	}
	return rows
}
