package measure

import "optout/bench/generate"

// A Line is one comparison: a subject against a reference, and what to reach.
type Line struct {
	Name, Work         string
	Subject, Reference Side
	Goals              []Goal
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

// Lines are all comparisons, at a share of their full size.
func Lines(scale float64) []Line {
	size := func(n float64) generate.Options { return people(uint64(n * million * scale)) }
	whole, small, large := size(20), size(2), size(100)
	few := whole
	few.Planned = 10_000
	sorted, bloom := few, few
	sorted.Sorted = true
	bloom.Bloom = true
	neighbours := sorted
	neighbours.Neighbours = true
	ten := bloom
	ten.Planned = 12
	more := whole
	more.ExtraLists, more.ExtraRows = 10, uint64(million*scale)
	mainJob := ours(whole, generate.MainJob)
	fewJob := ours(few, generate.MainJob)
	return []Line{
		{
			"main", "20 M consents, 8 M planned in three lists", mainJob, theirs(DuckDB, whole),
			[]Goal{{WallRatio, 1.0 / 3}, {PeakRatio, 1.0 / 6}},
		},
		{
			"small", "2 M consents, 0.8 M planned", ours(small, generate.MainJob), theirs(DuckDB, small),
			[]Goal{{WallRatio, 1.0 / 3}, {PeakRatio, 1.0 / 3}},
		},
		{
			"few", "20 M consents, 10 thousand planned, against DuckDB's scan of the id column", fewJob, theirs(DuckDBScan, few),
			[]Goal{{WallRatio, 1.2}, {PeakMB, 300}},
		},
		{
			"few-neighbours", "the same sorted by key, the planned those with the last keys, against any 10 thousand unsorted",
			ours(neighbours, generate.MainJob), fewJob,
			[]Goal{{WallRatio, 0.1}, {PeakMB, 300}},
		},
		{
			"few-sorted", "the same sorted by key, the planned any, against unsorted", ours(sorted, generate.MainJob), fewJob,
			[]Goal{{WallRatio, 0.1}, {PeakMB, 300}},
		},
		{
			"few-bloom", "the same with bloom filters, against without", ours(bloom, generate.MainJob), fewJob,
			[]Goal{{WallRatio, 0.1}, {PeakMB, 300}},
		},
		{
			"dozen-bloom", "a dozen planned, with bloom filters, against 10 thousand without", ours(ten, generate.MainJob), fewJob,
			[]Goal{{WallRatio, 0.1}, {PeakMB, 300}},
		},
		{
			"lists", "ten more send lists of 1 M each, against three lists", ours(more, generate.ExtraJob), ours(more, generate.MainJob),
			[]Goal{{WallPerRecipient, 1}, {BytesPerRecipient, 40}},
		},
		{
			"digests", "20 M consents with digests of the inputs, against without", ours(whole, generate.DigestsJob), mainJob,
			[]Goal{{WallRatio, 1.15}},
		},
		{
			"large", "100 M consents, 40 M planned under --memory 2GiB, against 20 M", ours(large, generate.MainJob, "--memory", "2GiB"), mainJob,
			[]Goal{{WallPerRecord, 1.5}, {PeakMB, 2 << 30 / 1e6}},
		},
		{"ordered", "20 M consents, DuckDB keeping the lists' order too", mainJob, theirs(OrderedPeer, whole), nil},
		{"narrow", "20 M consents, DuckDB reading the lists twice to save memory", mainJob, theirs(NarrowPeer, whole), nil},
		{"newest", "20 M consents, the newest DuckDB", mainJob, theirs(NewestDuckDB, whole), nil},
		{"polars", "20 M consents, the newest Polars", mainJob, theirs(Polars, whole), nil},
	}
}
