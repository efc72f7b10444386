// Package readers turns files into Arrow records, and nothing else: no rule and
// no verdict lives here.
//
// [Find] lists the data files of a path, [Open] reads and checks their footers, or
// the whole of text, [Input.Leaf] finds a column by name in whatever way its writer nested it, and
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
// Text is CSV and NDJSON, plain or compressed. It is read twice: by Open, which
// finds everything that is wrong with its form, counts its records and notes where
// parts begin, on several threads, and then part by part, as Parquet is. A window of it is in
// memory at a time, with a bit for each place where a field or a line ends (ends.go). Values
// are sliced from the text into Arrow buffers, those of words become codes as long as the
// words are few; neither takes memory by the size of the file.
//
// A file is hostile until read. Footers, offsets, counts, sizes, checksums and
// codes are checked against each other, a panic of a library becomes an error,
// and every error is a [*FileError] that names the file. Nothing is ever
// converted silently, and no value is made up for a column that is not there.
package readers
