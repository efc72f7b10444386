package jobs

import (
	"testing"
	"time"
)

func TestRetry(t *testing.T) {
	wait, most, none := Duration(45*time.Second), Duration(5*time.Minute), Count(0)
	for _, c := range []struct {
		retry    Retry
		attempts int
		pauses   []time.Duration
	}{
		{Retry{}, 8, []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}},
		{Retry{&none, &wait, &most}, 0, []time.Duration{45 * time.Second, 90 * time.Second, 3 * time.Minute, 5 * time.Minute}},
		{Retry{nil, &most, &wait}, 8, []time.Duration{45 * time.Second, 45 * time.Second}},
	} {
		if got := c.retry.Attempts(); got != c.attempts {
			t.Errorf("got %d attempts, want %d", got, c.attempts)
		}
		for i, want := range c.pauses {
			if got := c.retry.Pause(i + 1); got != want {
				t.Errorf("failure %d: got %s, want %s", i+1, got, want)
			}
		}
	}
	if got := (Retry{}).Pause(1 << 30); got != time.Hour {
		t.Errorf("after many failures: got %s", got)
	}
}
