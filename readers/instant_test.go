package readers_test

import (
	"testing"

	"optout/readers"
)

// TestInstants reads times of text.
func TestInstants(t *testing.T) {
	const noon, noTime, years = "2026-11-25T12:00:00.000000Z", "no time: write it as", "a time outside of the years 1990 to 2200"
	for text, want := range map[string]string{
		"2026-11-25T12:00:00Z":                noon,
		"2026-11-25t12:00:00z":                noon,
		"2026-11-25 12:00:00":                 noon,
		"2026-11-25 12:00":                    noon,
		"2026-11-25T12:00Z":                   noon,
		"2026-11-25 12:00:00 UTC":             noon,
		"2026-11-25T14:00:00+02:00":           noon,
		"2026-11-25 14:00:00+02":              noon,
		"2026-11-25T06:30:00-0530":            noon,
		"2026-11-24T23:00:00-13:00":           noon,
		"2026-11-26T00:30:00.000+12:30":       noon,
		"1795608000":                          noon,
		"1795608000000":                       noon,
		"1795608000000000":                    noon,
		"1795608000000000000":                 noon,
		"2026-11-25T12:00:00.5Z":              "2026-11-25T12:00:00.500000Z",
		"2026-11-25 12:00:00,123":             "2026-11-25T12:00:00.123000Z",
		"2026-11-25T12:00:00.123456789+00:00": "2026-11-25T12:00:00.123456Z",
		"2026-11-25":                          "2026-11-25T00:00:00.000000Z",
		"2024-02-29":                          "2024-02-29T00:00:00.000000Z",
		"":                                    "",

		"2025-02-29":                      noTime,
		"2026-13-01":                      noTime,
		"2026-00-10":                      noTime,
		"2026-11-00":                      noTime,
		"2026-11-25T24:00:00Z":            noTime,
		"2026-11-25T12:60:00Z":            noTime,
		"2026-11-25T12:00:60Z":            noTime,
		"2026-11-25T12":                   noTime,
		"2026-11-25T12:00:00.Z":           noTime,
		"2026-11-25T12:00:00 Z":           noTime,
		"2026-11-25T12:00:00+25":          noTime,
		"2026-11-25T12:00:00+1":           noTime,
		"2026-11-25T":                     noTime,
		"2026-11-25 ":                     noTime,
		" 2026-11-25":                     noTime,
		"25/11/2026":                      noTime,
		"20261125":                        noTime,
		"2026-1-5":                        noTime,
		"never":                           noTime,
		"0":                               noTime,
		"17956080":                        noTime,
		"-1795608000":                     noTime,
		"1795608000.5":                    noTime,
		"9999999999999999999":             noTime,
		"1.795608E9":                      noTime,
		"2026-11-25T12:00:00.1234567890Z": noTime,

		"1970-01-01":           years,
		"0000000000":           years,
		"0001-01-01T00:00:00Z": years,
		"9999-12-31":           years,
		"9999999999":           years,
		"0001795608000":        years,
	} {
		path := writeText(t, "a.csv", "a,at\nx,\""+text+"\"\n")
		in := open(t, checked(t), path)
		table := in.Table(leaf(t, in, readers.Time, "at"))
		if want == noTime || want == years {
			source := openPart(t, table, 0)
			err := drain(source)
			source.Close()
			wantError(t, err, path, "line 2: column at: "+want)
			continue
		}
		got := allRows(t, table)[0][0]
		if got == nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q: got %v, want %s", text, got, want)
		}
	}
}

// TestFlags reads booleans of text.
func TestFlags(t *testing.T) {
	path := writeText(t, "a.csv", "a,f\n1,true\n2,FALSE\n3,True\n4,\n")
	in := open(t, checked(t), path)
	got := column(t, in, leaf(t, in, readers.Flag, "f"))
	for i, want := range []any{true, false, true, nil} {
		if got[i] != want {
			t.Errorf("line %d: got %v, want %v", i+2, got[i], want)
		}
	}
	for _, text := range []string{"1", "yes", "t", " true"} {
		path := writeText(t, "a.csv", "a,f\n\n1,true\n\n\n2,"+text+"\n")
		in := open(t, checked(t), path)
		source := openPart(t, in.Table(leaf(t, in, readers.Flag, "f")), 0)
		wantError(t, drain(source), path, "line 6: column f: neither true nor false")
		source.Close()
	}
}
