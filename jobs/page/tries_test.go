package page

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestTries: however many come at once, no more tokens are looked at than there are
// tries.
func TestTries(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	tries := tries{now: func() time.Time { return now }}
	for _, c := range []struct {
		passed time.Duration
		want   int64
	}{{0, 10}, {0, 0}, {tryEvery - 1, 0}, {1, 1}, {3 * tryEvery, 3}, {time.Hour, 10}} {
		now = now.Add(c.passed)
		var looked atomic.Int64
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				tries.try(func() bool {
					looked.Add(1)
					return false
				})
			})
		}
		wg.Wait()
		if got := looked.Load(); got != c.want {
			t.Errorf("%s later: %d tokens were looked at, want %d", c.passed, got, c.want)
		}
	}
}
