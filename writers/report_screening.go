package writers

// A ScreeningRule is a list of addresses or people that can name recipients of a
// send list.
type ScreeningRule struct {
	Kind     string // as in the manifest
	Name     string
	Bypassed bool // it is for marketing, and the messages are transactional
}

// screeningWords say what it means to stand on a list, by its kind, in the order
// of the report.
var screeningWords = []struct{ kind, term, text string }{
	{"erased", "The erased", "Who asked to be forgotten is not contacted, whatever a snapshot says."},
	{"suppression", "Suppression lists", "Nobody on one of them is contacted."},
	{"provider_block", "Provider blocks", "Nobody is contacted whom the provider does not reach from this sender."},
	{"allowed", "Allowed lists", "Nobody else is contacted."},
	{"registry", "Registries", "Nobody on one of them gets marketing."},
	{"exemption", "Exemptions", "Who is on one may be contacted in spite of its registry."},
}

// screening is which lists bind the messages, and what that comes to.
func (l ListRules) screening() (words []wording) {
	names := func(is func(ScreeningRule) bool) (names []string) {
		for _, r := range l.Screening {
			if is(r) {
				names = append(names, r.Name)
			}
		}
		return names
	}
	for _, w := range screeningWords {
		if binding := names(func(r ScreeningRule) bool { return r.Kind == w.kind && !r.Bypassed }); binding != nil {
			words = append(words, wording{w.term, list(binding), w.text})
		}
	}
	if words == nil {
		words = append(words, wording{"Lists of addresses and people", "none", "No list but the profiles and consents says whom not to contact."})
	}
	if bypassed := names(func(r ScreeningRule) bool { return r.Bypassed }); bypassed != nil {
		words = append(words, wording{"Lists that do not bind", list(bypassed), "They are for marketing."})
	}
	if l.ReachComplaints {
		words = append(words, wording{"Spam complaints", "do not bind", "Who is suppressed for a complaint, and for nothing else, is reached."})
	}
	return words
}

// entryRow is what one list of addresses or people holds.
type entryRow struct {
	Input
	Entries
}

// entries are the lists of addresses and people, in the order of the manifest.
func (m *Manifest) entries() (rows []entryRow) {
	for _, in := range m.Inputs {
		if in.Entries != nil {
			rows = append(rows, entryRow{in, *in.Entries})
		}
	}
	return rows
}

// Unlisted is how many malformed entries are not named by their place.
func (e entryRow) Unlisted() int64 { return max(e.Malformed-int64(len(e.Places)), 0) }
