package jobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"optout/pipeline/consent"
	"optout/writers"
)

// A Difference is what changed between two runs of a job.
type Difference struct {
	Job    string           `json:"job"`
	Before RunName          `json:"before"`
	After  RunName          `json:"after"`
	Lists  []ListDifference `json:"lists"`

	runs    [2]*pastRun
	changed []listChanges
}

// RunName says which run.
type RunName struct {
	RunID string `json:"run_id"`
	Date  string `json:"date"`
	Path  string `json:"path"`
}

// A ListDifference counts the planned rows of a list by what became of them. A
// row is the same recipient in both runs where profile id and address are.
type ListDifference struct {
	List        string          `json:"list"`
	Before      *writers.Counts `json:"before"` // null where the run has no such list
	After       *writers.Counts `json:"after"`
	Same        int64           `json:"same"`        // planned twice, with the same outcome
	Changed     int64           `json:"changed"`     // planned twice, with two outcomes
	Appeared    int64           `json:"appeared"`    // planned only later
	Disappeared int64           `json:"disappeared"` // planned only before
	Moves       []Move          `json:"moves"`       // of all but the same, the most frequent first
}

// A Move counts the rows that went from one outcome to another: kept, or the
// primary reason of a refusal; "" where the row was not planned.
type Move struct {
	Before string `json:"before"`
	After  string `json:"after"`
	Rows   int64  `json:"rows"`
}

// Diff compares two runs of one job that hashed addresses with the same key.
// Paths are as in FindRun. It takes 24 bytes for each row of one list in both
// runs, one list after the other, and 12 for each row that changed.
func Diff(ctx context.Context, before, after string, hashKey []byte) (*Difference, error) {
	d := &Difference{Lists: []ListDifference{}}
	for i, path := range []string{before, after} {
		r, err := openPastRun(path, "", hashKey)
		if err != nil {
			return nil, err
		}
		d.runs[i] = r
		*[]*RunName{&d.Before, &d.After}[i] = RunName{r.manifest.RunID, r.manifest.Date, r.dir}
	}
	a, b := d.runs[0], d.runs[1]
	d.Job = b.manifest.Job
	if a.manifest.Job != d.Job {
		return nil, &UsageError{fmt.Errorf("compare runs: one is of job %s, the other of %s", a.manifest.Job, d.Job)}
	}
	for _, list := range d.listNames() {
		if err := d.compare(ctx, list); err != nil {
			return nil, fmt.Errorf("compare list %s: %w", list, err)
		}
	}
	return d, nil
}

// listNames are the lists of both runs, those of the later one first.
func (d *Difference) listNames() (names []string) {
	for _, r := range []*pastRun{d.runs[1], d.runs[0]} {
		for i := range r.summary.Lists {
			if name := r.summary.Lists[i].Name; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (d *Difference) compare(ctx context.Context, list string) error {
	l := ListDifference{List: list, Moves: []Move{}}
	var rows [2][]outcomeRow
	for i, r := range d.runs {
		if r.list(list) == nil {
			continue
		}
		counts := r.counts(list)
		*[]**writers.Counts{&l.Before, &l.After}[i] = &counts
		var err error
		if rows[i], err = r.outcomes(ctx, list); err != nil {
			return err
		}
	}
	changes := listChanges{list: list}
	moves := map[[2]outcome]int64{}
	matchRows(rows[0], rows[1], func(a, b *outcomeRow) {
		switch {
		case a == nil:
			l.Appeared++
			moves[[2]outcome{notPlanned, b.outcome}]++
			changes.after = append(changes.after, change{b.row, notPlanned, b.outcome})
		case b == nil:
			l.Disappeared++
			moves[[2]outcome{a.outcome, notPlanned}]++
			changes.before = append(changes.before, change{a.row, a.outcome, notPlanned})
		case a.outcome == b.outcome:
			l.Same++
		default:
			l.Changed++
			moves[[2]outcome{a.outcome, b.outcome}]++
			changes.after = append(changes.after, change{b.row, a.outcome, b.outcome})
		}
	})
	for pair, n := range moves {
		l.Moves = append(l.Moves, Move{pair[0].String(), pair[1].String(), n})
	}
	slices.SortFunc(l.Moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(y.Rows, x.Rows), cmp.Compare(x.Before, y.Before), cmp.Compare(x.After, y.After))
	})
	d.Lists = append(d.Lists, l)
	d.changed = append(d.changed, changes)
	return nil
}

// outcome is what became of a planned row: kept, or the primary reason.
type outcome uint8

const (
	notPlanned  outcome = iota
	wasKept             // the next are the reasons, by their number
	firstReason outcome = iota
)

func (o outcome) String() string {
	switch o {
	case notPlanned:
		return ""
	case wasKept:
		return consent.Kept.String()
	}
	return consent.Reason(o - firstReason).String()
}

// outcomeWords are the outcomes by their names.
func outcomeWords() map[string]outcome {
	words := map[string]outcome{}
	for o := wasKept; o < firstReason+outcome(consent.NumReasons); o++ {
		words[o.String()] = o
	}
	return words
}
