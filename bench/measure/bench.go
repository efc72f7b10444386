package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"optout/bench/generate"
)

// A Bench measures lines.
type Bench struct {
	Programs Programs
	Cache    string    // folder of snapshots, kept between runs
	Runs     int       // of each side, after one that does not count
	Progress io.Writer // is told what is under way
}

// Measured is a line with the samples of both sides, in the order they were taken.
type Measured struct {
	Line               Line
	Subject, Reference []Sample
	Without            []Sample // none where the line has no such side
}

// Measure takes the samples of a line: its sides in turns, so that whatever
// slows the machine slows both. What both sides wrote must agree.
func (b Bench) Measure(ctx context.Context, l Line) (m Measured, err error) {
	m.Line = l
	sides := []Side{l.Subject, l.Reference}
	if l.Without != nil {
		sides = append(sides, *l.Without)
	}
	snapshots := make([]string, len(sides))
	for i, s := range sides {
		if snapshots[i], err = b.snapshot(ctx, s.Snapshot); err != nil {
			return m, err
		}
	}
	samples := make([][]Sample, len(sides))
	for turn := range b.Runs + 1 {
		counts := make([]counts, len(sides))
		for i, s := range sides {
			sample, counted, err := b.run(ctx, s, snapshots[i])
			if err != nil {
				return m, err
			}
			counts[i] = counted
			if turn > 0 { // the first reads files into memory
				samples[i] = append(samples[i], sample)
			}
			fmt.Fprintf(b.Progress, "%s, turn %d of %d: %s %.2f s, %.0f MB\n",
				l.Name, turn, b.Runs, s.Runner, sample.Wall.Seconds(), float64(sample.Peak)/1e6)
		}
		if err := counts[0].agree(counts[1], sides); err != nil {
			return m, err
		}
	}
	m.Subject, m.Reference = samples[0], samples[1]
	if l.Without != nil {
		m.Without = samples[2]
	}
	return m, nil
}

// run runs a side once and throws away what it wrote.
func (b Bench) run(ctx context.Context, s Side, snapshot string) (sample Sample, c counts, err error) {
	out, err := os.MkdirTemp(b.Cache, "out-")
	if err != nil {
		return sample, nil, err
	}
	defer func() {
		err = errors.Join(err, os.RemoveAll(out))
		syscall.Sync() // or the next side would wait for this one's writes
	}()
	command, err := b.Programs.command(ctx, s, snapshot, out)
	if err != nil {
		return sample, nil, err
	}
	if sample, err = Run(command); err != nil {
		return sample, nil, err
	}
	c, err = readCounts(out)
	return sample, c, err
}

// snapshot returns the folder of a snapshot, made if it is not there.
func (b Bench) snapshot(ctx context.Context, o generate.Options) (string, error) {
	path := filepath.Join(b.Cache, snapshotName(o))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintln(b.Progress, "generate", snapshotName(o))
	_, err := Run(exec.CommandContext(ctx, b.Programs.Generate,
		"-out", path,
		"-seed", strconv.FormatUint(o.Seed, 10),
		"-profiles", strconv.FormatUint(o.Profiles, 10),
		"-parts", strconv.Itoa(o.Parts),
		"-group-rows", strconv.Itoa(o.GroupRows),
		"-sorted="+strconv.FormatBool(o.Sorted),
		"-bloom="+strconv.FormatBool(o.Bloom),
		"-planned", strconv.FormatUint(o.Planned, 10),
		"-neighbours="+strconv.FormatBool(o.Neighbours),
		"-extra-lists", strconv.Itoa(o.ExtraLists),
		"-extra-rows", strconv.FormatUint(o.ExtraRows, 10),
		"-hashes", strconv.FormatUint(o.Hashes, 10),
		"-events", strconv.FormatUint(o.Events, 10),
		"-without-profiles="+strconv.FormatBool(o.WithoutProfiles)))
	return path, err
}

// snapshotName says everything that makes the snapshot what it is.
func snapshotName(o generate.Options) string {
	name := []string{fmt.Sprintf("v%d-seed%d-%d-%dx%d", generate.Version, o.Seed, o.Profiles, o.Parts, o.GroupRows)}
	for _, part := range []struct {
		is   bool
		text string
	}{
		{o.Sorted, "sorted"},
		{o.Bloom, "bloom"},
		{o.Planned > 0, fmt.Sprintf("planned%d", o.Planned)},
		{o.Neighbours, "neighbours"},
		{o.ExtraLists > 0, fmt.Sprintf("extra%dx%d", o.ExtraLists, o.ExtraRows)},
		{o.Hashes > 0, fmt.Sprintf("hashes%d", o.Hashes)},
		{o.Events > 0, fmt.Sprintf("events%d", o.Events)},
		{!o.WithoutProfiles, "profiles"},
	} {
		if part.is {
			name = append(name, part.text)
		}
	}
	return strings.Join(name, "-")
}
