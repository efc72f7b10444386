package writers

import "slices"

// gateQuestions say what the gates of this program ask.
var gateQuestions = map[string]string{
	"max_age":          "Is the input recent enough?",
	"max_shrink":       "Has the input lost no more rows than usual since the last run?",
	"max_invalid":      "Are nearly all answers in it readable?",
	"max_quarantined":  "Are nearly all rows of the list sound?",
	"max_no_profile":   "Are nearly all recipients of the list known?",
	"require_opt_outs": "Does the input hold any opt-out at all?",
}

// overridden are the gates that did not pass and were let through.
func (m *Manifest) overridden() []Gate {
	return slices.DeleteFunc(slices.Clone(m.Gates), func(g Gate) bool { return g.Passed || !g.Accepted })
}

// refused are the gates that did not pass and that nobody let through.
func (m *Manifest) refused() []Gate {
	return slices.DeleteFunc(slices.Clone(m.Gates), func(g Gate) bool { return g.Passed || g.Accepted })
}

// unneeded are the overrides that were given and that no gate needed.
func (m *Manifest) unneeded() []string {
	return slices.DeleteFunc(slices.Clone(m.Accepted), func(name string) bool {
		return slices.ContainsFunc(m.overridden(), func(g Gate) bool { return g.Name == name })
	})
}
