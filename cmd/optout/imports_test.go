package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the architecture: what a package of ours may import beside the
// standard library. A name that ends in a slash stands for all below it. What a
// package is not allowed here it must not know; a new package needs a line.
var mayImport = map[string][]string{
	"optout/cmd/optout": {
		"optout/jobs", "optout/jobs/history", "optout/jobs/serve", "optout/writers", // the types of results
		"optout/jobs/metrics", "optout/jobs/notify", "optout/jobs/page",
		"github.com/alecthomas/kong", "github.com/schollz/progressbar/v3", "golang.org/x/term",
	},
	"optout/jobs": {
		"optout/jobs/history", "optout/pipeline", "optout/pipeline/consent", "optout/pipeline/identity", "optout/readers", "optout/writers",
		"go.yaml.in/yaml/v4", "github.com/invopop/jsonschema", "github.com/robfig/cron/v3", "github.com/gofrs/flock",
		"github.com/apache/arrow/go/v15/arrow/memory", // the allocator is made here; records pass by
	},
	"optout/jobs/serve":   {"optout/jobs", "optout/jobs/history"},
	"optout/jobs/history": {"optout/writers", "github.com/gofrs/flock"},
	"optout/jobs/page": {
		"optout/jobs", "optout/jobs/history", "optout/jobs/metrics", "optout/jobs/serve", "optout/writers",
		"github.com/prometheus/client_golang/prometheus/promhttp",
	},
	"optout/jobs/notify":  {"optout/jobs/history", "optout/writers"},
	"optout/jobs/metrics": {"optout/jobs/history", "github.com/prometheus/client_golang/prometheus"},
	"optout/readers": {
		"github.com/apache/arrow/go/v15/", "github.com/parquet-go/parquet-go/",
		"github.com/andybalholm/brotli", "github.com/klauspost/compress/", "github.com/pierrec/lz4/v4",
		"github.com/zeebo/xxh3", "golang.org/x/sys/cpu",
	},
	"optout/writers": {
		"optout/pipeline", "optout/pipeline/consent",
		"github.com/apache/arrow/go/v15/", "github.com/parquet-go/parquet-go/",
	},
	"optout/pipeline": {
		"optout/pipeline/consent", "optout/pipeline/identity",
		"github.com/apache/arrow/go/v15/",
	},
	"optout/pipeline/consent":  {},
	"optout/pipeline/identity": {"golang.org/x/text/unicode/norm", "golang.org/x/net/idna", "github.com/nyaruka/phonenumbers", "github.com/dchest/siphash"},

	// Packages for tests, which only tests may import.
	"optout/jobs/page/pagetest":  {"optout/jobs", "optout/jobs/history", "optout/jobs/page", "optout/jobs/serve", "optout/writers"},
	"optout/pipeline/outputtest": {"optout/pipeline", "github.com/apache/arrow/go/v15/"},
	"optout/writers/parquettest": {"github.com/parquet-go/parquet-go/"},
}

// banned are packages that no package of ours may use, with the reason.
var banned = map[string]string{
	"github.com/apache/arrow/go/v15/arrow/compute":   "its filter is quadratic and it weighs 17 MB",
	"github.com/apache/arrow/go/v15/arrow/ipc":       "foreign IPC is not safe to read with it",
	"github.com/apache/arrow/go/v15/parquet":         "parquet-go is the Parquet library",
	"github.com/apache/arrow/go/v15/parquet/pqarrow": "parquet-go is the Parquet library",
	"unsafe":        "nothing needs it",
	"C":             "the program is static",
	"math/rand":     "math/rand/v2 is the one to use, and only for what shows in no result",
	"log":           "log/slog comes in as a parameter",
	"io/ioutil":     "it is gone",
	"net/http":      "no run talks to a network",
	"os/user":       "who runs it decides nothing",
	"expvar":        "it changes globals",
	"plugin":        "there are no plug-ins",
	"html":          "html/template escapes",
	"text/template": "html/template escapes",
}

// networked are the packages that talk to a network all the same, none of which has
// a hand in a run.
var networked = map[string]bool{"optout/jobs/notify": true, "optout/jobs/page": true, "optout/jobs/page/pagetest": true}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// listPackages asks the go command for the packages of this module.
func listPackages(t *testing.T) (all []listed) {
	t.Helper()
	cmd := exec.Command("go", "list", "-pgo=off", "-json=ImportPath,Imports,TestImports,XTestImports", "optout/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestImports holds what packages import against the architecture.
func TestImports(t *testing.T) {
	found := map[string]bool{}
	for _, p := range listPackages(t) {
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("package %s is not in the table of imports", p.ImportPath)
			continue
		}
		found[p.ImportPath] = true
		for _, path := range p.Imports {
			switch reason, isBanned := banned[path]; {
			case path == "net/http" && networked[p.ImportPath]:
			case isBanned:
				t.Errorf("%s imports %s: %s", p.ImportPath, path, reason)
			case isTestOnly(path):
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, path)
			case !isStandard(path) && !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, path) }):
				t.Errorf("%s imports %s, which the table does not allow", p.ImportPath, path)
			}
		}
	}
	for name := range mayImport {
		if !found[name] {
			t.Errorf("the table of imports has %s, which is not there", name)
		}
	}
}

// covers reports whether an entry of the table allows an import.
func covers(entry, path string) bool {
	below, all := strings.CutSuffix(entry, "/")
	return path == below || all && strings.HasPrefix(path, entry)
}

// isStandard reports whether a package is of the standard library: the first
// step of all others has a dot or is our own.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "optout"
}

func isTestOnly(path string) bool {
	return strings.HasPrefix(path, "optout/") && strings.HasSuffix(path, "test") || path == "testing"
}
