package measure

import (
	"fmt"
	"slices"
	"strings"
)

// Page is RESULTS.md: every line that was measured, in the order of lines.
func (r Results) Page(lines []Line) string {
	var p strings.Builder
	p.WriteString("# Results\n\nWritten by `go run ./cmd/compare`; see README.md. Medians of runs in turns, after one\n" +
		"of each that does not count. Every process starts anew and reads files that the\nsystem already holds in memory. MB are 10⁶ bytes, rows/s are consent records.\n")
	machines := map[string]bool{}
	for _, l := range lines {
		if result, ok := r.Lines[l.Name]; ok && !machines[result.Machine.String()] {
			machines[result.Machine.String()] = true
			fmt.Fprintf(&p, "\nMachine: %s.\n", result.Machine)
		}
	}
	p.WriteString("\n| line | figure | is | at most | |\n|---|---|---|---|---|\n")
	for _, l := range lines {
		result, ok := r.Lines[l.Name]
		if !ok {
			continue
		}
		for _, g := range l.Goals {
			p.WriteString(goalRow(l, g, result.medians()))
		}
	}
	p.WriteString(r.obstacles(lines))
	for _, l := range lines {
		if result, ok := r.Lines[l.Name]; ok {
			p.WriteString("\n" + Section(l, result))
		}
	}
	return p.String()
}

// obstacles says what stands in the way of each line that misses a goal.
func (r Results) obstacles(lines []Line) string {
	var p strings.Builder
	for _, l := range lines {
		result, ok := r.Lines[l.Name]
		misses := func(g Goal) bool { return g.Figure.Value(l, result.medians()) > g.Most }
		if !ok || l.Obstacle == "" || !slices.ContainsFunc(l.Goals, misses) {
			continue
		}
		if p.Len() == 0 {
			p.WriteString("\nWhat stands in the way:\n\n")
		}
		fmt.Fprintf(&p, "- **%s**: %s\n", l.Name, l.Obstacle)
	}
	return p.String()
}

func goalRow(l Line, g Goal, m Medians) string {
	value := g.Figure.Value(l, m)
	verdict := "reached"
	if value > g.Most {
		verdict = fmt.Sprintf("missed by %.0f %%", (value/g.Most-1)*100)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", l.Name, g.Figure, figure(value), figure(g.Most), verdict)
}

// figure writes a number with three digits that count.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// Section is one line's part of the page.
func Section(l Line, r Result) string {
	var p strings.Builder
	fmt.Fprintf(&p, "## %s: %s\n\n", l.Name, l.Work)
	fmt.Fprintf(&p, "%s, revision %s, DuckDB %s, %d runs of each side.\n\n", r.Taken.Format("2006-01-02"), r.Revision, r.DuckDB, len(r.Subject))
	p.WriteString("| | wall | least to most | CPU | peak memory | rows/s |\n|---|---|---|---|---|---|\n")
	m := r.medians()
	subject, reference := m.Subject, m.Reference
	p.WriteString(sideRow(l.Subject, "", subject, r.Subject))
	name := ""
	if l.Subject.Runner == l.Reference.Runner {
		name = ", against"
	}
	p.WriteString(sideRow(l.Reference, name, reference, r.Reference))
	if l.Without != nil && len(r.Without) > 0 {
		p.WriteString(sideRow(*l.Without, ", without", m.Without, r.Without))
	}
	fmt.Fprintf(&p, "| ratio | %.3f | | %.3f | %.3f | |\n",
		WallRatio.Value(l, m), subject.CPU.Seconds()/reference.CPU.Seconds(), PeakRatio.Value(l, m))
	return p.String()
}

func sideRow(s Side, suffix string, m Sample, samples []Sample) string {
	walls := make([]float64, len(samples))
	for i, sample := range samples {
		walls[i] = sample.Wall.Seconds()
	}
	return fmt.Sprintf("| %s%s | %.2f s | %.2f to %.2f s | %.2f s | %.0f MB | %.1f M |\n", s.Runner, suffix,
		m.Wall.Seconds(), slices.Min(walls), slices.Max(walls), m.CPU.Seconds(), float64(m.Peak)/1e6,
		float64(s.Snapshot.Profiles)/m.Wall.Seconds()/1e6)
}
