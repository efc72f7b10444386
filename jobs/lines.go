package jobs

import "strings"

// splitLines parts a text where YAML does: also at the ends of line of other
// systems and of Unicode.
func splitLines(text []byte) []string {
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(string(text)), "\n")
}

// excerpt is the line, or where it is very long what is around character number
// at, and how many characters of it are before that one.
func excerpt(line string, at int) (text string, before int) {
	const width, context = 160, 60
	runes := []rune(line)
	if len(runes) <= width {
		return line, at
	}
	start := max(0, min(at, len(runes))-context)
	end := min(start+width, len(runes))
	text, before = string(runes[start:end]), at-start
	if start > 0 {
		text, before = "…"+text, before+1
	}
	if end < len(runes) {
		text += "…"
	}
	return text, before
}

// indent is white space as wide as the first n characters of line.
func indent(line string, n int) string {
	var b strings.Builder
	for i, c := range []rune(line) {
		if i == n {
			break
		}
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}
