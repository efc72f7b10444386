package jobs

import (
	"testing"

	"optout/writers"
)

// identified is what a run is named by.
type identified struct {
	text, date  string
	names       []string
	path        string
	bytes       int64
	digest, key string
}

func (r identified) id(t *testing.T) string {
	t.Helper()
	j := mustLoad(t, r.text)
	date, err := j.newDate(r.date, parseAt(t, "2026-11-24T10:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	p := &prepared{job: j, date: date}
	digests := map[*input][]string{}
	for _, name := range r.names {
		in := &input{info: writers.Input{Name: name, Files: []writers.InputFile{{Path: r.path, Bytes: r.bytes}}}}
		p.consents = append(p.consents, in)
		digests[in] = []string{r.digest}
	}
	return p.runID(digests, []byte(r.key))
}

// TestRunID: the id is the same in every version and on every machine. If this
// golden value must change, dataVersion does too, and every run is new.
func TestRunID(t *testing.T) {
	same := identified{text: sound, date: "2026-11-24", names: []string{"consents"}, path: "consents.parquet", bytes: 7, digest: "ab"}
	const golden = "d67ddc9d784ddc65"
	if got := same.id(t); got != golden {
		t.Errorf("got %s, want %s", got, golden)
	}
	seen := map[string]string{same.id(t): "the same"}
	for what, change := range map[string]func(r *identified){
		"a comment in the job":       func(r *identified) { r.text += "# note\n" },
		"another date":               func(r *identified) { r.date = "2026-11-23" },
		"another path":               func(r *identified) { r.path = "consents-2.parquet" },
		"another size":               func(r *identified) { r.bytes = 8 },
		"another digest":             func(r *identified) { r.digest = "ac" },
		"another input":              func(r *identified) { r.names = []string{"consents-1"} },
		"one more input":             func(r *identified) { r.names = []string{"consents", "consents"} },
		"a path that looks like two": func(r *identified) { r.path = "consents.parquet\" 7 ab\n\"x" },
		"a key":                      func(r *identified) { r.key = "secret" },
		"another key":                func(r *identified) { r.key = "secrets" },
	} {
		r := same
		change(&r)
		id := r.id(t)
		if len(id) != 16 {
			t.Errorf("%s: the id is %q", what, id)
		}
		if other, again := seen[id]; again {
			t.Errorf("%s has the id of %s", what, other)
		}
		seen[id] = what
	}
}

func TestKeyID(t *testing.T) {
	if got := keyID(nil); got != "none" {
		t.Errorf("no key: got %q", got)
	}
	if a, b := keyID([]byte("secret")), keyID([]byte("secrets")); a == b || len(a) != 8 {
		t.Errorf("two keys: got %q and %q", a, b)
	}
}

// TestRelative: what evidence calls a file does not depend on where the job is.
func TestRelative(t *testing.T) {
	j := &Job{dir: "/home/a/job"}
	for _, c := range []struct{ path, given, want string }{
		{"/home/a/job/x/y.parquet", "x/", "x/y.parquet"},
		{"/home/a/data/y.parquet", "../data/", "../data/y.parquet"},
		{"/data/y.parquet", "/data/", "/data/y.parquet"},
		{"/home/a/job/y.parquet", "/home/a/job/", "/home/a/job/y.parquet"},
	} {
		if got := j.relative(c.path, c.given); got != c.want {
			t.Errorf("%s, given as %s: got %s, want %s", c.path, c.given, got, c.want)
		}
	}
}
