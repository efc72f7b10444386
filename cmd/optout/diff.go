package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"optout/jobs"
	"optout/writers"
)

// diffCommand is optout diff.
type diffCommand struct {
	Before string `arg:"" name:"before" help:"The earlier run: its directory, or that of its job for the last one." placeholder:"RUN"`
	After  string `arg:"" name:"after" help:"The later run of the same job." placeholder:"RUN"`
	People string `help:"Also write each recipient whose row is not the same, as lines of JSON, to a new file or to standard output (-). This is personal data." placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print the counts as JSON."`
}

func (*diffCommand) Help() string {
	return `Rows of a send list are compared by recipient, which is the profile id and the hash of the address:
what appeared, what disappeared, and what was kept or refused for another reason than before. The address
hashes of both runs must be made with the key that is in ` + hashKeyVariable + ` now.`
}

// Run compares two runs and prints the counts.
func (f *diffCommand) Run(c *console) error {
	d, err := jobs.Diff(c.ctx, f.Before, f.After, hashKey())
	if err != nil {
		return tell(c, f.JSON, err)
	}
	if f.JSON {
		err = printJSON(c.stdout, d)
	} else {
		err = printDifference(c.stdout, d)
	}
	if err != nil || f.People == "" {
		return err
	}
	if f.People == "-" {
		return d.WritePeople(c.ctx, c.stdout)
	}
	return f.writePeople(c, d)
}

// writePeople writes people to a file of their own, which is not there before
// and does not stay if it is not whole.
func (f *diffCommand) writePeople(c *console, d *jobs.Difference) (err error) {
	file, err := os.OpenFile(f.People, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write changed recipients: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, os.Remove(f.People))
		}
	}()
	return d.WritePeople(c.ctx, file)
}

func printDifference(w io.Writer, d *jobs.Difference) error {
	var b strings.Builder
	fmt.Fprintf(&b, "job %s: run %s of %s, then run %s of %s\n\n", d.Job, d.Before.RunID, d.Before.Date, d.After.RunID, d.After.Date)
	lists := [][]string{{"list", "before", "after", "same", "changed", "appeared", "disappeared"}}
	moves := [][]string{{"list", "before", "after", "rows"}}
	for i := range d.Lists {
		l := &d.Lists[i]
		row := []string{l.List, plannedRows(l.Before), plannedRows(l.After)}
		for _, n := range []int64{l.Same, l.Changed, l.Appeared, l.Disappeared} {
			row = append(row, writers.Thousands(n))
		}
		lists = append(lists, row)
		for _, m := range l.Moves {
			moves = append(moves, []string{l.List, orDash(m.Before), orDash(m.After), writers.Thousands(m.Rows)})
		}
	}
	writeTable(&b, lists, 1)
	if len(moves) == 1 {
		b.WriteString("\nnothing changed\n")
	} else {
		b.WriteByte('\n')
		writeTable(&b, moves, 3)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func plannedRows(c *writers.Counts) string {
	if c == nil {
		return "-"
	}
	return writers.Thousands(c.Planned)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
