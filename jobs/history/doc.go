// Package history keeps what became of every attempt to run a job: one JSON file
// an attempt, in the directory attempts beside the runs of the job.
//
// An [Attempt] is written when it begins, by [Begin], and replaced whole when it
// ends, by [Record.End]. Whoever does that holds the job's lock. A process that
// is killed in between leaves an attempt that runs for ever in its file: [Read]
// tells it from one that does run by the lock, which the system frees, and the
// next attempt writes down that it was interrupted.
//
// The files hold counts, gates and ages, enough to tell every night's story
// after the runs themselves are deleted. They hold no person.
package history
