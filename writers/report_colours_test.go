package writers

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast computes the contrast of every pair of colours that meet, by
// WCAG 2.1: 4.5 for text (1.4.3), 3 for the marks of charts (1.4.11).
func TestContrast(t *testing.T) {
	style, err := os.ReadFile("report/report.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(style), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("no dark colours")
	}
	for scheme, text := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(text, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for _, pair := range []struct {
			ink, ground string
			least       float64
		}{
			{"ink", "ground", 7},
			{"ink", "raised", 7},
			{"ink", "alarm-ground", 7},
			{"quiet", "ground", 4.5},
			{"quiet", "raised", 4.5},
			{"link", "ground", 4.5},
			{"link", "raised", 4.5},
			{"kept", "ground", 4.5},
			{"alarm", "ground", 4.5},
			{"alarm", "alarm-ground", 4.5},
			{"dropped", "ground", 3},
			{"quarantined", "ground", 3},
			{"dropped", "dropped-pale", 3},
			{"quarantined", "quarantined-pale", 3},
		} {
			a, has := colours[pair.ink]
			b, also := colours[pair.ground]
			if !has || !also {
				t.Errorf("%s: no colour %s or %s", scheme, pair.ink, pair.ground)
			} else if got := (max(a, b) + 0.05) / (min(a, b) + 0.05); got < pair.least {
				t.Errorf("%s: contrast of %s on %s is %.2f, want %v", scheme, pair.ink, pair.ground, got, pair.least)
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(shift int) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
