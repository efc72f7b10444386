package pipeline

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"strings"
	"sync"
)

// together runs work in so many goroutines, each with its number, and waits for all.
// The first error ends the context of the others, and is the error of all. So is a
// panic: see Guard.
func together(ctx context.Context, workers int, work func(ctx context.Context, worker int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			if err := Guard(func() error { return work(ctx, worker) }); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// Guard calls work, and makes a panic in it an error that says where it was. In a
// goroutine a panic would end the process, with all other jobs of a daemon, without
// a word in the history, and print what it was about; the error has nothing of that, since
// it may be somebody's.
//
// Whoever holds a lock meanwhile that others wait for must defer its unlocking.
func Guard(work func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("this is a bug in the program, at %s; please report it", panicSite())
		}
	}()
	return work()
}

// panicSite is the line of ours that led to the panic which the caller, a deferred
// function, recovers from.
func panicSite() string {
	callers := make([]uintptr, 100)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	for panicked := false; ; {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicked = true
		case panicked && strings.HasPrefix(f.Function, "optout/"):
			return fmt.Sprintf("%s:%d", path.Base(f.File), f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
