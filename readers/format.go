package readers

import (
	"path/filepath"
	"strings"
)

// fileFormat is how the rows of a file are written.
type fileFormat uint8

const (
	parquetFormat fileFormat = iota
	csvFormat
	jsonFormat
)

var formatNames = [...]string{"Parquet", "CSV", "NDJSON"}

func (f fileFormat) String() string { return formatNames[f] }

// formatOf is the format that a file is read in, which its name decides. A file
// of another name is Parquet.
func formatOf(path string) fileFormat {
	switch ext, _ := extension(path); ext {
	case ".csv", ".tsv":
		return csvFormat
	case ".ndjson", ".jsonl":
		return jsonFormat
	}
	return parquetFormat
}

// extension parts the end of a file's name that says its format from the one
// behind it that says how it is compressed, "" where it is not.
func extension(path string) (ext, compression string) {
	name := strings.ToLower(filepath.Base(path))
	switch ext = filepath.Ext(name); ext {
	case ".gz", ".zst":
		return filepath.Ext(strings.TrimSuffix(name, ext)), ext
	}
	return ext, ""
}

// isNamed reports whether the name of a file says that it holds rows.
func isNamed(path string) bool {
	switch ext, compression := extension(path); ext {
	case ".parquet", ".parq":
		return compression == ""
	}
	return formatOf(path) != parquetFormat
}
