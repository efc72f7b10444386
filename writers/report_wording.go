package writers

import (
	"slices"
	"strings"
	"time"
)

// A wording is one rule for a reader: what it is about, how it is set and what
// that comes to. Names from the job file are in it as visible has them.
type wording struct {
	Term    string
	Setting string // as a job file would spell it, "" where words say it all
	Text    string
}

// choiceWords say the schema's choice values in words.
var choiceWords = map[string]string{
	"y": "opted in", "dy": "opted in by default", "n": "opted out", "dn": "opted out by default",
	"p": "asked, answer pending", "u": "unknown",
	"LI": "legitimate interest", "CT": "contract", "CP": "legal obligation",
	"VI": "vital interest", "PI": "public interest",
}

// Words are the rules of a list, one by one, save for its jurisdictions.
func (l ListRules) Words() []wording {
	words := []wording{l.category(), l.consent(), l.mode(), l.silence(), l.bases(), l.expiry()}
	if l.Subscription != "" {
		words = append(words, wording{"Subscription", visible(l.Subscription), "A message to somebody who left it is dropped."})
	}
	if l.Devices != "" {
		words = append(words, wording{"Devices", visible(l.Devices), "A token that no profile has, that is denylisted, or that is of another app or platform is invalid."})
	}
	words = append(words, l.purposes(), l.sendTime(), l.duplicates(), l.profile(), l.shared())
	words = append(words, l.screening()...)
	return append(words, l.personal()...)
}

func (l ListRules) category() wording {
	if l.Category == "transactional" {
		return wording{"Category", l.Category, "Refusals of marketing do not bind. Each message that was sent in spite of one is counted as a bypass."}
	}
	return wording{"Category", visible(l.Category), "Every rule on consent binds."}
}

func (l ListRules) consent() wording {
	if l.Field == "" {
		return wording{"Consent read", "", "None: the channel has no consent of its own."}
	}
	return wording{"Consent read", visible(l.Field), "A refusal of all marketing, or for the one address, binds as well."}
}

func (l ListRules) mode() wording {
	return wording{"Consent mode", visible(l.Mode), modeWords(l.Mode)}
}

func modeWords(mode string) string {
	switch mode {
	case "opt_in":
		return "Only a recorded yes permits the message; silence is not consent."
	case "opt_out":
		return "The message may go out unless the person said no."
	}
	return ""
}

func (l ListRules) silence() wording {
	if l.Default == "" {
		return wording{"Default", "no default", "Somebody who never answered is silent, and the mode decides."}
	}
	return wording{"Default", visible(l.Default), "Somebody who never answered is read as “" + choice(l.Default) + "”."}
}

func choice(value string) string {
	if words, known := choiceWords[value]; known {
		return words
	}
	return visible(value)
}

func (l ListRules) bases() wording {
	term := "Other legal bases"
	if l.Mode == "opt_out" && len(l.AcceptBasis) == 0 {
		return wording{term, "", "Every recorded basis permits, as nothing but a no refuses here."}
	}
	if len(l.AcceptBasis) == 0 {
		return wording{term, "none", "Only consent permits."}
	}
	var words []string
	for _, basis := range l.AcceptBasis {
		words = append(words, choice(basis))
	}
	return wording{term, list(l.AcceptBasis), "Accepted: " + strings.Join(words, ", ") + "."}
}

func (l ListRules) expiry() wording {
	if l.ValidFor <= 0 {
		return wording{"Consent holds", "", "Without limit of time."}
	}
	return wording{"Consent holds", validity(l.ValidFor), "A yes older than that when the message goes out, or of unknown date, has expired."}
}

func validity(d time.Duration) string {
	if d <= 0 {
		return "without limit"
	}
	if day := 24 * time.Hour; d%day == 0 {
		return plural(int64(d/day), "day", "days")
	}
	return span(d)
}

func (l ListRules) purposes() wording {
	if len(l.Requires) == 0 {
		return wording{"Further purposes", "", "None required."}
	}
	return wording{"Further purposes", list(l.Requires), "Each must be permitted by the person; everything else refuses."}
}

func (l ListRules) sendTime() wording {
	if l.SendColumn != "" {
		return wording{"Time of sending", "column " + visible(l.SendColumn), "Consent is judged as of each row's own time."}
	}
	return wording{"Time of sending", moment(l.SendAt), "Consent is judged as of this time for every row."}
}

func (l ListRules) duplicates() wording {
	if !l.DropDuplicates {
		return wording{"Duplicates", "kept", "Rows for the same recipient are judged one by one."}
	}
	return wording{"Duplicates", "dropped", "Of rows with the same " + and(l.DuplicatesBy) + " only the first in the file is judged."}
}

func (l ListRules) profile() wording {
	if l.RequireProfile {
		return wording{"Profile", "required", "A row whose person is not among the profiles is dropped."}
	}
	return wording{"Profile", "not required", "A row whose person is not among the profiles is judged by its consents alone."}
}

func (l ListRules) shared() wording {
	if l.SharedAddress {
		return wording{"Shared addresses", "bind", "A no of anybody who shares the address refuses the message."}
	}
	return wording{"Shared addresses", "do not bind", "Only the person's own answers count."}
}

func (l ListRules) personal() []wording {
	if len(l.Personal) == 0 {
		return []wording{{"Personal content", "", "The list has none."}}
	}
	words := []wording{{"Personal content", visible(l.Gate), gateWords(l.Gate)}}
	for _, column := range l.Personal {
		text := "Left empty in a general message."
		if column.Fallback != nil {
			text = "Becomes “" + visible(*column.Fallback) + "” in a general message."
		}
		words = append(words, wording{"", "column " + visible(column.Name), text})
	}
	return words
}

func gateWords(gate string) string {
	switch gate {
	case "opt_in":
		return "Only for people who permitted it; others get a general message."
	case "opt_out":
		return "For everybody but people who refused it; they get a general message."
	}
	return ""
}

// A change is a setting that a jurisdiction has in place of the list's own.
type change struct{ Term, Here, Elsewhere string }

// Changes are the settings in which a jurisdiction differs from the list's own
// terms, in a fixed order.
func (l ListRules) Changes(j Jurisdiction) []change {
	var changes []change
	add := func(term, here, elsewhere string) {
		if here != elsewhere {
			changes = append(changes, change{term, here, elsewhere})
		}
	}
	or := func(text, none string) string {
		if text == "" {
			return none
		}
		return visible(text)
	}
	bases := func(t Terms) string {
		if len(t.AcceptBasis) == 0 {
			return "none"
		}
		return list(slices.Sorted(slices.Values(t.AcceptBasis)))
	}
	add("consent mode", visible(j.Mode), visible(l.Mode))
	add("default", or(j.Default, "no default"), or(l.Default, "no default"))
	add("other legal bases", bases(j.Terms), bases(l.Terms))
	add("consent holds", validity(j.ValidFor), validity(l.ValidFor))
	if len(l.Personal) > 0 {
		add("personal content", visible(j.Gate), visible(l.Gate))
	}
	return changes
}

// list joins names with commas.
func list(names []string) string { return strings.Join(allVisible(names), ", ") }

// and joins names as a sentence does.
func and(names []string) string {
	words := allVisible(names)
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
