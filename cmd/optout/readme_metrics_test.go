package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"optout/jobs/history"
	"optout/jobs/metrics"
	"optout/writers"
)

// TestMetricsAreDocumented: each metric has a row, with its labels.
func TestMetricsAreDocumented(t *testing.T) {
	refused := history.Attempt{Status: history.Refused, FinishedAt: new(time.Time), Gates: []writers.Gate{{Name: "max_age"}}}
	published := history.Attempt{Status: history.Published, FinishedAt: new(time.Time), Summary: &writers.Summary{}}
	families, err := metrics.New("v1", []metrics.Job{{Name: "a", Attempts: []history.Attempt{published, refused}}}).Gather()
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, f := range families {
		labels := ""
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels += " " + l.GetName()
		}
		want = append(want, f.GetName()+labels)
	}
	for _, row := range rows(sections(readPages(t)["docs/scheduling.md"])["Metrics"]) {
		labels, _, _ := strings.Cut(row[1], ":")
		names := regexp.MustCompile("[a-z]+").FindAllString(labels, -1)
		slices.Sort(names)
		got = append(got, strings.TrimSpace(code(row[0])+" "+strings.Join(names, " ")))
	}
	slices.Sort(got)
	for i := range want {
		words := strings.Fields(want[i])
		slices.Sort(words[1:])
		want[i] = strings.Join(words, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics (-program +docs/scheduling.md):\n%s", diff)
	}
}
