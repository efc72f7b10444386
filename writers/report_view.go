package writers

import (
	"html/template"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"optout/pipeline/consent"
)

// A reportView is what the templates of the report read.
type reportView struct {
	*Report
	Style       template.CSS
	StyleDigest string
	Bar         bar
	Lists       []listView
	Reasons     reasonRows // of all lists
	Others      []reasonText
	Inputs      []inputView
	Entries     []entryRow
	Checks      []crossCheck

	Overridden, Refused []Gate
	Unread              []string

	Personal bool // some list has personal content
	Generic  int64
	Bypassed int64
}

type listView struct {
	ListSummary
	ID      string
	Rules   ListRules
	Bar     bar
	Reasons reasonRows
}

type inputView struct {
	Input
	TooOld bool
}

// reasonRows say why the messages of one list, or of all, are not sent.
type reasonRows struct {
	Rows    []reasonRow
	Refused int64 // the sum of their rows
}

type reasonRow struct {
	reasonText
	Decision string
	Rows     int64    // with this as their primary reason
	Behind   int64    // with this behind a more severe one
	Codes    []string // of the channels it struck
}

// reasonCells are the figures of a reason beside its name.
type reasonCells struct {
	reasonRow
	Share  string
	Length string // of its bar, in per cent
}

// Cells measures a reason against all that are not sent.
func (r reasonRow) Cells(refused int64) reasonCells {
	return reasonCells{r, share(r.Rows, refused), length(r.Rows, refused)}
}

func (r *Report) view() *reportView {
	v := &reportView{
		Report: r, Bar: newBar(r.Summary.Total),
		Overridden: r.Manifest.overridden(), Refused: r.Manifest.refused(), Unread: r.Manifest.unread(),
	}
	for i, l := range r.Summary.Lists {
		v.Lists = append(v.Lists, listView{
			ListSummary: l, ID: "list-" + strconv.Itoa(i+1), Rules: r.Rules[i],
			Bar: newBar(l.Counts), Reasons: newReasonRows(l),
		})
		if l.Generic != nil {
			v.Personal = true
			v.Generic += *l.Generic
		}
		if l.Bypass != nil {
			v.Bypassed += l.Bypass.Rows
		}
	}
	for _, in := range r.Manifest.Inputs {
		v.Inputs = append(v.Inputs, inputView{in, r.Manifest.tooOld(in)})
	}
	v.Entries = r.Manifest.entries()
	v.Reasons = newReasonRows(r.Summary.Lists...)
	for reason := range consent.NumReasons {
		name := reason.String()
		if !slices.ContainsFunc(v.Reasons.Rows, func(r reasonRow) bool { return r.Name == name }) {
			v.Others = append(v.Others, explain(name))
		}
	}
	return v
}

// newReasonRows adds up the reasons of lists in order of severity. Reasons that
// struck nobody are left out.
func newReasonRows(lists ...ListSummary) (all reasonRows) {
	for _, l := range lists {
		for _, c := range l.Reasons {
			if c.Rows == 0 && c.Listed == 0 {
				continue
			}
			text := explain(c.Reason)
			i := slices.IndexFunc(all.Rows, func(r reasonRow) bool { return r.Name == text.Name })
			if i < 0 {
				i = len(all.Rows)
				all.Rows = append(all.Rows, reasonRow{reasonText: text, Decision: c.Decision})
			}
			row := &all.Rows[i]
			row.Rows += c.Rows
			row.Behind += max(c.Listed-c.Rows, 0)
			all.Refused += c.Rows
			if code := row.Code(l.Channel); code != "" && !slices.Contains(row.Codes, code) {
				row.Codes = append(row.Codes, code)
			}
		}
	}
	slices.SortStableFunc(all.Rows, func(a, b reasonRow) int { return severity(a.Name) - severity(b.Name) })
	return all
}

// severity is the place of a reason in the order of severity, after all others
// for a name that is none of ours.
func severity(name string) int {
	for r := range consent.NumReasons {
		if r.String() == name {
			return int(r)
		}
	}
	return int(consent.NumReasons)
}

// Digests says which files of an input have a digest.
func (in inputView) Digests() string {
	taken := 0
	for _, f := range in.Files {
		if f.SHA256 != "" {
			taken++
		}
	}
	switch taken {
	case 0:
		return "not taken"
	case len(in.Files):
		return "SHA-256"
	}
	return "SHA-256 of " + strconv.Itoa(taken) + " of " + strconv.Itoa(len(in.Files)) + " files"
}

// AgeWords is the age of an input when the run started.
func (in inputView) AgeWords() string {
	switch {
	case in.Age == nil:
		return "not known"
	case *in.Age < 0:
		return span(ofSeconds(-*in.Age)) + " after the start"
	}
	return span(ofSeconds(*in.Age))
}

// otherInvalid are the invalid values that the manifest does not spell out.
func (a Answers) otherInvalid() int64 {
	left := a.Invalid
	for _, v := range a.ByInvalid {
		left -= v.Rows
	}
	return max(left, 0)
}

// were is the verb for a number of messages.
func were(n int64) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// plural is a number of things.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

var reportFuncs = template.FuncMap{
	"count": Thousands, "share": share, "size": size, "visible": visible, "length": length,
	"were": were, "plural": plural, "explain": explain,
	"moment":       moment,
	"span":         func(seconds *float64) string { return span(ofSeconds(*seconds)) },
	"quote":        strconv.Quote,
	"words":        func(name string) string { return visible(strings.ReplaceAll(name, "_", " ")) },
	"question":     func(gate string) string { return gateQuestions[gate] },
	"runDir":       func(date, runID string) string { return visible(filepath.ToSlash(RunDir(date, runID))) },
	"otherInvalid": Answers.otherInvalid,
	"int64":        func(n int) int64 { return int64(n) },
}
