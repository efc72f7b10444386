package writers

import "slices"

// gateMaxAge is the gate on the age of an input, whose subject is its name.
const gateMaxAge = "max_age"

// gateQuestions say what the gates of this program ask.
var gateQuestions = map[string]string{
	gateMaxAge:         "Is the input recent enough, and not from the future?",
	"empty":            "Has the input any rows?",
	"lost_column":      "Has the input every consent column of the last run?",
	"max_shrink":       "Has the input lost no more rows than usual since the last run?",
	"max_invalid":      "Are nearly all answers in it readable?",
	"max_quarantined":  "Are nearly all rows of the list sound?",
	"max_no_profile":   "Are nearly all recipients of the list known?",
	"empty_list":       "Does the list name anybody at all?",
	"digest":           "Are all entries as long as a digest?",
	"max_malformed":    "Are nearly all entries of the list sound?",
	"max_vanished":     "Has the list nearly all entries of the last run?",
	"max_drop_change":  "Is about the usual share of the list kept?",
	"max_bad_events":   "Can all events of the log be understood?",
	"require_hits":     "Does so long a hashed list name anybody planned?",
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

// unread are the overrides for which there is no reading. There should be none,
// and one that there is must not be hidden.
func (m *Manifest) unread() []string {
	return slices.DeleteFunc(slices.Clone(m.Accepted), func(name string) bool {
		return slices.ContainsFunc(m.overridden(), func(g Gate) bool { return name == g.Name || name == g.Name+":"+g.Subject })
	})
}

// tooOld reports whether an input failed the gate on its age, or would have.
func (m *Manifest) tooOld(in Input) bool {
	if slices.ContainsFunc(m.Gates, func(g Gate) bool { return g.Name == gateMaxAge && g.Subject == in.Name && !g.Passed }) {
		return true
	}
	return in.MaxAge != nil && (in.Age == nil || *in.Age > *in.MaxAge)
}
