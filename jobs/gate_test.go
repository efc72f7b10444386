package jobs

import (
	"errors"
	"strings"
	"testing"
)

func TestPercentText(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0%", 1: "100%", 0.2: "20%", 0.015: "1.5%", 1.0 / 3: "33.33%", 0.9999999: "100%", 0.0001: "0.01%",
		0.00005: "0.01%", 0.00004: "0.004%", 0.00001: "0.001%", 1e-7: "0.00001%", 3.0 / 10_000_000: "0.00003%", 1e-12: "0.0000000001%",
	} {
		if got := percent(share); got != want {
			t.Errorf("%g: got %s, want %s", share, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		limit       Percent
		passed      bool
		reading     string
	}{
		{0, 0, 0, true, "0 of 0 rows (0%)"},
		{0, 9, 0, true, "0 of 9 rows (0%)"},
		{1, 9, 0, false, "1 of 9 rows (11.11%)"},
		{1, 5, 0.2, true, "1 of 5 rows (20%)"},
		{200_001, 1_000_000, 0.2, false, "200,001 of 1,000,000 rows (20%)"},
		{9, 9, 1, true, "9 of 9 rows (100%)"},
		{1, 20_000_000, 0, false, "1 of 20,000,000 rows (0.000005%)"},
	} {
		var g gates
		g.share(gateMaxInvalid, "consents", c.part, c.whole, "rows", c.limit)
		if got := g.readings[0]; got.Passed != c.passed || got.Reading != c.reading {
			t.Errorf("%d of %d against %g: got %+v, want %v, %q", c.part, c.whole, float64(c.limit), got, c.passed, c.reading)
		}
	}
}

func TestGates(t *testing.T) {
	g := &gates{accept: []string{"max_age:profiles", "max_invalid"}}
	g.read(gateMaxAge, "profiles", false, "3d old", "2d")
	g.read(gateMaxAge, "consents", false, "3d old", "2d")
	g.read(gateMaxInvalid, "consents", false, "2%", "1%")
	g.read(gateMaxInvalid, "other", true, "0%", "1%")
	g.read(gateEmpty, "other", false, "0 rows", "")
	err := g.refusal()
	const want = "refused: gate max_age: consents: 3d old, limit 2d (to let it through once: --accept max_age:consents)\n" +
		"         gate empty: other: 0 rows"
	if err == nil || err.Error() != want {
		t.Errorf("got error\n%v\nwant\n%s", err, want)
	}
	if got := strings.Join(g.accepted(), " "); got != "max_age:profiles max_invalid:consents" {
		t.Errorf("accepted %q", got)
	}
	if err := (&gates{}).refusal(); err != nil {
		t.Errorf("no gate was read: got error %v", err)
	}
}

func TestCheckAccept(t *testing.T) {
	j := mustLoad(t, sound)
	for _, name := range []string{"max_age", "max_shrink:consents", "max_quarantined:vip"} {
		if err := j.checkAccept([]string{name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", ":", "schema", "missing", "empty", "unreadable", "MAX_AGE", "max_age:", "max_age:profiles", "max_age:consents-1", " max_age"} {
		err := j.checkAccept([]string{"max_age", name})
		var usage *UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%q: got error %v, want a usage error", name, err)
		}
	}
}
