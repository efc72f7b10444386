package jobs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// outcomeRow is what became of a planned row, in 24 bytes. A send list is another
// every night, and its rows move: a row is known by its recipient, whose key is
// half a SHA-256. That two recipients of a list share one is less likely than a
// fault of the machine.
type outcomeRow struct {
	key     [16]byte // of profile id and address hash
	row     uint32
	outcome outcome
}

// outcomes are the rows of a list by key and outcome.
func (r *pastRun) outcomes(ctx context.Context, list string) ([]outcomeRow, error) {
	rows := make([]outcomeRow, 0, r.counts(list).Planned)
	words := outcomeWords()
	var text []byte
	err := r.eachRow(ctx, list, func(p pastRow) error {
		o := wasKept
		if p.ledger != nil && p.ledger.Reason != nil {
			var known bool
			if o, known = words[string(p.ledger.Reason)]; !known {
				return fmt.Errorf("row %d has a reason that this version of optout does not know", p.row)
			}
		}
		// Neither an id nor a hash holds a zero byte; none is not the empty text.
		text = text[:0]
		for _, part := range [][]byte{p.profile, p.addressHash} {
			if part != nil {
				text = append(append(text, 1), part...)
			}
			text = append(text, 0)
		}
		sum := sha256.Sum256(text)
		rows = append(rows, outcomeRow{[16]byte(sum[:]), uint32(p.row), o})
		return nil
	})
	slices.SortFunc(rows, func(a, b outcomeRow) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.outcome, b.outcome), cmp.Compare(a.row, b.row))
	})
	return rows, err
}

// matchRows pairs the rows of two runs: those of one recipient and the same outcome
// first, then those of one recipient as they come. What is left has nil for the
// other.
func matchRows(a, b []outcomeRow, each func(a, b *outcomeRow)) {
	for len(a) > 0 || len(b) > 0 {
		var of [2][]outcomeRow
		switch c := compareKeys(a, b); {
		case c < 0:
			of[0], a = cutKey(a)
		case c > 0:
			of[1], b = cutKey(b)
		default:
			of[0], a = cutKey(a)
			of[1], b = cutKey(b)
		}
		matchRecipient(of[0], of[1], each)
	}
}

// compareKeys compares the first rows; where one side is at its end the other
// comes first.
func compareKeys(a, b []outcomeRow) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return bytes.Compare(a[0].key[:], b[0].key[:])
}

// cutKey parts the rows of the first key from the others.
func cutKey(rows []outcomeRow) (first, rest []outcomeRow) {
	n := 1
	for n < len(rows) && rows[n].key == rows[0].key {
		n++
	}
	return rows[:n], rows[n:]
}

// matchRecipient pairs the rows of one recipient, which are sorted by outcome.
func matchRecipient(a, b []outcomeRow, each func(a, b *outcomeRow)) {
	var left [2][]*outcomeRow
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].outcome == b[0].outcome:
			each(&a[0], &b[0])
			a, b = a[1:], b[1:]
		case a[0].outcome < b[0].outcome:
			left[0], a = append(left[0], &a[0]), a[1:]
		default:
			left[1], b = append(left[1], &b[0]), b[1:]
		}
	}
	for i := range a {
		left[0] = append(left[0], &a[i])
	}
	for i := range b {
		left[1] = append(left[1], &b[i])
	}
	for i := range max(len(left[0]), len(left[1])) {
		var pair [2]*outcomeRow
		for k := range pair {
			if i < len(left[k]) {
				pair[k] = left[k][i]
			}
		}
		each(pair[0], pair[1])
	}
}

// listChanges are the rows of a list that are not the same in both runs.
type listChanges struct {
	list   string
	before []change // rows of the earlier run, which disappeared
	after  []change // rows of the later run
}

// change is what became of one row.
type change struct {
	row           uint32
	before, after outcome
}

// ChangedRecipient is one row of what Difference.WritePeople writes.
type ChangedRecipient struct {
	List        string  `json:"list"`
	ProfileID   *string `json:"profile_id"`
	AddressHash *string `json:"address_hash"`
	Before      *string `json:"before"` // kept or a reason; null where the row was not planned
	After       *string `json:"after"`
}

// WritePeople writes every row that is not the same in both runs, a line of JSON
// each: by list, those of the later run before those that disappeared, the
// refused before the kept, in the order of the list. It is personal data.
func (d *Difference) WritePeople(ctx context.Context, w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range d.changed {
		c := &d.changed[i]
		for _, part := range []struct {
			run     *pastRun
			changes []change
		}{{d.runs[1], c.after}, {d.runs[0], c.before}} {
			if len(part.changes) == 0 {
				continue
			}
			slices.SortFunc(part.changes, func(a, b change) int { return cmp.Compare(a.row, b.row) })
			err := part.run.eachRow(ctx, c.list, func(p pastRow) error {
				at, is := slices.BinarySearchFunc(part.changes, uint32(p.row), func(c change, row uint32) int { return cmp.Compare(c.row, row) })
				if !is {
					return nil
				}
				changed := &part.changes[at]
				return e.Encode(ChangedRecipient{c.list, orNull(p.profile), orNull(p.addressHash), changed.before.name(), changed.after.name()})
			})
			if err != nil {
				return fmt.Errorf("write changed recipients of %s: %w", c.list, err)
			}
		}
	}
	return nil
}

func (o outcome) name() *string {
	if o == notPlanned {
		return nil
	}
	s := o.String()
	return &s
}

// orNull is a copy of a text, nil for none.
func orNull(b []byte) *string {
	if b == nil {
		return nil
	}
	s := string(b)
	return &s
}
