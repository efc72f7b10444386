package writers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// A Manifest is the evidence of a run: what it read, what it wrote, which gates
// it passed and how. It holds no person.
type Manifest struct {
	Version     int       `json:"manifest_version"` // 1
	RunID       string    `json:"run_id"`
	Job         string    `json:"job"`
	JobDigest   string    `json:"job_sha256"`
	JobFile     string    `json:"job_file,omitempty"` // from the run's directory; "" where it does not stand above it
	Program     Program   `json:"program"`
	Date        string    `json:"date"` // logical date, YYYY-MM-DD
	Timezone    string    `json:"timezone"`
	AsOf        time.Time `json:"as_of"` // end of the logical date: when messages count as sent unless the list says
	StartedAt   time.Time `json:"started_at"`
	FinishedAt  time.Time `json:"finished_at"`
	AddressHash string    `json:"address_hash"` // hmac-sha256 or sha256

	// AddressHashKey tells one key from another without showing either.
	AddressHashKey string `json:"address_hash_key,omitempty"`
	InputDigests   string `json:"input_digests"` // sha256, or none where the job switched them off

	Inputs   []Input  `json:"inputs"`
	Outputs  []Output `json:"outputs"`
	Gates    []Gate   `json:"gates"`
	Accepted []string `json:"accepted"` // gates let through with --accept
}

// Program says what made a run.
type Program struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
}

// Input is one input of a run.
type Input struct {
	Name    string      `json:"name"`
	Kind    string      `json:"kind"`    // profiles, consents, send_list; suppression, allowed, registry, exemption, erased, provider_block; events
	Pattern string      `json:"pattern"` // the path as the job names it
	Path    string      `json:"path"`    // the same with its dates filled in
	Files   []InputFile `json:"files"`
	Bytes   int64       `json:"bytes"`
	Rows    int64       `json:"rows"`
	Columns []string    `json:"columns"`           // read
	Missing []string    `json:"missing,omitempty"` // optional columns that it lacks

	AsOf   *time.Time `json:"as_of"`       // null where the job does not say how to know
	Age    *float64   `json:"age_seconds"` // when the run started
	MaxAge *float64   `json:"max_age_seconds"`

	Answers *Answers `json:"answers,omitempty"` // of a consent input
	Entries *Entries `json:"entries,omitempty"` // of a list of addresses or people
	Events  *Events  `json:"events,omitempty"`  // of an event log
}

// InputFile is one file of an input.
type InputFile struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256,omitempty"` // absent where the job switched digests off
}

// Answers counts what a consent input said, over all its rows.
type Answers struct {
	Values     int64        `json:"values"`
	OptOuts    int64        `json:"opt_outs"`
	Normalised int64        `json:"normalised"` // read in spite of another case
	Invalid    int64        `json:"invalid"`
	ByInvalid  []ValueCount `json:"invalid_values,omitempty"` // the most frequent
}

// Entries counts what a list of addresses or people holds, over all its rows.
type Entries struct {
	Valid     int64    `json:"valid"`
	Ignored   int64    `json:"ignored"` // taken off the list by their status
	Empty     int64    `json:"empty"`   // null, empty or a placeholder: they name nobody
	Malformed int64    `json:"malformed"`
	Hits      int64    `json:"hits"`                        // that name a planned recipient
	Places    []string `json:"malformed_entries,omitempty"` // where the first malformed ones stand

	// Sketch is a sample of fingerprints of the valid entries, from which the next
	// run sees which are gone. It is made with the key of address hashes and says
	// nothing without it; absent where there is none.
	Sketch []byte `json:"sketch,omitempty"`
}

// Events counts what an event log holds, over all its rows, and says what it
// changed.
type Events struct {
	OptOuts  int64    `json:"opt_outs"`
	OptIns   int64    `json:"opt_ins"`
	Timeless int64    `json:"opt_outs_without_time"`
	Newer    *int64   `json:"opt_outs_newer_than_snapshot"` // null where the time of a consent snapshot is not known
	Late     int64    `json:"after_as_of"`                  // of either kind; the opt-outs count
	Idle     int64    `json:"not_applying"`                 // on channels and subscriptions of no list, opt-ins without a time
	Bad      int64    `json:"bad"`                          // that cannot be understood
	Places   []string `json:"bad_events,omitempty"`         // where the first of them stand

	Rows     int64      `json:"rows_changed"`       // marketing rows with an opt-out that no snapshot has
	Oldest   *time.Time `json:"oldest_new_request"` // of those opt-outs that the last published run had not read; null for none
	Age      *float64   `json:"oldest_new_request_age_seconds"`
	Ceilings []Ceiling  `json:"honor_within,omitempty"`
}

// A Ceiling is how long a request may wait until it is honoured.
type Ceiling struct {
	Channels []string   `json:"channels,omitempty"` // all where there are none
	Within   string     `json:"within"`
	Because  string     `json:"because,omitempty"`
	Oldest   *time.Time `json:"oldest_new_request"` // on these channels; null for none
	Due      *time.Time `json:"due"`                // when it had to be honoured
	Late     bool       `json:"late"`               // it was not
}

// Delays lists the ceilings that a run passed, each in words.
func (m *Manifest) Delays() (all []string) {
	for _, in := range m.Inputs {
		if in.Events == nil {
			continue
		}
		for _, c := range in.Events.Ceilings {
			if c.Late {
				all = append(all, c.delay(in.Name))
			}
		}
	}
	return all
}

func (c *Ceiling) delay(log string) string {
	const at = "2006-01-02 15:04 MST"
	text := fmt.Sprintf("%s: an opt-out of %s is honoured only now, and was due by %s (within %s", log, c.Oldest.UTC().Format(at), c.Due.UTC().Format(at), c.Within)
	if c.Because != "" {
		text += ", " + c.Because
	}
	return text + ")"
}

// ValueCount counts one value that is no choice value. What looks as if it
// might name a person is not shown.
type ValueCount struct {
	Value string `json:"value"`
	Rows  int64  `json:"rows"`
}

// Output is one file of a run.
type Output struct {
	Path   string `json:"path"` // below the run
	Bytes  int64  `json:"bytes"`
	Rows   *int64 `json:"rows"` // null for what has no rows
	SHA256 string `json:"sha256"`
}

// Gate is one interlock and its reading.
type Gate struct {
	Name     string `json:"gate"`
	Subject  string `json:"subject"` // the input or list
	Reading  string `json:"reading"`
	Limit    string `json:"limit"`
	Passed   bool   `json:"passed"`
	Accepted bool   `json:"accepted"` // did not pass, and was let through
}

// JSON is the text of manifest.json.
func (m *Manifest) JSON() ([]byte, error) { return indent(m) }

// Latest names the last published run of a job.
type Latest struct {
	RunID string `json:"run_id"`
	Date  string `json:"date"`
	Path  string `json:"path"` // below the job's output directory
}

// JSON is the text of latest.json.
func (l *Latest) JSON() ([]byte, error) { return indent(l) }

// ThisProgram describes the running program.
func ThisProgram(version string) Program {
	return Program{Name: "optout", Version: version, Go: runtime.Version()}
}

// TextOutput describes a file that was written from text.
func TextOutput(path string, text []byte) Output {
	sum := sha256.Sum256(text)
	return Output{Path: path, Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}
}

// ReadManifest returns the manifest of a published run.
func ReadManifest(dir string) (*Manifest, error) {
	var m Manifest
	if err := readJSON(filepath.Join(dir, manifestName), &m); err != nil {
		return nil, err
	}
	return &m, nil
}

// ReadRun returns manifest and summary of a published run.
func ReadRun(dir string) (*Manifest, *Summary, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, nil, err
	}
	var s Summary
	return m, &s, readJSON(filepath.Join(dir, "summary.json"), &s)
}

// ReadLatest returns the manifest of the last published run of a job, or nil
// where there is none.
func ReadLatest(jobDir string) (*Manifest, error) {
	dir, err := LatestRun(jobDir)
	if dir == "" || err != nil {
		return nil, err
	}
	var m Manifest
	if err := readJSON(filepath.Join(dir, manifestName), &m); err != nil {
		return nil, fmt.Errorf("%w; put back the run that %s names, or remove that file, and the next run is not compared with one before",
			err, filepath.Join(jobDir, latestName))
	}
	return &m, nil
}

// LatestRun returns the directory of the run that latest.json in a job's output
// directory names, or "" where there is no such file.
func LatestRun(jobDir string) (string, error) {
	var latest Latest
	if err := readJSON(filepath.Join(jobDir, latestName), &latest); err != nil {
		if os.IsNotExist(err) {
			return "", nil
		}
		return "", err
	}
	if !filepath.IsLocal(latest.Path) {
		return "", fmt.Errorf("%s names a run outside its directory", filepath.Join(jobDir, latestName))
	}
	return filepath.Join(jobDir, filepath.FromSlash(latest.Path)), nil
}

func readJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
