package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"optout/jobs"
	"optout/writers"
)

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// failure is what --json prints in place of a result.
type failure struct {
	Error    string         `json:"error"`
	Status   int            `json:"exit_status"`
	Mistakes jobs.Mistakes  `json:"mistakes,omitempty"`
	Gates    []writers.Gate `json:"gates,omitempty"`
}

// tell prints an error as JSON where that was asked for, and marks it as told.
func tell(c *console, asJSON bool, err error) error {
	if err == nil || !asJSON {
		return err
	}
	f := failure{Error: err.Error(), Status: exitStatus(err)}
	errors.As(err, &f.Mistakes)
	var refusal *jobs.Refusal
	if errors.As(err, &refusal) {
		f.Gates = refusal.Gates
	}
	return errors.Join(err, errTold, printJSON(c.stdout, f))
}

// printResult prints what became of every list.
func printResult(w io.Writer, r *jobs.Result, dry bool) error {
	table := [][]string{{"list", "channel", "planned", "kept", "dropped", "quarantined"}}
	row := func(name, channel string, n writers.Counts) {
		table = append(table, []string{name, channel, writers.Thousands(n.Planned), writers.Thousands(n.Kept), writers.Thousands(n.Dropped), writers.Thousands(n.Quarantined)})
	}
	for _, l := range r.Summary.Lists {
		row(l.Name, l.Channel, l.Counts)
	}
	row("total", "", r.Summary.Total)
	var b strings.Builder
	fmt.Fprintf(&b, "job %s, %s, run %s\n\n", r.Job, r.Date, r.RunID)
	writeTable(&b, table, 2)
	b.WriteByte('\n')
	writeReasons(&b, r.Summary.Lists)
	for _, gate := range r.Manifest.Accepted {
		fmt.Fprintf(&b, "let through by hand: %s\n", gate)
	}
	for _, delay := range r.Manifest.Delays() {
		fmt.Fprintf(&b, "late: %s\n", delay)
	}
	switch {
	case dry && !r.Already:
		b.WriteString("dry run: nothing was written\n")
	case r.Already:
		fmt.Fprintf(&b, "published already, nothing changed: %s\n", r.Path)
	default:
		fmt.Fprintf(&b, "published: %s\n", r.Path)
	}
	if r.AudiencesDeleted {
		b.WriteString("its audiences were deleted since, as the job's retention asks\n")
	}
	if r.Latest != "" {
		fmt.Fprintf(&b, "latest.json names another run: %s\n", r.Latest)
	}
	if r.Path != "" {
		fmt.Fprintf(&b, "report:    %s\n", filepath.Join(r.Path, "report.html"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeReasons prints why rows of all lists were refused, each by its primary
// reason, the most frequent first.
func writeReasons(b *strings.Builder, lists []writers.ListSummary) {
	rows := map[string]int64{}
	for _, l := range lists {
		for _, r := range l.Reasons {
			if r.Rows > 0 {
				rows[r.Reason] += r.Rows
			}
		}
	}
	if len(rows) == 0 {
		return
	}
	table := [][]string{{"refused for", "rows"}}
	for _, reason := range slices.SortedFunc(maps.Keys(rows), func(x, y string) int {
		return cmp.Or(cmp.Compare(rows[y], rows[x]), cmp.Compare(x, y))
	}) {
		table = append(table, []string{reason, writers.Thousands(rows[reason])})
	}
	writeTable(b, table, 1)
	b.WriteByte('\n')
}

// writeTable aligns columns; those from number right on hold numbers, aligned to
// the right.
func writeTable(b *strings.Builder, rows [][]string, right int) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], len(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-len(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if i >= right {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
