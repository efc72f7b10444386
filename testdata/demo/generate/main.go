// Generate writes the inputs of the demo job, and those of the sample that
// optout init writes.
//
//	go run ./testdata/demo/generate
//
// The same program gives the same bytes, which are committed; a test of
// cmd/optout holds the two together. Everybody in the data is invented: the
// addresses end in the domains of RFC 2606, the telephone numbers are from
// ranges that regulators keep for fiction.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	demo := flag.String("demo", "testdata/demo", "directory of the demo job")
	sample := flag.String("sample", "cmd/optout/sample", "directory of the sample")
	flag.Parse()
	if err := writeDemo(folder(*demo)); err != nil {
		fmt.Fprintln(os.Stderr, "generate demo:", err)
		os.Exit(1)
	}
	if err := writeSample(folder(*sample)); err != nil {
		fmt.Fprintln(os.Stderr, "generate sample:", err)
		os.Exit(1)
	}
}
