package jobs

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"optout/readers"
)

// asOf finds out how old a snapshot is, by what it says itself and never by the
// time of a file. Of several answers the oldest counts.
func asOf(ctx context.Context, how AsOf, path string, in *readers.Input) (*time.Time, error) {
	switch how.kind {
	case asOfStated:
		return &how.at, nil
	case asOfPath:
		return asOfFiles(path, in)
	case asOfMetadata:
		values, err := in.Metadata(how.name)
		if err != nil {
			return nil, err
		}
		return oldest(values, "the metadata "+how.name)
	case asOfColumn:
		leaf, err := in.Leaf(readers.Time, how.name)
		if err != nil {
			return nil, err
		}
		at, err := in.Oldest(ctx, leaf)
		if err != nil {
			return nil, err
		}
		if at.IsZero() {
			return nil, nil // no rows: the gate on empty snapshots speaks
		}
		at = at.UTC()
		return &at, checkUnit(at)
	}
	return nil, nil
}

// checkUnit refuses times that show a wrong guess at their unit: seconds read
// as milliseconds give 1970, microseconds as milliseconds the year 51000.
func checkUnit(at time.Time) error {
	if at.Year() < 1990 || at.Year() > 2200 {
		return fmt.Errorf("as_of is in the year %d: is the unit of its column right?", at.Year())
	}
	return nil
}

func asOfFiles(path string, in *readers.Input) (*time.Time, error) {
	var values []string
	for _, f := range in.Files() {
		value, ok := dateFolder(f.Path)
		if !ok {
			return nil, fmt.Errorf("no folder date=, dt= or exportTime= in the path of %s", f.Path)
		}
		values = append(values, value)
	}
	return oldest(values, "the path "+path)
}

// dateFolder returns the value of the last step of a path that says when: a
// folder, or the file itself. Writers escape what a path cannot hold, as in
// exportTime=2026-11-24 02%3A30.
func dateFolder(path string) (value string, ok bool) {
	path = filepath.ToSlash(path)
	path = strings.TrimSuffix(path, filepath.Ext(path))
	for step := range strings.SplitSeq(path, "/") {
		name, v, found := strings.Cut(step, "=")
		if found && (name == "date" || name == "dt" || strings.EqualFold(name, "exportTime")) {
			value, ok = v, true
		}
	}
	if plain, err := url.PathUnescape(value); err == nil {
		value = plain
	}
	return value, ok
}

func oldest(values []string, what string) (*time.Time, error) {
	var first time.Time
	for _, value := range values {
		at, err := parseStamp(value)
		if err == nil {
			err = checkUnit(at)
		}
		if err != nil {
			return nil, fmt.Errorf("%s says %q, which is no time", what, value)
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return &first, nil
}

// compactLayouts are those of folder names.
var compactLayouts = []string{"20060102", "20060102T150405", "20060102150405", "2006010215", "2006-01-02-15"}

// parseStamp reads a timestamp, also in compact forms such as 20261124,
// 20261124T023000 and 2026112402, and as seconds or milliseconds since 1970. Ten
// digits can be an hour or seconds; the one in our time is meant.
func parseStamp(text string) (time.Time, error) {
	if at, err := parseTime(text); err == nil {
		return at, nil
	}
	for _, layout := range compactLayouts {
		if at, err := time.Parse(layout, strings.TrimSuffix(text, "Z")); err == nil && checkUnit(at) == nil {
			return at, nil
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
	case len(text) == 10:
		return time.Unix(n, 0).UTC(), nil
	case len(text) == 13:
		return time.UnixMilli(n).UTC(), nil
	}
	return time.Time{}, errNoTime
}
