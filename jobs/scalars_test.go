package jobs

import (
	"regexp"
	"testing"
	"time"

	"optout/pipeline/consent"
)

// checkScalars parses texts, and makes sure that the pattern of the schema
// accepts what the parser does and nothing else.
func checkScalars[T comparable](t *testing.T, parse func(string) (T, error), pattern string, good map[string]T, bad []string) {
	t.Helper()
	shape := regexp.MustCompile(pattern)
	for text, want := range good {
		got, err := parse(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v and error %v, want %v", text, got, err, want)
		}
		if !shape.MatchString(text) {
			t.Errorf("%q: the pattern %s refuses it", text, pattern)
		}
	}
	for _, text := range bad {
		if got, err := parse(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

func TestDuration(t *testing.T) {
	const day = 24 * time.Hour
	parse := func(text string) (time.Duration, error) {
		var d Duration
		err := d.parse(text)
		return time.Duration(d), err
	}
	checkScalars(t, parse, Duration.pattern(0), map[string]time.Duration{
		"26h": 26 * time.Hour, "31d": 31 * day, "730d": 730 * day, "0.5d": 12 * time.Hour, "1.25h": 75 * time.Minute,
		"90m": 90 * time.Minute, "1h30m": 90 * time.Minute, "1s": time.Second, "36500d": 36500 * day,
	}, []string{
		"", "0", "1", "26", "h", "d", "-1h", "+1h", "-1d", "0d", "0h", "0.5s", "0.000001s", "1ns", "1ms", "999us", "1d12h", "1w",
		"Infd", "NaNd", "1e3d", "0x1d", "36501d", "99999999999d", "9999999h", "1_000h", " 1h", "1h ", "1,5h", "1h\n",
	})
}

func TestPercent(t *testing.T) {
	parse := func(text string) (float64, error) {
		var p Percent
		err := p.parse(text)
		return float64(p), err
	}
	checkScalars(t, parse, Percent.pattern(0), map[string]float64{
		"0%": 0, "1%": 0.01, "20%": 0.2, "1.1%": 0.011, "0.5 %": 0.005, "100%": 1, "007%": 0.07,
	}, []string{
		"", "%", "1", "0.2", "-1%", "+1%", "101%", "100.01%", "1e1%", "NaN%", "Inf%", "0x1%", "1%%", "1,5%", " 1%", "1% ", "1_0%",
	})
}

// TestPercentIsExact makes sure that a share which is the limit passes it.
func TestPercentIsExact(t *testing.T) {
	for text, part := range map[string]float64{"1.1%": 11, "2.3%": 23, "5.7%": 57, "0.1%": 1, "99.9%": 999, "33.3%": 333} {
		var p Percent
		if err := p.parse(text); err != nil {
			t.Fatal(err)
		}
		if part/1000 > float64(p) {
			t.Errorf("%v of 1000 is more than %s", part, text)
		}
	}
}

func TestModes(t *testing.T) {
	file := func(text string) (uint32, error) {
		var m FileMode
		err := m.parse(text)
		return uint32(m), err
	}
	checkScalars(t, file, FileMode.pattern(0), map[string]uint32{
		"0600": 0o600, "640": 0o640, "0o644": 0o644, "0400": 0o400,
	}, []string{"", "0", "0200", "0077", "0800", "1777", "-600", "0x180", "rw-------", "0o", "6_40", "00600"})
	dir := func(text string) (uint32, error) {
		var m DirMode
		err := m.parse(text)
		return uint32(m), err
	}
	checkScalars(t, dir, DirMode.pattern(0), map[string]uint32{
		"0700": 0o700, "750": 0o750, "0o755": 0o755,
	}, []string{"", "0600", "0500", "0300", "1777", "0o1777"})
}

func TestChoice(t *testing.T) {
	parse := func(text string) (Choice, error) {
		var c Choice
		err := c.parse(text)
		return c, err
	}
	checkScalars(t, parse, Choice(0).pattern(), map[string]Choice{
		"y": Choice(consent.Y), "Y": Choice(consent.Y), "n": Choice(consent.N), "dy": Choice(consent.DY), "Dn": Choice(consent.DN),
		"p": Choice(consent.P), "u": Choice(consent.U), "LI": Choice(consent.LI), "li": Choice(consent.LI), "CT": Choice(consent.CT),
		"CP": Choice(consent.CP), "VI": Choice(consent.VI), "PI": Choice(consent.PI),
	}, []string{"", " ", "yes", "no", "true", "1", "y ", "dnn", "LI,CT", "ｙ"})
}

func TestAsOf(t *testing.T) {
	at := func(text string) AsOf {
		stamp, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return AsOf{kind: asOfStated, at: stamp.UTC()}
	}
	parse := func(text string) (AsOf, error) {
		var a AsOf
		err := a.parse(text)
		return a, err
	}
	checkScalars(t, parse, AsOf{}.pattern(), map[string]AsOf{
		"path": {kind: asOfPath}, "column:a.b": {kind: asOfColumn, name: "a.b"}, "column:a:b": {kind: asOfColumn, name: "a:b"},
		"metadata:exported at": {kind: asOfMetadata, name: "exported at"},
		"2026-11-24":           at("2026-11-24T00:00:00Z"), "2026-11-24T02:30:00+02:00": at("2026-11-24T00:30:00Z"),
		"2026-11-24 02:30": at("2026-11-24T02:30:00Z"), "2026-11-24T02:30:00.123456Z": at("2026-11-24T02:30:00.123456Z"),
	}, []string{"", "Path", "path:", "column", "column:", "metadata:", "now", "2026-13-01", "2026-11-24T25:00:00Z", "26-11-24", "1764000000"})
}

// TestValuesKeepTheirSpelling: what stands for a choice is compared as text, and
// y and n are no booleans, whatever YAML 1.1 said.
func TestValuesKeepTheirSpelling(t *testing.T) {
	j := mustLoad(t, with(t, "  key: profile_id\n", `  key: profile_id
  layout: columns
  columns: {marketing.email.val: opted_in}
  values: {true: y, "false": n, Yes: "y", no: 'n', 1: y, 0: n, 01: dn, "": u, ~: p, on: LI}
`))
	want := map[string]consent.Choice{
		"true": consent.Y, "false": consent.N, "Yes": consent.Y, "no": consent.N, "1": consent.Y, "0": consent.N,
		"01": consent.DN, "": consent.U, "~": consent.P, "on": consent.LI,
	}
	got := j.Consents[0].Values
	for text, choice := range want {
		if consent.Choice(got[text]) != choice {
			t.Errorf("%q stands for %v, want %v", text, consent.Choice(got[text]), choice)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d values, want %d", len(got), len(want))
	}
	checkMistakes(t, with(t, "  key: profile_id\n", `  key: profile_id
  layout: columns
  columns: {marketing.email.val: opted_in}
  values: {true: y, "true": n}
`), "7:21 consents[0].values.true: the key stands twice, first on line 7")
}
