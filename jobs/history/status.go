package history

// A Status is what became of an attempt.
type Status string

// The zero value is none of them.
const (
	Running     Status = "running"
	Published   Status = "published"
	Already     Status = "already_published" // its run stood there before
	Refused     Status = "refused"           // an input cannot be trusted
	Failed      Status = "failed"            // something broke
	Interrupted Status = "interrupted"       // it was told to stop, or its process was killed
	Skipped     Status = "skipped"           // its time passed while nothing served the job, which wants no catching up
)

// Settles reports whether nothing is left to do for the date of an attempt that
// ended so.
func (s Status) Settles() bool {
	switch s {
	case Published, Already, Refused, Skipped:
		return true
	}
	return false
}

// Good reports whether a run of the attempt's date stands published.
func (s Status) Good() bool { return s == Published || s == Already }

// A Starter is who or what started an attempt.
type Starter string

// Starters.
const (
	ByHand     Starter = "hand"     // optout run, be it called by a person or by another scheduler
	BySchedule Starter = "schedule" // optout serve, when the job was due
	ByCatchUp  Starter = "catch_up" // optout serve, which was not there when the job was due
	ByRetry    Starter = "retry"    // optout serve, after an attempt that failed
	ByPage     Starter = "page"     // somebody on the page of optout serve
)

// Unattended reports whether nobody was there: optout serve began it by itself.
func (s Starter) Unattended() bool { return s == BySchedule || s == ByCatchUp || s == ByRetry }
