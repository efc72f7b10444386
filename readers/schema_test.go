package readers_test

import (
	"os"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// leafPaths lists the leaves of a file in its order.
func leafPaths(t testing.TB, path string) (paths [][]string) {
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
	pq, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return pq.Schema().Columns()
}
