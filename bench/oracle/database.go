package oracle

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

//go:embed sql/*.sql
var scripts embed.FS

// A database holds one job's tables in memory.
type database struct {
	db  *sql.DB
	ctx context.Context // of the test or command that the job belongs to
}

func openDatabase(ctx context.Context) (*database, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	// An in-memory database is one connection's, and so are its settings.
	db.SetMaxOpenConns(1)
	d := &database{db, ctx}
	if err := d.exec("SET TimeZone = 'UTC'; SET threads = 1"); err != nil {
		db.Close()
		return nil, err
	}
	if err := d.run("tables", "records", "identity"); err != nil {
		db.Close()
		return nil, err
	}
	return d, d.insert("hash_pad", []any{pad(0x36), pad(0x5c)})
}

func (d *database) Close() error { return d.db.Close() }

// run runs the scripts of these names.
func (d *database) run(names ...string) error {
	for _, name := range names {
		text, err := scripts.ReadFile("sql/" + name + ".sql")
		if err != nil {
			return err
		}
		if err := d.exec(string(text)); err != nil {
			return fmt.Errorf("%s.sql: %w", name, err)
		}
	}
	return nil
}

// judge turns what the tables hold into verdicts.
func (d *database) judge() error {
	return d.run("fill", "people", "facts", "planned", "events", "overlay", "levels", "screening", "reasons", "verdict")
}

func (d *database) exec(statement string, args ...any) error {
	_, err := d.db.ExecContext(d.ctx, statement, args...)
	return err
}

// insert appends rows to a table, in the order of its columns.
func (d *database) insert(table string, rows ...[]any) error {
	for _, row := range rows {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(row)), ", ")
		if err := d.exec("INSERT INTO "+table+" VALUES ("+marks+")", row...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}
