// Package oracle judges jobs a second time, in SQL.
//
// The rules stand in sql/, written from the consent rules alone and not from the
// code they check. They are slow and obvious; DuckDB runs them. Random jobs with
// random inputs go through both sides, and every row must come out with the same
// decision, the same primary reason and the same list of reasons.
//
// Read it in this order: sql/tables.sql (what is known), sql/records.sql and
// fill.sql (from snapshots to answers), identity.sql, nobody.sql, people.sql, facts.sql
// (one choice a field), planned.sql, events.sql, overlay.sql, levels.sql, screening.sql,
// reasons.sql, verdict.sql. Then [Job], what a random job is, and [Random], which
// makes one from a seed.
package oracle
