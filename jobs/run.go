package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"optout/pipeline"
	"optout/readers"
	"optout/writers"
)

// A Result is what a run came to.
type Result struct {
	RunID     string `json:"run_id"`
	Job       string `json:"job"`
	Date      string `json:"date"`
	Path      string `json:"path,omitempty"` // of the run's directory; empty after a dry run
	Published bool   `json:"published"`      // by this run
	Already   bool   `json:"already_published"`
	Latest    string `json:"latest,omitempty"` // below the job's directory: the run that latest.json names, where it is another
	// AudiencesDeleted says that retention deleted what is personal data of the run.
	AudiencesDeleted bool `json:"audiences_deleted,omitempty"`

	Summary  *writers.Summary  `json:"summary"`
	Manifest *writers.Manifest `json:"manifest"`
}

// A run is a job at work.
type run struct {
	*prepared
	options *Options
	name    string // of the job
	day     logicalDate
	jobDir  string
	lock    *flock.Flock // nil in a dry run
	fileAs  writers.FileOptions
	modes   writers.Modes
	last    *writers.Manifest
	log     *slog.Logger
	begun   time.Time // by the monotonic clock
}

// Run runs a job now. Errors that a caller tells apart: *UsageError for a wrong
// option, *Refusal for inputs that cannot be trusted, ErrLocked, and
// context.Canceled. Unless the error is nil, nothing new is published, with one
// exception: a run that was renamed to its final place stays there.
func Run(ctx context.Context, j *Job, o Options) (result *Result, err error) {
	if err := j.checkAccept(o.Accept); err != nil {
		return nil, err
	}
	// Who types a command sees what is missing; of a run that nobody watches the
	// history must tell: see do.
	if !o.By.Unattended() {
		if err := j.checkKeys(o.Secret); err != nil {
			return nil, err
		}
	}
	date, err := j.newDate(o.Date, o.Now)
	if err != nil {
		return nil, err
	}
	r := &run{
		options: &o, name: j.Name, day: date, begun: time.Now(), jobDir: j.jobDir(o.Out),
		log: o.Log.With("job", j.Name, "date", date.String()),
	}
	r.modes = j.modes()
	r.fileAs = writers.FileOptions{Compression: string(j.Output.Compression), Mode: r.modes.File}
	if o.DryRun {
		return r.do(ctx, j)
	}
	if r.lock, err = lock(ctx, r.jobDir, r.modes); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.lock.Unlock()) }()
	if n, err := writers.ClearStages(r.jobDir); err != nil {
		return nil, fmt.Errorf("clear what a killed run left: %w", err)
	} else if n > 0 {
		r.log.Warn("cleared what a killed run left", "runs", n)
	}
	return r.attempt(ctx, j)
}

// modes are the permissions of what the job publishes.
func (j *Job) modes() writers.Modes {
	return writers.Modes{File: os.FileMode(orDefault(j.Output.FileMode, 0o600)), Dir: os.FileMode(orDefault(j.Output.DirMode, 0o700))}
}

// do makes the run. The caller holds the job's lock, but for a dry run.
func (r *run) do(ctx context.Context, j *Job) (*Result, error) {
	err := j.checkKeys(r.options.Secret)
	if err != nil {
		return nil, err
	}
	if r.last, err = writers.ReadLatest(r.jobDir); err != nil {
		return nil, fmt.Errorf("read the last published run: %w", err)
	}
	if r.options.Once {
		if found, err := r.publishedForDate(); found != nil || err != nil {
			return found, err
		}
	}
	g, at, err := r.wait(ctx, j)
	if err != nil {
		return nil, err
	}
	if r.options.Slot != nil {
		free, err := r.options.Slot(ctx)
		if err != nil {
			return nil, err
		}
		defer free()
	}
	if limit := time.Duration(j.TimeLimit); limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		result, err := r.make(limited, j, g, at)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = fmt.Errorf("stopped after the time_limit of %s: raise it, or find out what was slow", limit)
		}
		return result, err
	}
	return r.make(ctx, j, g, at)
}

// make opens the inputs, which are complete at a time, and does the work.
func (r *run) make(ctx context.Context, j *Job, g *gates, at time.Time) (_ *Result, err error) {
	if r.prepared, err = prepare(ctx, &opener{job: j, date: r.day, now: at, gates: g, secret: r.options.Secret, threads: r.options.Threads}, r.last); err != nil {
		return nil, err
	}
	return r.work(ctx)
}

// jobDir is where runs of the job are published.
func (j *Job) jobDir(out string) string {
	if out == "" {
		out = j.resolve(j.Output.Path)
	}
	return filepath.Join(out, j.Name)
}

func (r *run) work(ctx context.Context) (*Result, error) {
	r.plan.Threads = max(r.options.Threads, 1)
	r.plan.HashKey = r.options.HashKey
	r.plan.MemoryLimit = r.options.Memory
	r.plan.Progress = r.progress()
	digests, id := r.startDigests(ctx)
	defer digests.stop()
	if r.hasRunsOfDate() {
		// Some run of this date is there, perhaps this one: look before working.
		if err := id(); err != nil {
			return nil, r.asRefusal(err)
		}
		if found, err := r.published(); found != nil || err != nil {
			if found != nil && found.AudiencesDeleted && !r.options.DryRun {
				return nil, fmt.Errorf("the run was published, and its audiences deleted since, as the job's retention asks: %s; to make them again, run with another --out", found.Path)
			}
			return found, err
		}
	}
	// Only now: what is published already stays so, however old its inputs are.
	if err := r.gates.refusal(); err != nil {
		return nil, err
	}
	work, err := pipeline.Decide(ctx, r.plan)
	if err == nil {
		err = id()
	}
	if err != nil {
		return nil, r.asRefusal(err)
	}
	r.readAnswers(work.Inputs)
	r.readEntries(work.Screening)
	unread := r.readVanished()
	for _, why := range slices.Sorted(maps.Keys(unread)) {
		r.log.Warn("a gate is not read", "gate", gateMaxVanished, "lists", unread[why], "why", why)
	}
	r.readEvents(work.Events, r.options.Now)
	for _, delay := range r.manifest().Delays() {
		r.log.Warn("an opt-out is honoured late", "request", delay)
	}
	r.readCounts(work.Counts)
	if err := r.readDropChange(work.Counts); err != nil {
		return nil, err
	}
	if err := r.gates.refusal(); err != nil {
		return nil, err
	}
	if r.options.DryRun {
		return r.result(r.summarise(r.plan.RunID, work.Counts)), nil
	}
	return r.publish(ctx, work)
}

// asRefusal makes an input that turned out to be damaged, or changed, while it was
// read a refusal.
func (r *run) asRefusal(err error) error {
	if wrong := (*pipeline.TimeError)(nil); errors.As(err, &wrong) {
		return r.wrongTime(wrong, err)
	}
	var file *readers.FileError
	if !errors.As(err, &file) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	gate := writers.Gate{Name: gateUnreadable, Subject: file.File, Reading: file.Err.Error()}
	for _, in := range r.inputs() {
		for i, f := range in.Files() {
			if f.Path == file.File {
				gate.Subject, gate.Reading = in.subject(), in.info.Files[i].Path+": "+gate.Reading
			}
		}
	}
	return &Refusal{Gates: []writers.Gate{gate}, Err: err}
}

// wrongTime makes a time that can be none a refusal, which says where it stands.
func (r *run) wrongTime(wrong *pipeline.TimeError, err error) error {
	var in *input
	if wrong.Stage == pipeline.StageConsents {
		in = r.consents[wrong.Input]
	} else {
		in = r.lists[wrong.Input].input
	}
	reading := fmt.Sprintf("%s: column %s has a time in the year %d: is its unit right?", r.job.relativeText(in.Place(wrong.Row)), wrong.Column, wrong.Year)
	return &Refusal{Gates: []writers.Gate{{Name: gateUnreadable, Subject: in.subject(), Reading: reading}}, Err: err}
}

func (r *run) result(s *writers.Summary) *Result {
	return &Result{RunID: r.plan.RunID, Job: r.job.Name, Date: r.date.String(), Summary: s, Manifest: r.manifest()}
}

// manifest is the evidence of the run so far.
func (r *run) manifest() *writers.Manifest {
	m := &writers.Manifest{
		Version: 1, RunID: r.plan.RunID, Job: r.job.Name, JobDigest: r.job.digest(), JobFile: r.fromRun(),
		Program: writers.ThisProgram(r.options.Version), Date: r.date.String(), Timezone: r.date.zone.String(), AsOf: r.date.end(),
		StartedAt: r.options.Now.UTC(), AddressHash: "sha256", InputDigests: "sha256",
		Gates: r.gates.readings, Accepted: r.gates.accepted(),
	}
	if len(r.options.HashKey) > 0 {
		m.AddressHash, m.AddressHashKey = "hmac-sha256", keyID(r.options.HashKey)
	}
	if r.job.Output.InputDigests == "none" {
		m.InputDigests = "none"
	}
	for _, in := range r.inputs() {
		m.Inputs = append(m.Inputs, in.info)
	}
	return m
}

// progress adds up rows for the caller's progress, and logs that a stage begins.
func (r *run) progress() func(pipeline.Stage, int64) {
	var totals [pipeline.NumStages]int64
	partitions := int64(r.plan.Partitions())
	for _, l := range r.lists {
		totals[pipeline.StageRecipients] += l.info.Rows * partitions
		totals[pipeline.StageEmit] += l.info.Rows
	}
	if r.profiles != nil {
		totals[pipeline.StageProfiles] = r.profiles.info.Rows * partitions
	}
	for _, s := range r.screened {
		totals[pipeline.StageScreening] += s.info.Rows * partitions
	}
	for _, e := range r.events {
		totals[pipeline.StageEvents] += e.info.Rows * partitions
	}
	for _, c := range r.consents {
		totals[pipeline.StageConsents] += c.info.Rows * partitions
	}
	var begun [pipeline.NumStages]atomic.Bool
	var done [pipeline.NumStages]atomic.Int64
	return func(stage pipeline.Stage, rows int64) {
		if begun[stage].CompareAndSwap(false, true) {
			r.log.Info(stage.String(), "rows", totals[stage])
		}
		if r.options.Progress != nil {
			r.options.Progress(stage.String(), done[stage].Add(rows), totals[stage])
		}
	}
}
