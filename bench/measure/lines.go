package measure

import (
	"slices"

	"optout/bench/generate"
)

// Lines are all comparisons, at a share of their full size.
func Lines(scale float64) []Line {
	return slices.Concat(wholeLines(scale), fewLines(scale), moreLines(scale), peerLines(scale))
}

func size(n, scale float64) generate.Options { return people(uint64(n * million * scale)) }

// wholeLines are about jobs as they run every night.
func wholeLines(scale float64) []Line {
	whole, small, large := size(20, scale), size(2, scale), size(100, scale)
	mainJob := ours(whole, generate.MainJob)
	return []Line{
		{
			Name: "main", Work: "20 M consents, 8 M planned in three lists",
			Subject: mainJob, Reference: theirs(DuckDB, whole),
			Goals: []Goal{{WallRatio, 1.0 / 3}, {PeakRatio, 1.0 / 6}},
			Obstacle: "no part of the work is large any more. Of the processors' time zstd takes a fifth, in both directions, " +
				"the rest of reading and writing a third, the look-ups of keys a sixth, judging a tenth. Of memory, addresses take " +
				"two fifths, since a match compares them whole, and the answers of people a quarter, with eight bytes of time for each.",
		},
		{
			Name: "small", Work: "2 M consents, 0.8 M planned",
			Subject: ours(small, generate.MainJob), Reference: theirs(DuckDB, small),
			Goals:    []Goal{{WallRatio, 1.0 / 3}, {PeakRatio, 1.0 / 3}},
			Obstacle: "what stands in the way of main; what one thread does alone (numbering keys, marking duplicates, closing files) weighs more here.",
		},
		{
			Name: "digests", Work: "20 M consents with digests of the inputs, against without",
			Subject: ours(whole, generate.DigestsJob), Reference: mainJob,
			Goals: []Goal{{WallRatio, 1.15}},
		},
		{
			Name: "large", Work: "100 M consents, 40 M planned under --memory 2GiB, against 20 M",
			Subject: ours(large, generate.MainJob, "--memory", "2GiB"), Reference: mainJob,
			Goals:    []Goal{{WallPerRecord, 1.5}, {PeakMB, 2 << 30 / 1e6}},
			Obstacle: "recipients go in partitions that fit into the memory, and each of them reads the snapshot again.",
		},
	}
}

// fewLines are about jobs that plan little of a large snapshot.
func fewLines(scale float64) []Line {
	few := size(20, scale)
	few.Planned = 10_000
	sorted, bloom := few, few
	sorted.Sorted = true
	bloom.Bloom = true
	neighbours := sorted
	neighbours.Neighbours = true
	ten := bloom
	ten.Planned = 12
	fewJob := ours(few, generate.MainJob)
	skipped := []Goal{{WallRatio, 0.1}, {PeakMB, 300}}
	const noSkipping = "no pages are skipped by statistics, page index or bloom filter: the gates read every answer of every row, " +
		"and a damaged statistic would be a wrong keep."
	return []Line{
		{
			Name: "few", Work: "20 M consents, 10 thousand planned, against DuckDB's scan of the id column",
			Subject: fewJob, Reference: theirs(DuckDBScan, few),
			Goals:    []Goal{{WallRatio, 1.2}, {PeakMB, 300}},
			Obstacle: "the gates (opt-outs, invalid values) read every answer of every row, planned or not; DuckDB reads the one column.",
		},
		{
			Name: "few-neighbours", Work: "the same sorted by key, the planned those with the last keys, against any 10 thousand unsorted",
			Subject: ours(neighbours, generate.MainJob), Reference: fewJob, Goals: skipped, Obstacle: noSkipping,
		},
		{
			Name: "few-sorted", Work: "the same sorted by key, the planned any, against unsorted",
			Subject: ours(sorted, generate.MainJob), Reference: fewJob, Goals: skipped,
			Obstacle: noSkipping + " Ten thousand keys of anybody are on every page, too.",
		},
		{
			Name: "few-bloom", Work: "the same with bloom filters, against without",
			Subject: ours(bloom, generate.MainJob), Reference: fewJob, Goals: skipped,
			Obstacle: noSkipping + " Ten thousand keys of anybody are in every row group, too.",
		},
		{
			Name: "dozen-bloom", Work: "a dozen planned, with bloom filters, against 10 thousand without",
			Subject: ours(ten, generate.MainJob), Reference: fewJob, Goals: skipped, Obstacle: noSkipping,
		},
	}
}

// moreLines are about what further inputs cost.
func moreLines(scale float64) []Line {
	lists, hashes, events := size(20, scale), size(20, scale), size(20, scale)
	lists.ExtraLists, lists.ExtraRows = 10, uint64(million*scale)
	hashes.Hashes = uint64(50 * million * scale)
	events.Events = uint64(10 * million * scale)
	withoutHashes, withoutEvents := ours(hashes, generate.MainJob), ours(events, generate.MainJob)
	// Memory follows the recipients: a place in one more index, a mark or an event each.
	read := []Goal{{WallBeyond, 2}, {BytesBeyond, 64}}
	return []Line{
		{
			Name: "lists", Work: "ten more send lists of 1 M each, against three lists",
			Subject: ours(lists, generate.ExtraJob), Reference: ours(lists, generate.MainJob),
			Goals:    []Goal{{WallPerRecipient, 1}, {BytesPerRecipient, 40}},
			Obstacle: "each field of each person keeps its answer with the time of it, eight bytes, beside the keys.",
		},
		{
			Name: "suppressions", Work: "a suppression list of 50 M hashes against 8 M planned, against DuckDB reading it",
			Subject: ours(hashes, generate.SuppressionsJob), Reference: theirs(HashesScan, hashes), Without: &withoutHashes,
			Goals: read,
		},
		{
			Name: "events", Work: "an event log of 10 M lines of NDJSON against 8 M planned, against DuckDB reading it",
			Subject: ours(events, generate.EventsJob), Reference: theirs(EventsScan, events), Without: &withoutEvents,
			Goals: read,
		},
		{
			Name: "events-csv", Work: "the same log in CSV",
			Subject: ours(events, generate.EventsCSVJob), Reference: theirs(EventsCSV, events), Without: &withoutEvents,
			Goals: read,
		},
	}
}

// peerLines are about other peers; nothing is to be reached.
func peerLines(scale float64) []Line {
	whole := size(20, scale)
	mainJob := ours(whole, generate.MainJob)
	return []Line{
		{Name: "ordered", Work: "20 M consents, DuckDB keeping the lists' order too", Subject: mainJob, Reference: theirs(OrderedPeer, whole)},
		{Name: "narrow", Work: "20 M consents, DuckDB reading the lists twice to save memory", Subject: mainJob, Reference: theirs(NarrowPeer, whole)},
		{Name: "newest", Work: "20 M consents, the newest DuckDB", Subject: mainJob, Reference: theirs(NewestDuckDB, whole)},
		{Name: "polars", Work: "20 M consents, the newest Polars", Subject: mainJob, Reference: theirs(Polars, whole)},
	}
}
