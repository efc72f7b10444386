package oracle

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Check makes the [Random] job of seed in dir, which must be there, runs it with the
// command at program, judges it with the rules in SQL, and returns what differs:
// nothing, if all is well. An error is a job that did not run.
func Check(ctx context.Context, program, dir string, seed uint64) (differences []string, err error) {
	d, err := openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	j, tables := Random(seed)
	if err := write(d, dir, j, tables); err != nil {
		return nil, err
	}
	threads := strconv.FormatUint(1+seed%4, 10) // which must not show
	run := exec.CommandContext(ctx, program, "run", filepath.Join(dir, "job.yaml"), "--date", logicalDate, "--threads", threads,
		"--accept", "empty_list")
	run.Env = append(os.Environ(), "OPTOUT_HASH_KEY=", hashKeyEnv+"="+hashKey)
	if output, err := run.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("run: %w\n%s", err, output)
	}
	published, err := filepath.Glob(filepath.Join(dir, "out", j.Name, "date=*", "run=*", "_SUCCESS"))
	if err != nil || len(published) != 1 {
		return nil, fmt.Errorf("%d runs published, %w", len(published), err)
	}
	if err := read(d, dir, j); err != nil {
		return nil, err
	}
	if err := d.judge(); err != nil {
		return nil, err
	}
	for i, l := range j.SendLists {
		for _, compare := range []func(*database, string, string, int, SendList) ([]string, error){
			compareLedger, compareAudience, compareQuarantine,
		} {
			found, err := compare(d, dir, filepath.Dir(published[0]), i, l)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l.Name, err)
			}
			differences = append(differences, found...)
		}
	}
	return differences, nil
}

// compareLedger holds the ledger of a list against the verdicts, and against the
// value and the time of the consent that decided.
func compareLedger(d *database, _, run string, list int, l SendList) ([]string, error) {
	return d.lines(fmt.Sprintf(`
		SELECT format('%[1]s row {}: optout {} {} {} {} {}, oracle {} {} {} {} {}', row,
			coalesce(got.decision, 'nothing'), coalesce(got.reasons::VARCHAR, ''), coalesce(got.field, ''), coalesce(got.value, ''), coalesce(got.effective_at::VARCHAR, ''),
			coalesce(want.decision, 'nothing'), coalesce(want.reasons::VARCHAR, ''), coalesce(want.field, ''), coalesce(want.value, ''), coalesce(want.effective_at::VARCHAR, ''))
		FROM (SELECT * FROM verdict JOIN evidence USING (list, row) WHERE list = %[2]d) AS want
		FULL JOIN read_parquet('%[3]s', hive_partitioning = false) AS got USING (row)
		WHERE (got.decision, got.reason, got.reasons) IS DISTINCT FROM (want.decision, want.reason, want.reasons)
			OR got.list <> '%[1]s' OR got.channel <> '%[4]s'
			OR want.value IS NOT NULL AND (got.value, got.effective_at::TIMESTAMP) IS DISTINCT FROM (want.value, want.effective_at)
			OR want.field IS NOT NULL AND (got.source, got.field) IS DISTINCT FROM (want.source, want.field)
		ORDER BY row`, l.Name, list, filepath.Join(run, "ledger", l.Name, "*.parquet"), l.Channel))
}

// compareAudience holds the audience against the kept rows of the list: same
// rows, same order, same columns and types, generic where they must be.
func compareAudience(d *database, dir, run string, list int, l SendList) ([]string, error) {
	replaced, extra := "", ""
	if l.Personalization != nil {
		extra = ", personalized"
		var columns []string
		for _, name := range l.Personalization.Columns {
			fallback := "NULL"
			if v, ok := l.Personalization.Fallback[name]; ok {
				fallback = fmt.Sprintf("'%v'", v)
			}
			columns = append(columns, fmt.Sprintf("CASE WHEN personalized THEN %s ELSE %s END AS %[1]s", name, fallback))
		}
		replaced = "REPLACE (" + strings.Join(columns, ", ") + ")"
	}
	rows, err := d.listFiles(dir, l)
	if err != nil {
		return nil, err
	}
	want := fmt.Sprintf(`
		SELECT t.* EXCLUDE (file_row_number, filename) %s %s
		FROM (SELECT *, row_number() OVER (ORDER BY filename, file_row_number) - 1 AS place FROM %s) AS t
		JOIN verdict ON verdict.row = place AND verdict.list = %d AND decision = 'kept'
		LEFT JOIN personal ON personal.row = place AND personal.list = %[4]d
		ORDER BY place`, replaced, extra, rows, list)
	want = strings.Replace(want, "SELECT t.* EXCLUDE (", "SELECT t.* EXCLUDE (place, ", 1)
	return d.sameRows(l.Name+" audience", want, filepath.Join(run, "audiences", l.Name, "*.parquet"))
}

// compareQuarantine holds the quarantine against the quarantined rows.
func compareQuarantine(d *database, dir, run string, list int, l SendList) ([]string, error) {
	rows, err := d.listFiles(dir, l)
	if err != nil {
		return nil, err
	}
	want := fmt.Sprintf(`
		SELECT t.* EXCLUDE (place, file_row_number, filename), reason
		FROM (SELECT *, row_number() OVER (ORDER BY filename, file_row_number) - 1 AS place FROM %s) AS t
		JOIN verdict ON verdict.row = place AND verdict.list = %d AND decision = 'quarantined'
		ORDER BY place`, rows, list)
	return d.sameRows(l.Name+" quarantine", want, filepath.Join(run, "quarantine", l.Name, "*.parquet"))
}

// sameRows holds files against a query: columns, types, rows and their order.
func (d *database) sameRows(what, want, paths string) ([]string, error) {
	if err := d.exec("CREATE OR REPLACE TEMP TABLE want AS " + want); err != nil {
		return nil, err
	}
	got := "read_parquet('" + paths + "', hive_partitioning = false)"
	if err := d.exec("CREATE OR REPLACE TEMP TABLE got AS SELECT * FROM " + got); err != nil {
		return nil, err
	}
	return d.lines(fmt.Sprintf(`
		WITH columns AS (
			SELECT table_name, list((column_name, data_type) ORDER BY column_index) AS columns
			FROM duckdb_columns() WHERE table_name IN ('want', 'got') GROUP BY ALL),
		want_rows AS (SELECT rowid AS place, to_json(want)::VARCHAR AS line FROM want),
		got_rows AS (SELECT rowid AS place, to_json(got)::VARCHAR AS line FROM got)
		SELECT format('%[1]s: optout has columns {}, oracle {}', g.columns::VARCHAR, w.columns::VARCHAR)
		FROM columns g, columns w
		WHERE g.table_name = 'got' AND w.table_name = 'want' AND g.columns IS DISTINCT FROM w.columns
		UNION ALL
		SELECT format('%[1]s, row {} of the file: optout {}, oracle {}', place, coalesce(g.line, 'nothing'), coalesce(w.line, 'nothing'))
		FROM want_rows w FULL JOIN got_rows g USING (place) WHERE g.line IS DISTINCT FROM w.line`, what))
}

// lines returns the rows of a query with one text column.
func (d *database) lines(query string) (lines []string, err error) {
	rows, err := d.db.QueryContext(d.ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}
