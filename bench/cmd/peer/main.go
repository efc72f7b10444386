// Command peer runs the job of a snapshot with DuckDB, or prints the script for
// another DuckDB to run.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	_ "github.com/duckdb/duckdb-go/v2" // the driver

	"optout/bench/generate"
	"optout/bench/peer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var task peer.Task
	flag.StringVar(&task.Snapshot, "snapshot", "", "the `folder` of the snapshot")
	flag.StringVar(&task.Out, "out", "", "the `folder` to write to; it must exist")
	flag.BoolVar(&task.Ordered, "ordered", false, "keep the lists' order of rows")
	flag.BoolVar(&task.Narrow, "narrow", false, "keep verdicts apart from the lists: slower, in less memory")
	flag.IntVar(&task.Threads, "threads", 0, "threads (default all)")
	flag.StringVar(&task.Memory, "memory", "", "DuckDB's memory limit")
	extra := flag.Int("extra-lists", 0, "extra lists of the snapshot to clean too")
	scan := flag.Bool("scan", false, "read the id column of the consents, nothing else")
	text := flag.String("scan-text", "", "read suppressions, events or events-csv of the snapshot, nothing else")
	dump := flag.Bool("print", false, "print the script, do not run it")
	version := flag.Bool("version", false, "print the version of DuckDB")
	flag.Parse()
	task.Lists = generate.Options{ExtraLists: *extra}.Lists()
	script, err := task.Job()
	if *scan {
		script, err = task.IDScan(), nil
	}
	if *text != "" {
		of, ok := peer.Texts[*text]
		if !ok {
			return fmt.Errorf("no text %q", *text)
		}
		script, err = task.TextScan(of), nil
	}
	if err != nil {
		return err
	}
	if *dump {
		fmt.Print(script)
		return nil
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // temporary tables are one connection's
	if *version {
		var name string
		err := db.QueryRowContext(ctx, "SELECT version()").Scan(&name)
		fmt.Println(name)
		return err
	}
	_, err = db.ExecContext(ctx, script)
	return err
}
