package jobs

import (
	"strings"
	"testing"
	"time"
)

func TestWithin(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	christmas := []Day{"2026-12-25", "2026-12-26", "2027-01-01"}
	tests := []struct {
		within, request string
		holidays        []Day
		want            string // the time it is due, in Paris
	}{
		{"2d", "2026-11-25T10:00:00Z", nil, "2026-11-27T11:00:00"},
		{"90m", "2026-11-25T10:00:00Z", nil, "2026-11-25T12:30:00"},
		{"1 business day", "2026-11-25T10:00:00Z", nil, "2026-11-27T00:00:00"},             // Wednesday
		{"1 business day", "2026-11-25T23:30:00Z", nil, "2026-11-28T00:00:00"},             // Thursday in Paris
		{"1 business day", "2026-11-27T10:00:00Z", nil, "2026-12-01T00:00:00"},             // Friday
		{"1 business day", "2026-11-28T10:00:00Z", nil, "2026-12-01T00:00:00"},             // Saturday
		{"10 business days", "2026-11-25T10:00:00Z", nil, "2026-12-10T00:00:00"},           // two weekends
		{"10 business days", "2026-12-18T10:00:00Z", nil, "2027-01-02T00:00:00"},           // Friday
		{"10 business days", "2026-12-18T10:00:00Z", christmas, "2027-01-06T00:00:00"},     // a holiday on a Saturday moves nothing
		{"10 business days", "2027-03-19T10:00:00Z", christmas[:1], "2027-04-03T00:00:00"}, // the clocks change
	}
	for _, tt := range tests {
		var w Within
		if err := w.parse(tt.within); err != nil {
			t.Errorf("%s: %v", tt.within, err)
			continue
		}
		request, err := time.Parse(time.RFC3339, tt.request)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.due(request, paris, tt.holidays).In(paris).Format("2006-01-02T15:04:05"); got != tt.want {
			t.Errorf("%s after %s: got %s, want %s", tt.within, tt.request, got, tt.want)
		}
		if got := w.String(); got != strings.Replace(tt.within, "90m", "1h30m", 1) {
			t.Errorf("%s is written %s", tt.within, got)
		}
	}
	for _, text := range []string{"", "0 business days", "10 Business days", "10 days", "1001 business days", "-1d", "0s"} {
		var w Within
		if err := w.parse(text); err == nil {
			t.Errorf("%q is taken for %s", text, w)
		}
	}
	for _, text := range []string{"2026-13-01", "1.1.2026", ""} {
		var d Day
		if err := d.parse(text); err == nil {
			t.Errorf("%q is taken for a day", text)
		}
	}
}
