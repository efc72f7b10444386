package jobs

import "time"

// Attempts is how often a failed run is tried again.
func (r Retry) Attempts() int { return int(orDefault(r.Times, 8)) }

// Pause is the time between a failure, the first of which is number 1, and the
// next attempt.
func (r Retry) Pause(failure int) time.Duration {
	wait := time.Duration(orDefault(r.Wait, Duration(time.Minute)))
	most := time.Duration(orDefault(r.MaxWait, Duration(time.Hour)))
	for ; failure > 1 && wait < most; failure-- {
		wait *= 2
	}
	return min(wait, most)
}
