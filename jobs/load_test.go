package jobs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sound is a job file with nothing wrong.
const sound = `job: nightly
consents:
  path: consents.parquet
  key: profile_id
send_lists:
  - name: vip
    path: vip.parquet
    channel: email
    profile: profile_id
    address: email
policy:
  propagate_by_address: false
output:
  path: out
`

func load(text string) (*Job, error) { return parse("job.yaml", "/jobs", []byte(text)) }

// mustLoad loads a job that must be sound.
func mustLoad(t *testing.T, text string) *Job {
	t.Helper()
	j, err := load(text)
	if err != nil {
		t.Fatalf("load %s:\n%v", text, err)
	}
	return j
}

// found lists mistakes as LINE:COLUMN KEY: TEXT.
func found(t *testing.T, text string) (list []string) {
	t.Helper()
	_, err := load(text)
	if err == nil {
		return nil
	}
	var mistakes Mistakes
	if !errors.As(err, &mistakes) {
		t.Fatalf("got error %v, want mistakes", err)
	}
	for _, e := range mistakes {
		list = append(list, fmt.Sprintf("%d:%d %s: %s", e.Line, e.Column, e.Key, e.Text))
	}
	return list
}

// checkMistakes compares the mistakes of a job file with the expected.
func checkMistakes(t *testing.T, text string, want ...string) {
	t.Helper()
	if got := found(t, text); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("job file\n%s\ngot\n  %s\nwant\n  %s", text, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestLoadSound(t *testing.T) {
	mustLoad(t, sound)
	mustLoad(t, "\ufeff"+sound)
	mustLoad(t, strings.ReplaceAll(sound, "\n", "\r\n"))
	mustLoad(t, strings.ReplaceAll(sound, "\n", "\r"))
	mustLoad(t, "---\n"+sound+"...\n")
	mustLoad(t, sound+"\n# the end")
}

// TestNotYAML tries texts that are no YAML, or no job that could be read on.
func TestNotYAML(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "1:1 : the file is empty; run optout init for a sample"},
		{"# nothing\n", "1:1 : the file is empty; run optout init for a sample"},
		{"---\n", "2:1 : expected keys with values, found nothing"},
		{"null", "1:1 : expected keys with values, found nothing"},
		{"hello", `1:1 : expected keys with values, found "hello"`},
		{"- a\n- b\n", "1:1 : expected keys with values, found a list"},
		{"job: a\n\tschedule: b\n", "2:1 : not YAML: a tab cannot indent; use blanks"},
		{"job: a\n  \tschedule: b\n", "2:12 : not YAML: a tab cannot indent; use blanks"},
		{"job: {", "1:7 : not YAML: did not find expected node content"},
		{"job: a: b", "1:7 : not YAML: mapping values are not allowed in this context"},
		{"job: *nobody", "1:6 : not YAML: unknown anchor 'nobody' referenced"},
		{"job: \xff", "1:6 : not YAML: the file is not UTF-8"},
		{"# é\njob: é\xc3", "2:7 : not YAML: the file is not UTF-8"},
		{"\xff\xfej\x00o\x00b\x00", "1:1 : not YAML: the file is not UTF-8"},
		{"job: \x00", "1:1 : not YAML: control characters are not allowed (value: 0)"},
		{"job: a\n---\njob: b\n", "2:1 : a second document begins here: a job file holds one"},
		{"job: a\n...\njob: b\n", "3:1 : a second document begins here: a job file holds one"},
		{"job: a\n---\njob: {\n", "4:1 : not YAML: did not find expected node content"},
	} {
		checkMistakes(t, c.text, c.want)
	}
}

// TestLoadDamagedYAML makes sure that no file, however nested or large, brings
// the program down or keeps it long.
func TestLoadDamagedYAML(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 20 {
		from, to := 'a'+rune(i), 'b'+rune(i)
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", to, to, from, from, from, from, from, from, from, from, from)
	}
	unknown := strings.Builder{}
	for i := range 5_000 {
		fmt.Fprintf(&unknown, "k%d: 1, ", i)
	}
	for name, text := range map[string]string{
		"brackets":        strings.Repeat("[", maxJobFile),
		"braces":          strings.Repeat("{a: ", maxJobFile/4),
		"dashes":          strings.Repeat("- ", maxJobFile/2),
		"questions":       strings.Repeat("? ", maxJobFile/2),
		"anchors":         strings.Repeat("&a ", maxJobFile/10),
		"quotes":          `"` + strings.Repeat(`\x`, maxJobFile/2),
		"blanks":          strings.Repeat(" ", maxJobFile),
		"lines":           strings.Repeat("\n", maxJobFile),
		"keys":            strings.Repeat("a: 1\n", maxJobFile/20),
		"aliases":         bomb,
		"lists":           "send_lists: [" + strings.Repeat("{}, ", maxJobFile/20) + "]",
		"unknown":         "send_lists: [&a {" + unknown.String() + "}" + strings.Repeat(", *a", 20_000) + "]",
		"columns":         "consents: {path: a, key: b, columns: {" + strings.ReplaceAll(unknown.String(), ": 1", ".val: 1") + "}}",
		"cycle of a list": "send_lists: &x [*x]",
		"cycle of a map":  "send_lists: &x [{personalization: *x, name: *x}]",
		"cycle of all":    "&x\npolicy: *x\nconsents: *x\n",
		"merge of itself": "&x\n<<: *x\n",
		"long key":        strings.Repeat("k", maxJobFile/2) + ": 1",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(text)
			if err == nil {
				t.Fatal("no mistake was found")
			}
			if n := len(err.Error()); n > 4<<20 {
				t.Errorf("the message has %d bytes", n)
			}
		})
	}
}

func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "job.yaml")
	if err := os.WriteFile(path, []byte(sound), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := j.resolve("a/b"), filepath.Join(dir, "a/b"); got != want {
		t.Errorf("resolved a/b to %s, want %s", got, want)
	}
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, []byte(strings.Repeat("#", maxJobFile+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "open job file: ",
		dir:                             "read job file: ",
		large:                           "is larger than 1048576 bytes; is it a job file?",
	} {
		_, err := Load(name)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("load %s: got error %v, want a usage error with %q", name, err, want)
		}
	}
}
