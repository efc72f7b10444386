package writers

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
)

// A Report is all that report.html shows: one file for a compliance officer,
// which loads nothing, runs nothing and names nobody.
type Report struct {
	Manifest *Manifest // its outputs are those written before the report
	Summary  *Summary
	Rules    []ListRules // one for each list, in the order of the summary
}

//go:embed report/*.tmpl report/report.css
var reportFiles embed.FS

// HTML is the text of report.html. The same report gives the same bytes. It
// fails where the rules are not those of the summary's lists in their order,
// and where anything does not add up: such a run must not be published.
func (r *Report) HTML() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	checks, err := r.balance()
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	style, err := reportFiles.ReadFile("report/report.css")
	if err != nil {
		return nil, err
	}
	pages, err := template.New("").Funcs(reportFuncs).ParseFS(reportFiles, "report/*.tmpl")
	if err != nil {
		return nil, err
	}
	view := r.view()
	view.Checks = checks
	// The policy of the page names its one style by digest: a style or script
	// that found its way in through a name would not run.
	digest := sha256.Sum256(style)
	view.Style, view.StyleDigest = template.CSS(style), base64.StdEncoding.EncodeToString(digest[:])
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, "page", view); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

func (r *Report) check() error {
	if r.Manifest == nil || r.Summary == nil {
		return errors.New("no manifest or no summary")
	}
	if len(r.Rules) != len(r.Summary.Lists) {
		return fmt.Errorf("rules of %d lists for a summary of %d", len(r.Rules), len(r.Summary.Lists))
	}
	for i, l := range r.Summary.Lists {
		if r.Rules[i].List != l.Name {
			return fmt.Errorf("rules of list %q stand where the summary has %q", r.Rules[i].List, l.Name)
		}
	}
	return nil
}
