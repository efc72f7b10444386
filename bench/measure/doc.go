// Package measure runs the command and its peers as child processes, in turns,
// and reports medians of what the kernel says of them: wall time, CPU time and
// peak memory.
//
// Read it in this order: [Run] (one process), [Side] (who runs, on what),
// [Line] (a side against another, and what to reach), [Bench.Measure] (the
// turns), [Results] (what was measured, kept and written as Markdown).
package measure
