package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
	"optout/writers"
)

// input is one opened input and what is to be said of it.
type input struct {
	*readers.Input
	info writers.Input
}

// subject names the input in gates.
func (in *input) subject() string { return in.info.Name }

// opener opens the inputs of one run.
type opener struct {
	job   *Job
	date  logicalDate
	now   time.Time
	gates *gates
	mem   memory.Allocator

	threads int // that read text when it is opened

	secret func(name string) ([]byte, bool) // of the environment; nil for none
}

// files says where the files of an input are, and how to read them.
type files struct {
	path      string
	delimiter Delimiter
}

// open finds the files of an input and opens them.
func (o *opener) open(ctx context.Context, name, kind string, of files) (*input, error) {
	path := o.date.expand(of.path)
	full := o.job.resolve(path)
	found, err := readers.Find(full)
	if err != nil {
		return nil, o.refuse(gateUnreadable, name, err)
	}
	in, err := readers.Open(ctx, found, readers.Options{Delimiter: byte(of.delimiter), Threads: o.threads}, o.mem)
	if err != nil {
		return nil, o.refuse(gateUnreadable, name, err)
	}
	info := writers.Input{Name: name, Kind: kind, Pattern: of.path, Path: path, Rows: in.NumRows()}
	for _, f := range in.Files() {
		info.Files = append(info.Files, writers.InputFile{Path: o.job.relative(f.Path, path), Bytes: f.Bytes, Rows: f.Rows})
		info.Bytes += f.Bytes
	}
	return &input{in, info}, nil
}

// openSnapshot opens an input whose age and size are gates.
func (o *opener) openSnapshot(ctx context.Context, name, kind string, s Source) (*input, error) {
	in, err := o.openAged(ctx, name, kind, files{s.Path, s.Delimiter}, s.AsOf, s.MaxAge)
	if err == nil && in.info.Rows == 0 {
		o.gates.read(gateEmpty, name, false, "0 rows", "at least 1")
	}
	return in, err
}

// openAged opens an input whose age is a gate.
func (o *opener) openAged(ctx context.Context, name, kind string, of files, how AsOf, limit Duration) (*input, error) {
	in, err := o.open(ctx, name, kind, of)
	if err != nil {
		return nil, err
	}
	at, err := asOf(ctx, how, in.info.Path, in.Input)
	if err != nil {
		return nil, o.refuse(gateUnreadable, name, err)
	}
	in.info.AsOf = at
	if at != nil {
		o.readAge(in, limit)
	}
	return in, nil
}

// readAge reads the gate on the age of a snapshot. One from the future has a
// clock or a unit wrong, so that its age is not known.
func (o *opener) readAge(in *input, limit Duration) {
	age := o.now.Sub(*in.info.AsOf)
	seconds := age.Seconds()
	in.info.Age = &seconds
	if limit == 0 {
		return
	}
	most := time.Duration(limit).Seconds()
	in.info.MaxAge = &most
	const slack = 24 * time.Hour                          // a snapshot may carry the date of the coming day
	said := (age + time.Minute - 1).Truncate(time.Minute) // no younger than it is
	reading := fmt.Sprintf("%s old (as of %s)", span(said), in.info.AsOf.Format(time.RFC3339))
	if age < -slack {
		reading = fmt.Sprintf("from the future (as of %s)", in.info.AsOf.Format(time.RFC3339))
	}
	o.gates.read(gateMaxAge, in.subject(), age <= time.Duration(limit) && age >= -slack, reading, span(time.Duration(limit)))
}

// span writes a duration in days and hours, or hours and minutes.
func span(d time.Duration) string {
	if d < 0 {
		return "-" + span(-d)
	}
	d = d.Round(time.Minute)
	days, hours, minutes := d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60
	switch {
	case days >= 3:
		return fmt.Sprintf("%dd%dh", days, hours)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", days*24+hours, minutes)
	}
	return fmt.Sprintf("%dm", minutes)
}

// refuse makes an error of an input a refusal at a gate. An interrupted run is
// none.
func (o *opener) refuse(gate, name string, err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, readers.ErrNoFiles):
		gate = gateMissing
	case errors.Is(err, readers.ErrNoColumn), errors.Is(err, readers.ErrColumnType):
		gate = gateSchema
	}
	o.gates.read(gate, name, false, o.job.relativeError(err), "")
	return &Refusal{Gates: []writers.Gate{o.gates.readings[len(o.gates.readings)-1]}, Err: err}
}

// resolve makes a path of the job file one of the file system.
func (j *Job) resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(j.dir, path)
}

// relative is the opposite of resolve for a file of an input that the job names
// as given: evidence and run ids must not depend on where the job's folder lies.
func (j *Job) relative(path, given string) string {
	if filepath.IsAbs(given) {
		return path
	}
	if rel, err := filepath.Rel(j.dir, path); err == nil {
		return filepath.ToSlash(rel)
	}
	return path
}

func (j *Job) relativeError(err error) string { return j.relativeText(err.Error()) }

// relativeText takes the directory of the job out of what names a file of it.
func (j *Job) relativeText(text string) string {
	return strings.ReplaceAll(text, j.dir+string(filepath.Separator), "")
}
