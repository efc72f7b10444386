package jobs

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// FuzzLoad: no text brings the program down, and whatever is wrong has a place
// in the file and a line that is there.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(everyKey))
	f.Add([]byte("job: &a [*a, {x: *a}]\n<<: *a\n"))
	f.Add([]byte("# é\r\n\tjob: x\u2028---\n--- !x\n"))
	f.Add([]byte("consents: &c {path: a}\nsend_lists: [*c, {name: \"\\u2028\"}, ? x]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return // slow texts are TestLoadDamagedYAML's
		}
		j, err := parse("job.yaml", "/jobs", text)
		if err == nil {
			checkSound(t, j)
			return
		}
		var mistakes Mistakes
		if j != nil || !errors.As(err, &mistakes) || len(mistakes) == 0 {
			t.Fatalf("got job %v and error %v, want mistakes", j, err)
		}
		lines := splitLines(text)
		for _, e := range mistakes {
			if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Text == "" {
				t.Errorf("%d:%d %q in a file of %d lines", e.Line, e.Column, e.Text, len(lines))
			}
			if strings.ContainsAny(e.Source, "\n\r") {
				t.Errorf("the line %q has an end of line in it", e.Source)
			}
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if len(line) > 1<<16 {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
	})
}

// checkSound holds what a run relies on in a job without mistakes.
func checkSound(t *testing.T, j *Job) {
	t.Helper()
	if !nameShape.MatchString(j.Name) || len(j.Consents) == 0 || len(j.SendLists) == 0 || j.Output.Path == "" {
		t.Errorf("a job without mistakes: %+v", j)
	}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	date, err := j.newDate("", now)
	if err != nil {
		t.Fatalf("the date of today: %v", err)
	}
	for i := range j.SendLists {
		l := &j.SendLists[i]
		date.expand(l.Path)
		j.rule(l.Channel, "FR")
		j.listRules(l, date)
	}
	j.nextTimes(now, 3)
	fieldsOf(j)
}
