package peer

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // the driver

	"optout/bench/generate"
	"optout/bench/program"
)

// TestPeerDoesTheSameJob compares what both sides write, row by row: a faster
// side that does less proves nothing.
func TestPeerDoesTheSameJob(t *testing.T) {
	optout, err := program.Optout(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := generate.Options{Seed: 3, Profiles: 30_000, Parts: 2, GroupRows: 5000, ExtraLists: 1, ExtraRows: 2000}
	snapshot := filepath.Join(t.TempDir(), "snapshot")
	if err := generate.Write(t.Context(), snapshot, o); err != nil {
		t.Fatal(err)
	}
	ours := t.TempDir()
	run := exec.Command(optout, "run", filepath.Join(snapshot, string(generate.ExtraJob)), "--date", generate.Date, "--out", ours)
	run.Env = append(os.Environ(), "OPTOUT_HASH_KEY=")
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("run: %v\n%s", err, output)
	}
	for name, task := range map[string]Task{"any order": {}, "ordered": {Ordered: true}, "narrow": {Narrow: true}, "narrow and ordered": {Narrow: true, Ordered: true}} {
		t.Run(name, func(t *testing.T) {
			task.Snapshot, task.Out, task.Lists = snapshot, t.TempDir(), o.Lists()
			script, err := task.Job()
			if err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("duckdb", "")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			if _, err := db.Exec(script); err != nil {
				t.Fatal(err)
			}
			for _, l := range o.Lists() {
				for _, kind := range []struct{ peer, ours string }{{"audience", "audiences"}, {"ledger", "ledger"}, {"quarantine", "quarantine"}} {
					got := filepath.Join(task.Out, l.Name+"."+kind.peer+".parquet")
					want := filepath.Join(ours, "*", "*", "*", kind.ours, l.Name, "*.parquet")
					compare(t, db, l.Name+" "+kind.peer, got, want, task.Ordered)
				}
			}
		})
	}
}

// TestTextIsWhatBothSidesRead scans the files of text, and has the command find
// people in them.
func TestTextIsWhatBothSidesRead(t *testing.T) {
	optout, err := program.Optout(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := generate.Options{Seed: 3, Profiles: 5000, Parts: 2, GroupRows: 2000, WithoutProfiles: true, Hashes: 20_000, Events: 3000}
	snapshot := filepath.Join(t.TempDir(), "snapshot")
	if err := generate.Write(t.Context(), snapshot, o); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for name, want := range map[string]uint64{"suppressions": o.Hashes, "events": o.Events, "events-csv": o.Events} {
		var got uint64
		into := []any{&got}
		for range Texts[name].columns {
			into = append(into, new(any))
		}
		if err := db.QueryRow(Task{Snapshot: snapshot}.TextScan(Texts[name])).Scan(into...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got != want {
			t.Errorf("%s: DuckDB reads %d lines, want %d", name, got, want)
		}
	}
	for job, reason := range map[generate.JobFile]string{
		generate.SuppressionsJob: "suppressed_address",
		generate.EventsJob:       "opt_out_identity",
		generate.EventsCSVJob:    "opt_out_identity",
	} {
		out := t.TempDir()
		run := exec.Command(optout, "run", filepath.Join(snapshot, string(job)), "--date", generate.Date, "--out", out)
		if output, err := run.CombinedOutput(); err != nil {
			t.Fatalf("run %s: %v\n%s", job, err, output)
		}
		var lists, rows int
		query := fmt.Sprintf("SELECT count(DISTINCT list), coalesce(sum(rows), 0)::INTEGER FROM read_parquet('%s/*/*/*/summary.parquet', hive_partitioning = false) WHERE reason = '%s'", out, reason)
		if err := db.QueryRow(query).Scan(&lists, &rows); err != nil {
			t.Fatal(err)
		}
		if lists != 3 {
			t.Errorf("%s: %d rows of %d lists are %s, want some of all three", job, rows, lists, reason)
		}
	}
}

// compare counts the rows that one side has and the other lacks.
func compare(t *testing.T, db *sql.DB, what, got, want string, ordered bool) {
	t.Helper()
	rows := func(path string) string {
		columns := "to_json(t)"
		if ordered {
			columns = "file_row_number AS place, to_json(t)"
		}
		return fmt.Sprintf(`SELECT %s AS line FROM (
			SELECT COLUMNS(c -> c NOT IN ('file_row_number', 'run_id')) FROM read_parquet('%s', hive_partitioning = false)) AS t
			POSITIONAL JOIN (SELECT file_row_number FROM read_parquet('%[2]s', file_row_number = true))`, columns, path)
	}
	var missing, more, total int
	query := fmt.Sprintf(`WITH got AS (%s), want AS (%s) SELECT
		(SELECT count(*) FROM (FROM want EXCEPT ALL FROM got)),
		(SELECT count(*) FROM (FROM got EXCEPT ALL FROM want)),
		(SELECT count(*) FROM want)`, rows(got), rows(want))
	if err := db.QueryRow(query).Scan(&missing, &more, &total); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if missing != 0 || more != 0 {
		t.Errorf("%s: the peer lacks %d of %d rows and has %d others", what, missing, total, more)
	}
	t.Logf("%s: %d rows", what, total)
}
