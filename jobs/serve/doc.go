// Package serve runs the jobs of a folder on their schedules, unattended.
//
// A [Daemon] looks at the folder, at the clock and at the history of each job,
// and nothing else: whatever it knows of the past stands in the history, so that
// one that was killed goes on where it was, and two on one folder do not run a
// job twice. What a job is to do now is one pure function, plan.
//
//   - A run belongs to a logical date and happens once for it. A date is settled
//     by a published run or by a refusal; what failed is tried again, later and
//     later; what was missed is caught up as the job wishes, or written down as
//     skipped.
//   - Runs of one job never overlap, and only so many work at once. One that
//     waits for its inputs takes no place.
//   - A job file that changes is read again once it has stopped changing. A broken
//     one leaves the last good version in place.
package serve
