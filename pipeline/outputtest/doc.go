// Package outputtest checks that a sink keeps the contract of pipeline.Output and
// pipeline.Group, as testing/fstest does for file systems: groups are filled in
// parallel and committed in order, Close abandons what was not committed, and
// records are not kept.
package outputtest
