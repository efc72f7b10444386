package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"optout/jobs"
	"optout/writers"
)

// checkCommand is optout check.
type checkCommand struct{ jobFlags }

func (*checkCommand) Help() string {
	return `Every mistake of the job file is shown at once, with its line. Where there is none, the inputs are
opened: their files, rows, ages and columns, and each gate that a run would read before its first row.`
}

// Run checks a job and prints what it found.
func (f *checkCommand) Run(c *console) error {
	job, err := jobs.Load(f.Job)
	if err != nil {
		return tell(c, f.JSON, err)
	}
	found, err := jobs.Survey(c.ctx, job, f.options(c))
	switch {
	case found == nil:
		return tell(c, f.JSON, err)
	case f.JSON && err == nil:
		return printJSON(c.stdout, found)
	case f.JSON:
		return tell(c, true, err)
	}
	if printErr := printFindings(c.stdout, found); printErr != nil {
		return printErr
	}
	if err == nil {
		fmt.Fprintln(c.stdout, "nothing to object")
	}
	return err
}

func printFindings(w io.Writer, f *jobs.Findings) error {
	var b strings.Builder
	fmt.Fprintf(&b, "job %s, %s\n\n", f.Job, f.Date)
	table := [][]string{{"input", "path", "files", "rows", "age", "limit"}}
	for _, in := range f.Inputs {
		table = append(table, []string{in.Name, in.Path, writers.Thousands(int64(len(in.Files))), writers.Thousands(in.Rows), age(in.Age), age(in.MaxAge)})
	}
	writeTable(&b, table, 2)
	for _, in := range f.Inputs {
		if len(in.Missing) > 0 {
			fmt.Fprintf(&b, "\n%s lacks, and a run does without: %s\n", in.Name, strings.Join(in.Missing, ", "))
		}
	}
	b.WriteByte('\n')
	writeGates(&b, f.Gates)
	for i, at := range f.Schedule {
		if i == 0 {
			b.WriteString("runs next:")
		}
		fmt.Fprintf(&b, " %s", at.Format("Mon 2006-01-02 15:04 MST"))
		if i == len(f.Schedule)-1 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(',')
		}
	}
	if f.Last != nil {
		fmt.Fprintf(&b, "last published: run %s of %s\n", f.Last.RunID, f.Last.Date)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeGates(b *strings.Builder, gates []writers.Gate) {
	for _, g := range gates {
		verdict := "passed"
		switch {
		case g.Accepted:
			verdict = "let through"
		case !g.Passed:
			verdict = "refuses"
		}
		fmt.Fprintf(b, "gate %s: %s: %s: %s", g.Name, g.Subject, verdict, g.Reading)
		if g.Limit != "" {
			fmt.Fprintf(b, ", limit %s", g.Limit)
		}
		b.WriteByte('\n')
	}
}

// age writes seconds as hours, days where there are many.
func age(seconds *float64) string {
	if seconds == nil {
		return "-"
	}
	d := time.Duration(*seconds * float64(time.Second))
	if hours := d.Hours(); hours >= 72 || hours <= -72 {
		return fmt.Sprintf("%.1fd", hours/24)
	}
	return fmt.Sprintf("%.1fh", d.Hours())
}
