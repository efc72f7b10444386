package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"

	"optout/writers/parquettest"
)

var updateScripts = flag.Bool("update", false, "write what the scripts saw into their expectations")

// now is the time in all tests that do not set their own.
const now = "2026-11-24T10:00:00Z"

// TestScripts runs the scripts in testdata/script. Besides the commands of
// testscript they have:
//
//	base                       write the job and the inputs of testdata/base here, in place of others
//	table [flags] TEXT FILE    make a Parquet file of a table of text; see package parquettest
//	tabledump FILE             print a Parquet file
//	edit FILE OLD NEW          replace a text that must stand in the file, everywhere; \n is a new line
//	cut FILE N                 take N bytes off the end of a file
//	modes DIR                  print which permissions there are below a directory
//	run VAR DIR                set VAR to the directory of the run that DIR/latest.json names, VAR_ID to its id
//	same DIR DIR               two runs have the same data files, byte for byte
//	receive VAR FILE CODE      set VAR to the address of a webhook that answers CODE and adds to FILE what it is sent
//	lock DIR                   hold the lock of a job until the script ends
//	status N optout ARGS...    run the program, which must exit with status N; see checkStatus
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv(testNow, now)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"base":      scriptBase,
			"table":     scriptTable,
			"tabledump": scriptTableDump,
			"edit":      scriptEdit,
			"cut":       scriptCut,
			"modes":     scriptModes,
			"run":       scriptRun,
			"same":      scriptSame,
			"lock":      scriptLock,
			"receive":   scriptReceive,
			"status":    scriptStatus,
		},
		UpdateScripts: *updateScripts, RequireUniqueNames: true,
	})
}

func arguments(ts *testscript.TestScript, neg bool, args []string, n int, usage string) {
	if neg || len(args) != n {
		ts.Fatalf("usage: %s", usage)
	}
}

func scriptBase(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 0, "base")
	ts.Check(layBase(ts.MkAbs(".")))
}

// layBase writes the job of testdata/base and its inputs into a directory.
func layBase(dir string) error {
	base := filepath.Join("testdata", "base")
	for _, inputs := range []string{"profiles", "consents", "lists"} {
		if err := os.RemoveAll(filepath.Join(dir, inputs)); err != nil {
			return err
		}
	}
	return filepath.WalkDir(base, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, path)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if name, ok := strings.CutSuffix(to, ".txt"); ok {
			return parquettest.Write(name+".parquet", string(text), parquettest.Options{})
		}
		return os.WriteFile(to, text, 0o600)
	})
}

func scriptTable(ts *testscript.TestScript, neg bool, args []string) {
	const usage = "table [-group ROWS] [-meta KEY=VALUE] TEXT FILE"
	var o parquettest.Options
	flags := flag.NewFlagSet("table", flag.ContinueOnError)
	flags.SetOutput(ts.Stderr())
	flags.IntVar(&o.GroupRows, "group", 0, "rows of a row group")
	flags.Func("meta", "metadata of the footer", func(text string) error {
		key, value, _ := strings.Cut(text, "=")
		o.Metadata = map[string]string{key: value}
		return nil
	})
	ts.Check(flags.Parse(args))
	arguments(ts, neg, flags.Args(), 2, usage)
	path := ts.MkAbs(flags.Arg(1))
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(parquettest.Write(path, ts.ReadFile(flags.Arg(0)), o))
}

func scriptTableDump(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "tabledump FILE")
	text, err := parquettest.Dump(ts.MkAbs(args[0]))
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), text)
}

func scriptEdit(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 3, "edit FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], strings.ReplaceAll(args[2], `\n`, "\n"))), 0o600))
}

func scriptCut(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, "cut FILE N")
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()-n))
}

func scriptModes(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "modes DIR")
	modes := map[string]bool{}
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			modes[info.Mode().String()] = true
		}
		return err
	}))
	fmt.Fprintln(ts.Stdout(), strings.Join(slices.Sorted(maps.Keys(modes)), "\n"))
}

func scriptRun(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 2, "run VAR DIR")
	dir, err := latestRun(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Setenv(args[0], dir)
	ts.Setenv(args[0]+"_ID", strings.TrimPrefix(filepath.Base(dir), "run="))
}

func scriptSame(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] same DIR DIR")
	}
	a, err := dataFiles(ts.MkAbs(args[0]))
	ts.Check(err)
	b, err := dataFiles(ts.MkAbs(args[1]))
	ts.Check(err)
	if diff := diffFiles(a, b); (diff != "") != neg {
		ts.Fatalf("the runs are the same: %v; %s", diff == "", diff)
	}
}

func scriptLock(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, args, 1, "lock DIR")
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	l := flock.New(filepath.Join(dir, ".lock"))
	free, err := l.TryLock()
	ts.Check(err)
	if !free {
		ts.Fatalf("%s is locked already", dir)
	}
	ts.Defer(func() { ts.Check(l.Close()) })
}

func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N optout ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	root := ts.Getenv("WORK")
	before, err := readTree(root)
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if err != nil && !asExit(err, &exit) {
		ts.Fatalf("%v", err)
	}
	got := 0
	if exit != nil {
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	accident := ts.Getenv(testStep)
	accident = accident[strings.LastIndex(accident, " ")+1:]
	ts.Check(checkStatus(root, before, args[2:], got, ts.ReadFile("stdout")+ts.ReadFile("stderr"), accident))
}

// people are texts of the tables in testdata that a person could be known by.
// They may stand in audiences, and nowhere on a terminal.
var people = []string{"@mail.example", "Zaphod", "+3361234", "person-"}

// checkStatus holds what is true after every run of the program: nothing
// personal is printed; a run that did not end well, and a command that only
// looks, leave everything as it was, but for a file that an accident is about;
// what is published is whole.
func checkStatus(root string, before tree, args []string, status int, printed, accident string) error {
	for _, text := range people {
		if strings.Contains(printed, text) {
			return fmt.Errorf("something personal was printed: %q", text)
		}
	}
	after, err := readTree(root)
	if err != nil {
		return err
	}
	looks := slices.Contains(args, "check") || slices.Contains(args, "--dry-run")
	switch {
	case looks || status == statusUsage:
		if diff := before.diff(after, nil); diff != "" {
			return fmt.Errorf("a command that only looks changed files: %s", diff)
		}
	case status != statusPublished:
		excepted := func(path string) bool { return isKept(path) || path == accident }
		if diff := before.diff(after, excepted); diff != "" {
			return fmt.Errorf("a run that failed changed files: %s", diff)
		}
	}
	return checkRuns(root)
}
