package generate

import (
	"bytes"
	_ "embed"
	"os"
	"path/filepath"
	"text/template"
)

// A JobFile is one of the jobs that stand beside a snapshot.
type JobFile string

const (
	// MainJob reads consents and the three lists: what the peer is asked too.
	MainJob JobFile = "job.yaml"
	// DigestsJob is the main job with the digests of its inputs.
	DigestsJob JobFile = "job-digests.yaml"
	// ExtraJob is the main job with the extra lists.
	ExtraJob JobFile = "job-extra.yaml"
	// SuppressionsJob is the main job with the suppression list.
	SuppressionsJob JobFile = "job-suppressions.yaml"
	// EventsJob is the main job with the event log in NDJSON.
	EventsJob JobFile = "job-events.yaml"
	// EventsCSVJob is the main job with the event log in CSV.
	EventsCSVJob JobFile = "job-events-csv.yaml"
	// FullJob also reads the profiles: who exists, who was erased, whose country
	// asks for an opt-in, and which addresses people share.
	FullJob JobFile = "job-full.yaml"
)

// Date is the logical date of every snapshot.
const Date = "2026-11-04"

//go:embed job.yaml.tmpl
var jobText string

var jobTemplate = template.Must(template.New("job").Parse(jobText))

func writeJobFiles(dir string, o Options) error {
	type fields struct {
		Job             string
		Lists           []SendList
		Digests, People bool

		Suppressions, Events string // paths
	}
	lists := o.Lists()
	files := map[JobFile]fields{
		MainJob:    {Job: "bench", Lists: lists[:3]},
		DigestsJob: {Job: "bench-digests", Lists: lists[:3], Digests: true},
	}
	if !o.WithoutProfiles {
		files[FullJob] = fields{Job: "bench-full", Lists: lists[:3], People: true}
	}
	if o.ExtraLists > 0 {
		files[ExtraJob] = fields{Job: "bench-extra", Lists: lists}
	}
	if o.Hashes > 0 {
		files[SuppressionsJob] = fields{Job: "bench-suppressions", Lists: lists[:3], Suppressions: SuppressionsPath}
	}
	if o.Events > 0 {
		files[EventsJob] = fields{Job: "bench-events", Lists: lists[:3], Events: EventsPath}
		files[EventsCSVJob] = fields{Job: "bench-events-csv", Lists: lists[:3], Events: EventsCSVPath}
	}
	for name, f := range files {
		var text bytes.Buffer
		if err := jobTemplate.Execute(&text, f); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, string(name)), text.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
