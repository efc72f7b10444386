package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"time"

	"optout/jobs"
)

// explainCommand is optout explain.
type explainCommand struct {
	RunPath string `arg:"" name:"run" help:"The directory of a run, or of a job for its last one." placeholder:"RUN"`
	Profile string `help:"Whom to explain, by profile id." placeholder:"ID" xor:"who"`
	Address string `help:"Whom to explain, by address: an email address, a phone number or a token, in any spelling." placeholder:"A" xor:"who"`
	Row     string `help:"Which row to explain: the name of a send list and its row, counted from 0 as in the ledger." placeholder:"LIST:N" xor:"who"`
	List    string `help:"Explain rows of this send list only." placeholder:"LIST"`
	Job     string `help:"The job file, from which relative paths of inputs start. Default: where it was when the job ran, if the run says so." type:"path" placeholder:"JOB.yaml"`
	JSON    bool   `name:"json" help:"Print the answer as JSON."`
}

func (*explainCommand) Help() string {
	return `Every planned row that is about whom you ask for is explained: what the run published of it, and the
record that decided. Where the inputs are still what they were, the row is judged again: every fact that
they hold, what each rule made of it, and the verdict. If that is another than was published, the exit
status is 1. The answer is personal data about that person. The hash of an address must be made with the
key in ` + hashKeyVariable + ` that the run had.`
}

// question reads the flags.
func (f *explainCommand) question() (q jobs.Question, err error) {
	q = jobs.Question{
		Profile: f.Profile, Address: f.Address, List: f.List, JobFile: f.Job,
		HashKey: hashKey(), Secret: secret, Threads: runtime.GOMAXPROCS(0),
	}
	if f.Row == "" {
		if f.Profile == "" && f.Address == "" {
			return q, &jobs.UsageError{Err: fmt.Errorf("explain whom? Give --profile ID, --address A or --row LIST:N")}
		}
		return q, nil
	}
	list, number, _ := strings.Cut(f.Row, ":")
	row, err := strconv.ParseInt(number, 10, 64)
	if err != nil || row < 0 || list == "" || f.List != "" && f.List != list {
		return q, &jobs.UsageError{Err: fmt.Errorf("--row %q: write the name of a send list and a row from 0, as in newsletter:17", f.Row)}
	}
	q.List, q.Row = list, &row
	return q, nil
}

// Run explains what became of somebody.
func (f *explainCommand) Run(c *console) error {
	q, err := f.question()
	if err != nil {
		return tell(c, f.JSON, err)
	}
	e, err := jobs.Explain(c.ctx, f.RunPath, q)
	switch {
	case err != nil:
		return tell(c, f.JSON, err)
	case f.JSON:
		err = printJSON(c.stdout, e)
	default:
		err = printExplanation(c.stdout, e)
	}
	if err == nil && e.Differs {
		return errors.Join(errDoesNotHold, errTold)
	}
	return err
}

func printExplanation(w io.Writer, e *jobs.Explanation) error {
	var b strings.Builder
	fmt.Fprintf(&b, "job %s, %s, run %s\n", e.Job, e.Date, e.RunID)
	for i := range e.Rows {
		r := &e.Rows[i]
		fmt.Fprintf(&b, "\n%s (%s), row %d: %s\n\n", r.List, r.Channel, r.Row, verdict(&r.Published))
		table := [][]string{{"  profile id", orDash(textOf(r.ProfileID))}, {"  address hash", orDash(textOf(r.AddressHash))}}
		writeTable(&b, append(table, evidence(&r.Published)...), 2)
		if r.Judged != nil {
			writeJudged(&b, r)
		}
	}
	if e.WithoutAudience != nil {
		fmt.Fprintf(&b, "\nthe audiences of %s are not there any more: kept rows are found by --row only\n", strings.Join(e.WithoutAudience, ", "))
	}
	if !e.Judged {
		fmt.Fprintf(&b, "\nnot judged again: %s\n", e.NotJudged)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// verdict is an outcome in words.
func verdict(o *jobs.Outcome) string {
	if o.Reason == nil {
		return o.Decision
	}
	text := o.Decision + ", " + *o.Reason
	if len(o.Reasons) > 1 {
		text += "; also " + strings.Join(o.Reasons[1:], ", ")
	}
	return text
}

// evidence is the record that decided, as rows of a table.
func evidence(o *jobs.Outcome) (table [][]string) {
	for _, cell := range []struct {
		name string
		text *string
	}{{"  decided by", o.Source}, {"  in field", o.Field}, {"  which said", o.Value}} {
		if cell.text != nil {
			table = append(table, []string{cell.name, *cell.text})
		}
	}
	if o.EffectiveAt != nil {
		table = append(table, []string{"  since", o.EffectiveAt.Format(time.RFC3339)})
	}
	return table
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// writeJudged writes what the inputs say of a row, what each rule made of it and
// whether that is what was published.
func writeJudged(b *strings.Builder, r *jobs.RowExplained) {
	b.WriteByte('\n')
	facts := [][]string{{"  found", "value", "class", "since", "source", "field"}}
	for _, f := range r.Judged.Facts {
		facts = append(facts, []string{"  " + f.Fact, orDash(textOf(f.Value)), orDash(f.Class), sinceText(f.EffectiveAt), orDash(textOf(f.Source)), orDash(textOf(f.Field))})
	}
	if of := r.Judged.DuplicateOf; of != nil {
		facts = append(facts, []string{"  repeats", fmt.Sprintf("%s, row %d", of.List, of.Row), "-", "-", "-", "-"})
	}
	writeTable(b, facts, 6)
	b.WriteByte('\n')
	for _, t := range r.Judged.Terms {
		fmt.Fprintf(b, "  judged by: mode %s, default %s, accepted bases %s, valid for %s; the answer at the level %s governs\n",
			t.Mode, orDash(t.Default), orDash(strings.Join(t.AcceptBasis, " ")), validFor(t.ValidFor), r.Judged.Governing)
	}
	b.WriteByte('\n')
	rules := [][]string{{"  rule", "answer", "because of", "in field", "which said"}}
	for _, rule := range r.Judged.Rules {
		rules = append(rules, []string{"  " + rule.Reason, strings.ReplaceAll(rule.Answer, "_", " "), orDash(textOf(rule.Source)), orDash(textOf(rule.Field)), orDash(textOf(rule.Value))})
	}
	writeTable(b, rules, 5)
	fmt.Fprintf(b, "\n  verdict: %s", verdict(&r.Judged.Outcome))
	if r.Judged.Decision == "kept" && r.Judged.Generic {
		b.WriteString(", without personal content")
	}
	if len(r.Differences) == 0 {
		b.WriteString("; as published\n")
		return
	}
	b.WriteString("\n")
	for _, d := range r.Differences {
		fmt.Fprintf(b, "  THIS IS NOT WHAT WAS PUBLISHED: %s\n", d)
	}
}

func sinceText(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.Format(time.RFC3339)
}

func validFor(seconds float64) string {
	if seconds == 0 {
		return "ever"
	}
	return strconv.FormatFloat(seconds/86400, 'g', 5, 64) + " days"
}
