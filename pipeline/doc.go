// Package pipeline is the engine: it turns send lists, profiles and consents
// into verdicts, and parts the lists by them. It knows tables of Arrow records,
// not files, and it has no clock.
//
// A run has four steps, each a method of [Run] in the order of its life:
//
//  1. [ReadRecipients] reads the key columns of the send lists. Each row becomes
//     a recipient of eight bytes: the number of its person and of its address in
//     an index of distinct keys.
//  2. [Run.Match] streams every snapshot once, whatever the number of lists. A
//     row that hits the index folds its facts into that person or address.
//     Folding is commutative and idempotent: no order of files, batches or
//     threads shows in a result.
//  3. Each row's facts and the policy go through consent.Judge, one pure
//     function. [Run.Judge] counts the verdicts without writing.
//  4. [Run.Emit] streams a list a second time, whole, and its rows part by
//     verdict into audience, ledger and quarantine.
//
// Memory follows the planned recipients, never the snapshot.
//
// Facts come first, judgement after: nothing in steps 1 and 2 knows a rule, and
// no rule sees a file. A new source is a new stream of facts into [Plan]; a new
// rule is a case in package consent and a row in its table of reasons.
//
// A match is exact. Hashes find candidates, the key itself decides.
package pipeline
