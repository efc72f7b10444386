// Package jobs makes a job file into a run.
//
// Read it in this order:
//
//   - [Load] reads a job file into a [Job] and reports every mistake in it at
//     once, as [Mistakes] with line and column. Its types, from [Job] down, are
//     the job file: their tags are its keys and the source of [Schema].
//   - [Run] is a run: the inputs are opened and checked, matched and judged by
//     package pipeline, written by package writers and published.
//   - [Survey] does the first part of that and writes nothing.
//   - [Job.Firings] are the logical dates that the schedule names; package serve
//     runs them. What became of every attempt package history keeps.
//
// Everything that can refuse a run is a gate, with a reading and a limit; one
// that does not pass, unless it was accepted for this run, ends it as a
// [*Refusal]. A refused run publishes nothing.
//
// No file format is known here and no rule of consent: a job is turned into a
// pipeline.Plan, which is tables, columns by number and a policy. The clock,
// the environment and the terminal belong to the command; what the package
// needs of them is in [Options].
package jobs
