package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// cli is the command line: its tags are the help.
type cli struct {
	Run     runCommand     `cmd:"" help:"Run a job now: judge its send lists and publish the result."`
	Check   checkCommand   `cmd:"" help:"Check a job file, its inputs' schemas and ages, and its schedule; write nothing."`
	Serve   serveCommand   `cmd:"" help:"Run the jobs in a directory on their schedules, until a signal to stop."`
	Runs    runsCommand    `cmd:"" help:"List the attempts to run a job, or the jobs in a directory: status, counts, duration, and why nothing was published."`
	Explain explainCommand `cmd:"" help:"Explain why somebody was kept or refused in a published run."`
	Verify  verifyCommand  `cmd:"" help:"Read a published run again: digests, sizes, rows, balances."`
	Diff    diffCommand    `cmd:"" help:"Compare two runs of a job: what appeared, disappeared and changed its reason."`
	Init    initCommand    `cmd:"" help:"Write a working sample: a job file and small Parquet inputs."`
	Schema  schemaCommand  `cmd:"" help:"Print the JSON Schema of the job file, for editors."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Log string `help:"How to log on standard error: text, json or off." enum:"text,json,off" default:"text" placeholder:"FORMAT"`
}

const description = `optout reads profile and consent snapshots, joins them with planned send lists, ` +
	`drops whoever opted out of the channel, makes generic what may not be personal, and publishes ` +
	`cleaned audiences, a ledger of every refusal and an audit report. ` +
	`Nothing but a positive answer is permission: an input that cannot be trusted stops the run.`

const epilogue = `
Exit status: 0 published, or nothing to object; 1 failed; 2 the command or the
job file is wrong; 3 refused: an input cannot be trusted, and nothing was
published; 4 another run of the job holds the lock; 130 interrupted.

Start with a sample:  optout init sample && optout run sample/job.yaml`

// console is what a command works with besides its flags.
type console struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
	lines  *slog.Logger // log of a command that shows no progress, which also a terminal gets
	now    time.Time
	clock  func() time.Time  // for what goes on; now is when it began
	step   func(name string) // told of each step of publication; nil but in tests
}

// terminal reports whether standard error is a terminal, which gets a progress
// bar in place of lines.
func (c *console) terminal() bool {
	f, ok := c.stderr.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// exited is how the command line library's wish to exit leaves it.
type exited int

// run is the program. It returns the exit status. Step is told of each step of
// publication; it is nil but in tests, which kill the process there.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, step func(name string)) (status int) {
	return runAt(ctx, time.Now(), args, stdout, stderr, step)
}

// withoutValue says what a panic was: one of Go's own in its words, which have numbers and
// types, of any other the type alone, since a library may put data into the value.
func withoutValue(p any) string {
	if err, isRuntime := p.(runtime.Error); isRuntime {
		return err.Error()
	}
	return fmt.Sprintf("a panic of type %T", p)
}

// runAt is run at a given time.
func runAt(ctx context.Context, now time.Time, args []string, stdout, stderr io.Writer, step func(name string)) (status int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case exited:
			status = int(p)
		default:
			// The status must say that the run failed, whatever broke it.
			fmt.Fprintf(stderr, "optout: this is a bug: %s\n%s", withoutValue(p), debug.Stack())
			status = statusFailed
		}
	}()
	var c cli
	parser, err := kong.New(&c, kong.Name("optout"), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Help(helpPrinter))
	if err != nil {
		fmt.Fprintln(stderr, "optout:", err)
		return statusFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "optout: %v\nRun optout --help, or optout COMMAND --help.\n", err)
		return statusUsage
	}
	ahead := time.Until(now)
	clock := func() time.Time { return time.Now().Add(ahead) }
	terminal := &console{ctx: ctx, stdout: stdout, stderr: stderr, now: now, clock: clock, step: step}
	terminal.log = newLogger(c.Log, stderr, terminal.terminal())
	terminal.lines = newLogger(c.Log, stderr, false)
	err = parsed.Run(terminal)
	if err != nil && !errors.Is(err, errTold) {
		fmt.Fprintln(stderr, "optout:", err)
	}
	return exitStatus(err)
}

// helpPrinter adds the exit codes behind the overview of commands.
func helpPrinter(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if ctx.Selected() == nil {
		fmt.Fprintln(ctx.Stdout, epilogue)
	}
	return nil
}

// newLogger makes the logger. Where a progress bar and a table tell the rest, only
// warnings are told.
func newLogger(format string, w io.Writer, quiet bool) *slog.Logger {
	var options slog.HandlerOptions
	switch {
	case format == "off":
		return slog.New(slog.DiscardHandler)
	case format == "json":
		return slog.New(slog.NewJSONHandler(w, nil))
	case quiet:
		options.Level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(w, &options))
}
