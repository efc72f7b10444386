package measure

import "optout/bench/generate"

// A Line is one comparison: a subject against a reference, and what to reach.
type Line struct {
	Name, Work         string
	Subject, Reference Side
	Without            *Side // the subject without what the line is about, for figures that ask what that costs
	Goals              []Goal
	Obstacle           string // what stands in the way of a goal that is missed, as a sentence
}

// NeedsPython reports whether a side runs in Python.
func (l Line) NeedsPython() bool {
	return l.Reference.Runner == NewestDuckDB || l.Reference.Runner == Polars
}

const (
	million = 1_000_000
	seed    = 1
)

// people is a snapshot of that many.
func people(n uint64) generate.Options {
	return generate.Options{Seed: seed, Profiles: n, Parts: 4, GroupRows: 250_000, WithoutProfiles: true}
}

// ours runs the command on the job of a snapshot.
func ours(o generate.Options, job generate.JobFile, args ...string) Side {
	return Side{Runner: Optout, Snapshot: o, Job: job, Args: args}
}

func theirs(r Runner, o generate.Options) Side {
	return Side{Runner: r, Snapshot: o, Job: generate.MainJob}
}
