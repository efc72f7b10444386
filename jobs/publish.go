package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"optout/pipeline"
	"optout/writers"
)

// publish writes the run below a hidden name and moves it to its place.
func (r *run) publish(ctx context.Context, work *pipeline.Run) (result *Result, err error) {
	if found, err := r.published(); found != nil || err != nil {
		return found, err
	}
	stage, err := writers.NewStage(r.jobDir, r.date.String(), r.plan.RunID, writers.StageOptions{
		Modes: r.modes, Step: r.options.Step,
		Check: func() error { return stillLocked(r.lock) },
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	m := r.manifest()
	if m.Outputs, err = r.emitAll(ctx, work, stage); err != nil {
		return nil, r.asRefusal(err)
	}
	s := r.summarise(r.plan.RunID, work.Counts)
	if err := r.writeReports(stage, m, s); err != nil {
		return nil, err
	}
	var latest []byte
	if r.isLatest() {
		if latest, err = r.latest(r.plan.RunID); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := stage.Publish(latest); err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	r.log.Info("published", "planned", s.Total.Planned, "kept", s.Total.Kept,
		"dropped", s.Total.Dropped, "quarantined", s.Total.Quarantined)
	result = &Result{
		RunID: r.plan.RunID, Job: r.job.Name, Date: r.date.String(), Path: stage.Dir(), Published: true,
		Summary: s, Manifest: m,
	}
	if !r.isLatest() {
		result.Latest = writers.RunDir(r.last.Date, r.last.RunID)
	}
	return result, nil
}

// emitAll writes the files of all lists, of as many at a time as there are threads: a
// small list has not work for them all. It returns the files in the order of the lists.
func (r *run) emitAll(ctx context.Context, work *pipeline.Run, stage *writers.Stage) (all []writers.Output, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	outputs := make([][]writers.Output, len(r.lists))
	failures := make([]error, len(r.lists))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(r.plan.Threads, 1), len(r.lists)) {
		wg.Go(func() {
			for i := int(next.Add(1) - 1); i < len(r.lists); i = int(next.Add(1) - 1) {
				failures[i] = pipeline.Guard(func() (err error) {
					outputs[i], err = r.emit(ctx, work, stage, i)
					return err
				})
				if failures[i] != nil {
					cancel()
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range failures {
		if err != nil && !errors.Is(err, context.Canceled) {
			return nil, err // of which the others are the consequence
		}
	}
	return slices.Concat(outputs...), cmp.Or(failures...)
}

// emit writes the files of one list.
func (r *run) emit(ctx context.Context, work *pipeline.Run, stage *writers.Stage, i int) (all []writers.Output, err error) {
	l := r.lists[i]
	var files [3]*writers.ParquetFile
	var names [3]string
	for k, schema := range l.schemas.Each() {
		names[k] = filepath.ToSlash(filepath.Join(writers.ListFolders[k], l.subject(), "part-00000.parquet"))
		path, err := stage.Path(names[k])
		if err != nil {
			return nil, err
		}
		if files[k], err = writers.CreateParquet(path, schema, r.fileAs); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, files[k].Close()) }()
	}
	audience, csv, err := r.withCSV(l, files[0], stage)
	if err != nil {
		return nil, err
	}
	if csv != nil {
		defer func() { err = errors.Join(err, csv.Close()) }()
	}
	if err := work.Emit(ctx, i, pipeline.Outputs{Audience: audience, Ledger: files[1], Quarantine: files[2]}); err != nil {
		return nil, err
	}
	for k, f := range files {
		info, err := f.Commit()
		if err != nil {
			return nil, err
		}
		all = append(all, output(names[k], info))
	}
	if err := r.balance(i, work.Counts[i], all); err != nil || csv == nil {
		return all, err
	}
	info, err := csv.Commit()
	if err != nil {
		return nil, err
	}
	all = append(all, output(csvName(l), info))
	return all, balanceCSV(l, work.Counts[i], info.Rows)
}

// balance holds the rows that were written against the verdicts: a file that
// lost or doubled a row must not be published.
func (r *run) balance(i int, c *pipeline.Counts, written []writers.Output) error {
	s := r.summariseList(i, c)
	refused := s.Dropped + s.Quarantined
	if r.plan.LedgerAll {
		refused = s.Planned
	}
	for k, want := range []int64{s.Kept, refused, s.Quarantined} {
		if got := *written[k].Rows; got != want {
			return fmt.Errorf("send list %s does not balance: %s has %d rows, not %d", s.Name, written[k].Path, got, want)
		}
	}
	return nil
}

func output(name string, info writers.FileInfo) writers.Output {
	return writers.Output{Path: name, Bytes: info.Bytes, Rows: &info.Rows, SHA256: info.SHA256}
}

// writeReports writes summary, report and manifest, each after what it tells of.
func (r *run) writeReports(stage *writers.Stage, m *writers.Manifest, s *writers.Summary) error {
	path, err := stage.Path("summary.parquet")
	if err != nil {
		return err
	}
	record := s.Record(r.plan.Memory)
	defer record.Release()
	info, err := writers.WriteRecord(path, writers.SummarySchema(), record, r.fileAs)
	if err != nil {
		return err
	}
	m.Outputs = append(m.Outputs, output("summary.parquet", info))
	m.FinishedAt = elapsed(r.options.Now, r.begun)
	for _, file := range []struct {
		name string
		text func() ([]byte, error)
	}{
		{jobCopy, func() ([]byte, error) { return r.job.text, nil }},
		{"summary.json", s.JSON},
		{"report.html", (&writers.Report{Manifest: m, Summary: s, Rules: r.rules()}).HTML},
	} {
		text, err := file.text()
		if err != nil {
			return fmt.Errorf("write %s: %w", file.name, err)
		}
		if err := stage.WriteFile(file.name, text); err != nil {
			return err
		}
		m.Outputs = append(m.Outputs, writers.TextOutput(file.name, text))
	}
	text, err := m.JSON()
	if err != nil {
		return err
	}
	return stage.WriteFile("manifest.json", text)
}

// jobCopy is the job file in a run, byte for byte: whoever looks back judges by it.
const jobCopy = "job.yaml"

// fromRun is the path of the job file from the directory of a run, with slashes.
// It is "" where it would tell more of the machine than the job does: where runs
// are not published below the job file.
func (r *run) fromRun() string {
	if r.options.Out != "" || !filepath.IsLocal(r.job.Output.Path) {
		return ""
	}
	dir := filepath.Join(r.jobDir, writers.RunDir(r.date.String(), r.plan.RunID))
	rel, err := filepath.Rel(dir, filepath.Join(r.job.dir, filepath.Base(r.job.path)))
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// elapsed is the time of the end: the start given, and what a clock that nobody
// sets back counted since.
func elapsed(start, begun time.Time) time.Time { return start.Add(time.Since(begun)).UTC() }
