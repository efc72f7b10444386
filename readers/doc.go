// Package readers turns files into Arrow records, and nothing else: no rule and
// no verdict lives here.
//
// [Find] lists the data files of a path, [Open] reads and checks their footers,
// [Input.Leaf] finds a column by name in whatever way its writer nested it, and
// [Input.Table] or [Input.Rows] binds columns into a [Table] whose parts can be
// read in parallel. Everything that can be wrong with a schema is found before
// the first row is read.
//
// Pages are decoded straight into Arrow buffers, a column at a time; there are
// no row structs. A [Table] made by Input.Table interprets its columns: flat
// leaves become plain or dictionary-encoded arrays, timestamps become Arrow
// timestamps. One made by Input.Rows keeps every leaf as it is stored, so that
// a writer can put it back unchanged; a leaf inside structs, lists or maps
// travels with its Parquet levels (see [Leaf.Type]).
//
// A file is hostile until read. Footers, offsets, counts, sizes, checksums and
// codes are checked against each other, a panic of a library becomes an error,
// and every error is a [*FileError] that names the file. Nothing is ever
// converted silently, and no value is made up for a column that is not there.
package readers
