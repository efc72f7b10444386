package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"optout/bench/generate"
)

// A Runner is who does the work of a side.
type Runner string

// The runners.
const (
	Optout       Runner = "optout"
	DuckDB       Runner = "DuckDB"            // in the version of this module
	DuckDBScan   Runner = "DuckDB, id column" // reads it and nothing else
	HashesScan   Runner = "DuckDB, list of hashes"
	EventsScan   Runner = "DuckDB, event log"
	EventsCSV    Runner = "DuckDB, event log in CSV"
	NewestDuckDB Runner = "DuckDB, newest"       // with Python
	Polars       Runner = "Polars"               // with Python
	OrderedPeer  Runner = "DuckDB, lists' order" // as Optout writes the rows
	NarrowPeer   Runner = "DuckDB, narrow"       // verdicts apart from the lists
)

// scannedText is what a runner reads and nothing else.
var scannedText = map[Runner]string{HashesScan: "suppressions", EventsScan: "events", EventsCSV: "events-csv"}

// A Side is a process to measure.
type Side struct {
	Runner   Runner
	Snapshot generate.Options
	Job      generate.JobFile // of Optout; others do what MainJob says
	Args     []string         // of Optout, further ones
}

// lists are those that the side cleans.
func (s Side) lists() []generate.SendList {
	o := s.Snapshot
	if s.Job != generate.ExtraJob {
		o.ExtraLists = 0
	}
	return o.Lists()
}

func (s Side) planned() (rows uint64) {
	for _, l := range s.lists() {
		rows += l.Rows
	}
	return rows
}

// Programs are the paths of what sides run.
type Programs struct {
	Optout, Peer, Generate string
	Python                 string // with duckdb and polars; "" for none
	Scripts                string // folder of the Python peers
}

var errNoPython = errors.New("needs -python")

// command makes the process of a side. Whatever it writes goes into out, a new
// folder.
func (p Programs) command(ctx context.Context, s Side, snapshot, out string) (*exec.Cmd, error) {
	switch s.Runner {
	case Optout:
		args := append([]string{"run", filepath.Join(snapshot, string(s.Job)), "--date", generate.Date, "--out", out, "--log", "off"}, s.Args...)
		command := exec.CommandContext(ctx, p.Optout, args...)
		command.Env = append(os.Environ(), "OPTOUT_HASH_KEY=") // the peer hashes without a key
		return command, nil
	case DuckDB:
		return exec.CommandContext(ctx, p.Peer, peerArgs(s, snapshot, out)...), nil
	case OrderedPeer:
		return exec.CommandContext(ctx, p.Peer, append(peerArgs(s, snapshot, out), "-ordered")...), nil
	case NarrowPeer:
		return exec.CommandContext(ctx, p.Peer, append(peerArgs(s, snapshot, out), "-narrow")...), nil
	case DuckDBScan:
		return exec.CommandContext(ctx, p.Peer, "-snapshot", snapshot, "-scan"), nil
	case HashesScan, EventsScan, EventsCSV:
		return exec.CommandContext(ctx, p.Peer, "-snapshot", snapshot, "-scan-text", scannedText[s.Runner]), nil
	case NewestDuckDB:
		if p.Python == "" {
			return nil, errNoPython
		}
		script, err := exec.CommandContext(ctx, p.Peer, append(peerArgs(s, snapshot, out), "-print")...).Output()
		if err != nil {
			return nil, err
		}
		path := filepath.Join(out, "job.sql")
		if err := os.WriteFile(path, script, 0o644); err != nil {
			return nil, err
		}
		return exec.CommandContext(ctx, p.Python, filepath.Join(p.Scripts, "duckdb_peer.py"), path), nil
	case Polars:
		if p.Python == "" {
			return nil, errNoPython
		}
		return exec.CommandContext(ctx, p.Python, filepath.Join(p.Scripts, "polars_peer.py"), snapshot, out), nil
	}
	return nil, fmt.Errorf("no runner %q", s.Runner)
}

func peerArgs(s Side, snapshot, out string) []string {
	args := []string{"-snapshot", snapshot, "-out", out}
	if s.Job == generate.ExtraJob {
		args = append(args, "-extra-lists", strconv.Itoa(s.Snapshot.ExtraLists))
	}
	return args
}
