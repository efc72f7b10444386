package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"optout/jobs"
)

// TestExitStatus: what callers branch on.
func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("disk full"), 1},
		{jobs.Mistakes{{}}, 2},
		{&jobs.UsageError{Err: errors.New("no such date")}, 2},
		{&jobs.Refusal{}, 3},
		{errors.Join(&jobs.Refusal{}, errors.New("disk full")), 3},
		{fmt.Errorf("%w: x", jobs.ErrLocked), 4},
		{fmt.Errorf("read: %w", context.Canceled), 130},
	} {
		if got := exitStatus(c.err); got != c.want {
			t.Errorf("%v: got %d, want %d", c.err, got, c.want)
		}
	}
}
