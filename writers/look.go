package writers

import (
	"html/template"
	"maps"
)

// Style is the style sheet of the report, for pages that are to look like it.
func Style() ([]byte, error) { return reportFiles.ReadFile("report/report.css") }

// Words are the functions by which the templates of the report write figures,
// times and names, for pages that are to read like it.
func Words() template.FuncMap { return maps.Clone(reportFuncs) }
