package writers

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 123456: "123,456", 1234567: "1,234,567",
		math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	for _, test := range []struct {
		part, whole int64
		want        string
	}{
		{0, 0, "–"},
		{0, 5, "0.0%"},
		{5, 5, "100.0%"},
		{1, 3, "33.3%"},
		{1, 1_000_000, "<0.1%"},
		{1, 2000, "0.1%"},
		{999_999, 1_000_000, ">99.9%"},
		{math.MaxInt64 - 1, math.MaxInt64, ">99.9%"},
		{math.MaxInt64, math.MaxInt64, "100.0%"},
	} {
		if got := share(test.part, test.whole); got != test.want {
			t.Errorf("share(%d, %d) = %q, want %q", test.part, test.whole, got, test.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", 61 * time.Second: "1 min 1 s", time.Hour: "1 h",
		26 * time.Hour: "26 h", 26*time.Hour + 90*time.Second: "26 h 1 min", 73 * time.Hour: "3 d 1 h",
		31 * 24 * time.Hour: "31 d", -time.Hour: "−1 h",
	} {
		if got := strings.ReplaceAll(span(d), noBreak, " "); got != want {
			t.Errorf("span(%s) = %q, want %q", d, got, want)
		}
	}
	for _, s := range []float64{math.Inf(1), math.NaN(), 1e300} {
		if got := ofSeconds(s); got != math.MaxInt64 {
			t.Errorf("ofSeconds(%v) = %v", s, got)
		}
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 18_400_221_337: "18.4 GB", math.MaxInt64: "9.2 EB",
	} {
		if got := strings.ReplaceAll(size(bytes), noBreak, " "); got != want {
			t.Errorf("size(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestVisible(t *testing.T) {
	for name, want := range map[string]string{
		"": "(empty)", "lists/a b.parquet": "lists/a b.parquet", "Prénom": "Prénom", " x": `" x"`,
		"a\u202eb": `"a\u202eb"`, "a\u200bb": `"a\u200bb"`, "a\nb": `"a\nb"`, "\xff": `"\xff"`,
	} {
		if got := visible(name); got != want {
			t.Errorf("visible(%q) = %s, want %s", name, got, want)
		}
	}
}

func TestMomentIsTheSameEverywhere(t *testing.T) {
	at := time.Date(2026, 11, 25, 2, 0, 0, 0, time.FixedZone("", 3600))
	if got, want := moment(at), "2026-11-25 01:00:00"+noBreak+"UTC"; got != want {
		t.Errorf("moment = %q, want %q", got, want)
	}
	if got := moment(time.Time{}); got != "not known" {
		t.Errorf("moment of no time = %q", got)
	}
}
