// Package peer asks DuckDB for what the command does: the main job of a snapshot
// as the best SQL found for it. Whatever makes DuckDB faster goes in.
//
// The shape that won, of those tried: one join of all lists with the consents
// into a temporary table that carries the lists' columns, then a COPY for each
// output. What lost: ids cast to UUID before the join; choices cast to an enum; a
// window over all rows for the duplicates; fields taken out of their structs after
// the join. A narrow table of verdicts, joined with the lists a second time, takes
// longer and less memory; it is there to be measured too.
//
// The peer may take the job easier than the command. It trusts its inputs, knows
// the spelling of namespaces and choices, normalises addresses no further than
// these snapshots need, and, unless told to, writes rows in whatever order is
// fastest. Its outputs hold the same rows and columns.
package peer
