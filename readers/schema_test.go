package readers_test

import (
	"os"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// footer reads the footer of a file with the library.
func footer(t testing.TB, path string) *parquet.File {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	pq, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		t.Fatal(err)
	}
	return pq
}

// leafPaths lists the leaves of a file in its order.
func leafPaths(t testing.TB, path string) [][]string {
	t.Helper()
	return footer(t, path).Schema().Columns()
}

// chunkStarts lists where dictionaries and first data pages stand.
func chunkStarts(t testing.TB, path string) (starts []int) {
	t.Helper()
	for _, group := range footer(t, path).Metadata().RowGroups {
		for _, chunk := range group.Columns {
			if d := chunk.MetaData.DictionaryPageOffset; d > 0 {
				starts = append(starts, int(d))
			}
			starts = append(starts, int(chunk.MetaData.DataPageOffset))
		}
	}
	return starts
}
