package writers

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
)

// A Report is all that report.html shows: one file for a compliance officer,
// which loads nothing, runs nothing and names nobody.
type Report struct {
	Manifest *Manifest
	Summary  *Summary
	Rules    []ListRules // one for each list, in the order of the summary
}

//go:embed report/page.tmpl
var reportPage string

// HTML is the text of report.html. The same report gives the same bytes. It
// fails where there are not as many rules as lists, or not in their order.
func (r *Report) HTML() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	page, err := template.New("page").Parse(reportPage)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := page.Execute(&text, r); err != nil {
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
