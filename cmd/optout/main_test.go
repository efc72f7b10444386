package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Environment of the command in tests, which is this test binary under the name
// of optout. The program itself knows none of them.
const (
	testNow   = "OPTOUT_TEST_NOW"        // the time, RFC 3339
	testStep  = "OPTOUT_TEST_STEP"       // STEP=kill, =interrupt, =terminate or =append FILE
	testLimit = "OPTOUT_TEST_FILE_LIMIT" // the largest file that may be written, in bytes
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"optout": testOptout})
}

// testOptout is main with a clock and with accidents at will.
func testOptout() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	now := time.Now()
	if text := os.Getenv(testNow); text != "" {
		var err error
		now, err = time.Parse(time.RFC3339, text)
		mustDo(err)
	}
	if text := os.Getenv(testLimit); text != "" {
		limitFiles(text)
	}
	os.Exit(runAt(ctx, now, os.Args[1:], os.Stdout, os.Stderr, accident(ctx)))
}

// limitFiles makes the system refuse to write large files, as a full disk would.
func limitFiles(text string) {
	n, err := strconv.ParseUint(text, 10, 64)
	mustDo(err)
	signal.Ignore(syscall.SIGXFSZ)
	mustDo(syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}))
}

// accident returns what happens to the process at a step of publication.
func accident(ctx context.Context) func(step string) {
	at, what, _ := strings.Cut(os.Getenv(testStep), "=")
	return func(step string) {
		if step != at {
			return
		}
		action, file, _ := strings.Cut(what, " ")
		switch action {
		case "kill":
			mustDo(syscall.Kill(os.Getpid(), syscall.SIGKILL))
			select {} // the signal is on its way
		case "interrupt":
			mustDo(syscall.Kill(os.Getpid(), syscall.SIGINT))
			<-ctx.Done()
		case "terminate":
			mustDo(syscall.Kill(os.Getpid(), syscall.SIGTERM))
			<-ctx.Done()
		case "append":
			f, err := os.OpenFile(filepath.FromSlash(file), os.O_APPEND|os.O_WRONLY, 0)
			mustDo(err)
			_, err = f.WriteString("more")
			mustDo(err)
			mustDo(f.Close())
		default:
			mustDo(fmt.Errorf("no such accident: %q", what))
		}
	}
}

func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}
