// Command generate writes a snapshot and its job files into a new folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"optout/bench/generate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var o generate.Options
	out := flag.String("out", "", "the `folder` to make")
	flag.Uint64Var(&o.Seed, "seed", 1, "everything follows from it")
	flag.Uint64Var(&o.Profiles, "profiles", 2_000_000, "people, and consent records")
	flag.IntVar(&o.Parts, "parts", 4, "files of the profiles and of the consents")
	flag.IntVar(&o.GroupRows, "group-rows", 250_000, "rows of a row group")
	flag.BoolVar(&o.Sorted, "sorted", false, "consents in the order of their keys")
	flag.BoolVar(&o.Bloom, "bloom", false, "a bloom filter on the key of the consents")
	flag.Uint64Var(&o.Planned, "planned", 0, "rows of the three lists together (default two fifths of the people)")
	flag.BoolVar(&o.Neighbours, "neighbours", false, "lists hold the people with the last keys, not any")
	flag.IntVar(&o.ExtraLists, "extra-lists", 0, "more email lists")
	flag.Uint64Var(&o.ExtraRows, "extra-rows", 1_000_000, "rows of each extra list")
	flag.Uint64Var(&o.Hashes, "hashes", 0, "entries of a suppression list, hashed, in CSV")
	flag.Uint64Var(&o.Events, "events", 0, "lines of an event log, in NDJSON and in CSV")
	flag.BoolVar(&o.WithoutProfiles, "without-profiles", false, "leave out the profiles; the main job does not read them")
	flag.IntVar(&o.Threads, "threads", 0, "files written at a time (default one a core)")
	flag.Parse()
	if *out == "" {
		return fmt.Errorf("-out is missing")
	}
	start := time.Now()
	if err := generate.Write(ctx, *out, o); err != nil {
		return err
	}
	fmt.Printf("%s: %d people in %.1f s\n", *out, o.Profiles, time.Since(start).Seconds())
	return nil
}
