package readers

import (
	"fmt"
	"testing"
	"time"
)

// TestPlainInstants: the short way reads every day as the general one does, refuses
// the days that there are not, and leaves what it does not know.
func TestPlainInstants(t *testing.T) {
	for year := firstYear - 1; year <= lastYear+1; year++ {
		for month := range 14 {
			for day := range 33 {
				text := fmt.Appendf(nil, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (year+day)%24, 59-day, month+day)
				want, ok := parseDateTime(text)
				ok = ok && year >= firstYear && year <= lastYear
				if got, plain := plainInstant(text); plain != ok || ok && got != want.UnixMicro() {
					t.Fatalf("%s: got %d, %t, want %d, %t", text, got, plain, want.UnixMicro(), ok)
				}
			}
		}
	}
	const text = "2026-11-25T23:59:59Z"
	if got, ok := plainInstant([]byte(text)); !ok || got != time.Date(2026, 11, 25, 23, 59, 59, 0, time.UTC).UnixMicro() {
		t.Errorf("%s: got %d, %t", text, got, ok)
	}
	// No byte may stand for another.
	for i := range text {
		for c := range 256 {
			changed := []byte(text)
			changed[i] = byte(c)
			got, plain := plainInstant(changed)
			want, ok := parseDateTime(changed)
			if plain && (!ok || got != want.UnixMicro()) {
				t.Errorf("%q: got %d, want it left to the general way, which says %v, %t", changed, got, want, ok)
			}
		}
	}
}

func BenchmarkInstant(b *testing.B) {
	for name, parse := range map[string]func([]byte) (int64, error){
		"plain":   parseInstant,
		"general": parseAnyInstant,
	} {
		b.Run(name, func(b *testing.B) {
			text := []byte("2026-11-25T10:00:00Z")
			for b.Loop() {
				if _, err := parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
