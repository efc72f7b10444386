// Package parquettest turns small tables of text into Parquet files and Parquet
// files into text, so that tests can show what they read and write.
//
// A table starts with a line of columns, each a name and a type, and goes on
// with a line a row; blanks part the cells, and lines that start with # are
// left out:
//
//	profile_id:string  consents.marketing.email.val:string  at:timestamp
//	p1                 y                                    2026-11-01T00:00:00Z
//	"two words"        -                                    -
//
// A dotted name is a field of a struct. The types are string, bool, int32,
// int64, double, timestamp, date, list(T) and map(T) with keys of text, where T
// is a type or fields like name:string,at:timestamp. Columns may be null, which
// is written as -; a type that ends in ! may not. Cells of lists and maps are
// JSON without blanks, other cells with blanks or quotes are quoted as in Go.
//
// It knows nothing of this program's own readers and writers, so that tests can
// hold them against it.
package parquettest
