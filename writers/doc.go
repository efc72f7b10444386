// Package writers turns Arrow records into files that appear whole or not at
// all, and counts into summary, report and manifest.
//
// A [Stage] is a run on its way: a hidden directory that [Stage.Publish] moves
// to its final name in one step, after everything is written and synced. A
// [ParquetFile] is one file of it; its row groups are filled in parallel and
// committed in order, so that the same rows give the same bytes whatever the
// number of threads. [AudienceSchema] keeps a send list's own Parquet schema.
//
// No rule lives here and nothing is decided here.
package writers
