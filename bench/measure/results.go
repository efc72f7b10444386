package measure

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

// Results are the lines measured so far, kept beside the page that shows them:
// a line measured again replaces itself and leaves the others.
type Results struct {
	Lines map[string]Result `json:"lines"`
}

// A Result is what was measured of a line, when and where.
type Result struct {
	Taken     time.Time `json:"taken"`
	Revision  string    `json:"revision"` // of the source of the command
	DuckDB    string    `json:"duckdb"`
	Machine   Machine   `json:"machine"`
	Subject   []Sample  `json:"subject"`
	Reference []Sample  `json:"reference"`
	Without   []Sample  `json:"without,omitempty"`
}

// OpenResults reads results, none where the file is not there.
func OpenResults(path string) (Results, error) {
	r := Results{Lines: map[string]Result{}}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(content, &r)
}

// Save writes the results as JSON.
func (r Results) Save(path string) error {
	content, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}

// medians are those of each side.
func (r Result) medians() Medians {
	m := Medians{Subject: median(r.Subject), Reference: median(r.Reference)}
	if len(r.Without) > 0 {
		m.Without = median(r.Without)
	}
	return m
}
