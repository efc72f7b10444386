package writers

import (
	"math"
	"strconv"
	"strings"
)

// A slice is one part of a stacked bar, placed in per cent of its width.
type slice struct {
	Name  string // kept, dropped or quarantined: also its pattern
	Label string
	Rows  int64
	Share string
	X, W  string // per cent, "0" for a part that is nothing
}

// A bar shows what became of the planned rows of a list, or of all.
type bar struct {
	Planned int64
	Slices  []slice
}

// minSlice is the least width, in per cent, of a part that is not nothing: one
// person who was dropped must be seen beside a million who were not.
const minSlice = 0.6

func newBar(c Counts) bar {
	rows := []int64{c.Kept, c.Dropped, c.Quarantined}
	x, b := 0.0, bar{Planned: c.Planned}
	for i, w := range widths(rows) {
		name := []string{"kept", "dropped", "quarantined"}[i]
		b.Slices = append(b.Slices, slice{
			Name: name, Label: strings.ToUpper(name[:1]) + name[1:],
			Rows: rows[i], Share: share(rows[i], c.Planned), X: percent(x), W: percent(w),
		})
		x += w
	}
	return b
}

// Text is the bar in words, for those who cannot see it.
func (b bar) Text() string {
	if b.Planned == 0 {
		return "No planned messages."
	}
	var parts []string
	for _, s := range b.Slices {
		parts = append(parts, s.Name+" "+Thousands(s.Rows)+" ("+s.Share+")")
	}
	return "Of " + Thousands(b.Planned) + " planned: " + strings.Join(parts, ", ") + "."
}

// widths shares out 100 per cent among rows. What is raised to the least width
// is taken from the widest.
func widths(rows []int64) []float64 {
	var total float64
	for _, n := range rows {
		total += float64(n)
	}
	w := make([]float64, len(rows))
	if total == 0 {
		return w
	}
	widest, left := 0, 100.0
	for i, n := range rows {
		if n > 0 {
			w[i] = max(float64(n)/total*100, minSlice)
		}
		left -= w[i]
		if w[i] > w[widest] {
			widest = i
		}
	}
	w[widest] += left
	return w
}

// length is the width in per cent of a bar for a part of the whole.
func length(part, whole int64) string {
	if part <= 0 || whole <= 0 {
		return "0"
	}
	return percent(max(float64(part)/float64(whole)*100, minSlice))
}

func percent(w float64) string {
	if w == 0 {
		return "0"
	}
	return strconv.FormatFloat(math.Round(w*100)/100, 'f', -1, 64) + "%"
}
