// Package pipeline is the engine: it turns send lists, profiles and consents
// into verdicts, and parts the lists by them. It knows tables of Arrow records,
// not files, and it has no clock.
//
// A run is [Decide], steps 1 to 3, and then [Run.Emit] for each list:
//
//  1. The key columns of the send lists are read. Each row becomes a recipient of
//     eight bytes: the number of its person and of its address in an index of
//     distinct keys.
//  2. Every snapshot is streamed once, whatever the number of lists. A row that
//     hits the index folds its facts into that person or address. Folding is
//     commutative and idempotent: no order of files, batches or threads shows in
//     a result. Every list of whom not to contact is streamed once, too, and marks
//     whom it names ([ScreeningList]); so is every log of events since the
//     snapshots, whose changes are kept beside the facts ([EventLog]). Profiles are
//     streamed twice where all records of those count who were found by an address, or
//     more of them are to be forgotten than can be remembered meanwhile, and once more
//     before where send lists name no devices.
//  3. Each row's facts and the policy go through consent.Judge, one pure
//     function. A few bytes a row remain: its reasons and the record that
//     decided.
//  4. Emit streams a list a second time, whole, and its rows part by verdict into
//     audience, ledger and quarantine.
//
// [Explain] does steps 1 to 3 again for a few rows, and tells all that it found.
//
// Memory follows the planned recipients, never the snapshot. Where the memory
// that a run may have does not hold them all, steps 1 to 3 are done for one
// partition of them after the other.
//
// Facts come first, judgement after: nothing in steps 1 and 2 knows a rule, and
// no rule sees a file. A new source is a new stream of facts into [Plan]; a new
// rule is a case in package consent and a row in its table of reasons.
//
// A match is exact. Hashes find candidates, the key itself decides.
package pipeline
