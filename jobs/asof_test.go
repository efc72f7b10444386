package jobs

import (
	"strconv"
	"testing"
	"time"
)

func TestParseStamp(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-24":           "2026-11-24T00:00:00Z",
		"2026-11-24T02:30:00Z": "2026-11-24T02:30:00Z",
		"2026-11-24 02:30:00":  "2026-11-24T02:30:00Z",
		"20261124":             "2026-11-24T00:00:00Z",
		"20261124T023000":      "2026-11-24T02:30:00Z",
		"20261124T023000Z":     "2026-11-24T02:30:00Z",
		"20261124023000":       "2026-11-24T02:30:00Z",
		"2026112402":           "2026-11-24T02:00:00Z",
		"2026-11-24-02":        "2026-11-24T02:00:00Z",
		"1795487400":           "2026-11-24T02:30:00Z",
		"1795487400000":        "2026-11-24T02:30:00Z",
		"1712010100":           "2024-04-01T22:21:40Z", // not one o'clock on the first of January 1712
		"1800010100":           "2027-01-15T10:48:20Z",
	} {
		got, err := parseStamp(text)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q: got %s and error %v, want %s", text, got.Format(time.RFC3339), err, want)
		}
	}
	for _, text := range []string{"", "now", "2026", "202611", "2026-11", "20261301", "2026-02-30", "17954874", "179548740", "17954874000000", "-179548740", "+179548740", "2026-11-24Z+1"} {
		if got, err := parseStamp(text); err == nil && checkUnit(got) == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}

// TestStampsOfAllSeconds makes sure that no second of a year is taken for
// something else.
func TestStampsOfAllSeconds(t *testing.T) {
	for n := int64(1_700_000_000); n < 1_800_000_000; n += 9_973 {
		at := time.Unix(n, 0)
		got, err := parseStamp(strconv.FormatInt(n, 10))
		if err != nil || !got.Equal(at) {
			t.Fatalf("%d: got %v and error %v", n, got, err)
		}
	}
}

func TestDateFolder(t *testing.T) {
	for path, want := range map[string]string{
		"/data/consents/date=2026-11-24/part-0.parquet":               "2026-11-24",
		"/data/dt=20261124/part-0.parquet":                            "20261124",
		"/data/exportTime=20261124T023000Z/part-0.parquet":            "20261124T023000Z",
		"/data/EXPORTTIME=1795487400/part-0.parquet":                  "1795487400",
		"/archive/date=2020-01-01/consents/date=2026-11-24/x.parquet": "2026-11-24",
		"/data/date=2026-11-24.parquet":                               "2026-11-24",
		"/data/exportTime=2026-11-24 02%3A30%3A00/part.parquet":       "2026-11-24 02:30:00",
		"/data/date=2026-11-24/country=FR/part-0.parquet":             "2026-11-24",
		"/data/date=/part-0.parquet":                                  "",
		"/data/date=__HIVE_DEFAULT_PARTITION__/part-0.parquet":        "__HIVE_DEFAULT_PARTITION__",
		"/data/date=2026-11-24%zz/part-0.parquet":                     "2026-11-24%zz",
	} {
		got, ok := dateFolder(path)
		if !ok || got != want {
			t.Errorf("%s: got %q, %v, want %q", path, got, ok, want)
		}
	}
	for _, path := range []string{"/data/part-0.parquet", "/data/2026-11-24/x.parquet", "/data/update=2026-11-24/x.parquet", "/data/Date=2026-11-24/x.parquet"} {
		if got, ok := dateFolder(path); ok {
			t.Errorf("%s: got %q, want nothing", path, got)
		}
	}
}

func TestOldest(t *testing.T) {
	at, err := oldest([]string{"2026-11-24", "20261123", "1795487400"}, "x")
	if err != nil || at.Format(time.RFC3339) != "2026-11-23T00:00:00Z" {
		t.Errorf("got %v and error %v", at, err)
	}
	for text, want := range map[string]string{
		"soon":       `the path p says "soon", which is no time`,
		"1989-12-31": `the path p says "1989-12-31", which is no time`,
		"":           `the path p says "", which is no time`,
	} {
		if _, err := oldest([]string{"2026-11-24", text}, "the path p"); err == nil || err.Error() != want {
			t.Errorf("%q: got error %v, want %s", text, err, want)
		}
	}
}
