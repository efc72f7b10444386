package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"optout/jobs"
	"optout/writers"
)

// verifyCommand is optout verify.
type verifyCommand struct {
	RunPath string `arg:"" name:"run" help:"The directory of a run, or of a job for its last one." placeholder:"RUN"`
	Job     string `help:"The job file, from which relative paths of inputs start. Default: where it was when the job ran, if the run says so." type:"path" placeholder:"JOB.yaml"`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

func (*verifyCommand) Help() string {
	return `The run is read again: digest, size and rows of every file, that there is none besides, that every
list balances, and that ledgers, quarantines and summary.parquet tell what summary.json does. What does
not hold is named, and the exit status is 1. Inputs that changed or are gone since are told, and are no
objection. The manifest vouches for all other files; keep its digest elsewhere to have a witness for it.`
}

// errDoesNotHold is what makes the exit status of a run that is not what it was.
var errDoesNotHold = errors.New("the run is not what was published")

// Run verifies a run and prints what was found.
func (f *verifyCommand) Run(c *console) error {
	v, err := jobs.Verify(c.ctx, f.RunPath, f.Job)
	if err != nil {
		return tell(c, f.JSON, err)
	}
	if f.JSON {
		err = printJSON(c.stdout, v)
	} else {
		err = printVerification(c.stdout, v)
	}
	if err == nil && !v.Holds {
		return errors.Join(errDoesNotHold, errTold)
	}
	return err
}

func printVerification(w io.Writer, v *jobs.Verification) error {
	var b strings.Builder
	fmt.Fprintf(&b, "job %s, %s, run %s\nmanifest.json has the SHA-256 %s\n\n", v.Job, v.Date, v.RunID, v.ManifestSHA256)
	fmt.Fprintf(&b, "read: %s files, %s bytes; %s lists, %s ledger rows\n", writers.Thousands(int64(v.Files)), writers.Thousands(v.Bytes), writers.Thousands(int64(v.Lists)), writers.Thousands(v.Ledger))
	states := map[jobs.FileState]int64{}
	for _, in := range v.Inputs {
		states[in.State]++
	}
	fmt.Fprintf(&b, "files of inputs:")
	for i, state := range []jobs.FileState{jobs.FileSame, jobs.FileChanged, jobs.FileGone, jobs.FileUnknown} {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %s %s", writers.Thousands(states[state]), state)
	}
	b.WriteByte('\n')
	for _, in := range v.Inputs {
		if in.State == jobs.FileChanged || in.State == jobs.FileGone {
			fmt.Fprintf(&b, "  %s since: %s, of %s\n", in.State, in.Path, in.Input)
		}
	}
	for _, r := range v.Removed {
		fmt.Fprintf(&b, "its %s were deleted by retention on %s\n", r.What, r.At.UTC().Format("2006-01-02"))
	}
	b.WriteByte('\n')
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "does not hold: %s %s\n", f.File, f.What)
	}
	if v.Holds {
		b.WriteString("everything holds\n")
	} else {
		fmt.Fprintf(&b, "the run is not what was published: findings: %s\n", writers.Thousands(int64(len(v.Findings))))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
