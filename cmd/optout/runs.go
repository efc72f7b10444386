package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"optout/jobs"
	"optout/jobs/history"
	"optout/writers"
)

// runsCommand is optout runs.
type runsCommand struct {
	Jobs string `arg:"" name:"job.yaml|dir" help:"A job file, or a directory of job files." placeholder:"JOB.yaml"`
	Out  string `help:"Directory of runs, in place of output.path." type:"path" placeholder:"DIR"`
	Last int    `help:"List so many attempts of each job, the latest ones; 0 for all." default:"30" placeholder:"N"`
	JSON bool   `name:"json" help:"Print the attempts as JSON, with all that is known of them."`
}

func (*runsCommand) Help() string {
	return `Each attempt to run a job for a logical date is listed with its status: running, published,
already_published, refused, failed, interrupted (it was told to stop, or killed) or skipped (its time
passed while nothing served the job). Why nothing was published stands below the table.`
}

// jobRuns is the history of one job.
type jobRuns struct {
	Job      string            `json:"job"`
	File     string            `json:"file"`
	Attempts []history.Attempt `json:"attempts"`
}

// Run lists the attempts of the jobs. A job file that cannot be read does not
// hide the others.
func (f *runsCommand) Run(c *console) error {
	if f.Last < 0 {
		return &jobs.UsageError{Err: fmt.Errorf("--last %d: at least 0", f.Last)}
	}
	files, err := jobs.Files(f.Jobs)
	if err != nil {
		return tell(c, f.JSON, err)
	}
	all := []jobRuns{}
	var b strings.Builder
	var errs []error
	for _, file := range files {
		job, err := jobs.Load(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		attempts, err := job.Attempts(f.Out)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if f.Last > 0 && len(attempts) > f.Last {
			attempts = attempts[len(attempts)-f.Last:]
		}
		if attempts == nil {
			attempts = []history.Attempt{}
		}
		all = append(all, jobRuns{job.Name, file, attempts})
		if len(all) > 1 {
			b.WriteByte('\n')
		}
		writeAttempts(&b, job, attempts, c.now)
	}
	if err := errors.Join(errs...); err != nil && (f.JSON || len(all) == 0) {
		return tell(c, f.JSON, err)
	}
	if f.JSON {
		return printJSON(c.stdout, all)
	}
	fmt.Fprint(c.stdout, b.String())
	return errors.Join(errs...)
}

// writeAttempts writes the attempts of a job as a table, and below it why nothing
// was published.
func writeAttempts(b *strings.Builder, job *jobs.Job, attempts []history.Attempt, now time.Time) {
	fmt.Fprintf(b, "job %s\n\n", job.Name)
	if len(attempts) == 0 {
		b.WriteString("no attempt to run it is known\n")
		return
	}
	table := [][]string{{"attempt", "status", "started by", "started", "took", "planned", "kept", "dropped", "quarantined"}}
	var why strings.Builder
	for i := range attempts {
		a := &attempts[i]
		row := []string{a.ID(), string(a.Status), string(a.By), a.StartedAt.In(job.Zone()).Format("2006-01-02 15:04 MST"), "-", "-", "-", "-", "-"}
		if d, known := a.Duration(now); known {
			row[4] = d.Round(time.Second).String()
		}
		if s := a.Summary; s != nil {
			for k, n := range []int64{s.Total.Planned, s.Total.Kept, s.Total.Dropped, s.Total.Quarantined} {
				row[5+k] = writers.Thousands(n)
			}
		}
		table = append(table, row)
		if a.Error != "" {
			fmt.Fprintf(&why, "\n%s %s\n", a.ID(), told(a))
		}
		if a.Warning != "" {
			fmt.Fprintf(&why, "\n%s warns: %s\n", a.ID(), a.Warning)
		}
		for _, r := range a.Removed {
			fmt.Fprintf(&why, "\n%s: deleted %s of it %s\n", a.ID(), map[string]string{"run": "all", "audiences": "the audiences"}[r.What], r.At.In(job.Zone()).Format(time.DateOnly))
		}
	}
	writeTable(b, table, 4)
	b.WriteString(why.String())
}

// told is why an attempt published nothing, after the word for it.
func told(a *history.Attempt) string {
	if a.Status == history.Refused { // which says so itself
		return a.Error
	}
	text := string(a.Status)
	if a.Exit != nil {
		text += " with exit status " + strconv.Itoa(*a.Exit)
	}
	return text + ": " + a.Error
}
