// Maker writes the files of testdata/malformed, each of which once made this
// program, or the library below it, lie, crash or take all memory.
//
//	go run ./testdata/malformed/maker OUTDIR
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: maker OUTDIR")
		os.Exit(2)
	}
	files := footers()
	maps.Copy(files, encodings())
	maps.Copy(files, pages())
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(os.Args[1], name+".parquet"), content, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "maker:", err)
			os.Exit(1)
		}
	}
}
