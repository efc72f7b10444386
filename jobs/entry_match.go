package jobs

import (
	"fmt"
	"slices"
	"strings"
)

// EntryMatch says what the entries of a list are: one word for all, or a column
// that has the word of each. Where it is a word it reads itself with single.
type EntryMatch struct {
	Column string `yaml:"column" jsonschema:"required" doc:"Column that says of each entry what it is: email, domain, phone, profile or device, in any case. Where it is null the entry is an email address."`
	all    string
}

func (EntryMatch) words() []string { return []string{"email", "domain", "phone", "profile", "device"} }

func (m *EntryMatch) single(text string) (err error) {
	m.all, err = oneOf(text, m.words())
	return err
}

// oneOf is text where it is among the words.
func oneOf(text string, words []string) (string, error) {
	if !slices.Contains(words, text) {
		return "", fmt.Errorf("%q is none of %s%s", text, strings.Join(words, ", "), suggest(text, words))
	}
	return text, nil
}
