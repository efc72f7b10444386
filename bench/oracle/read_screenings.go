package oracle

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// hashKey is the key of keyed hashes, in the environment under hashKeyEnv.
const hashKey, hashKeyEnv = "a key of random jobs", "RANDOM_JOB_KEY"

// pad is the key as RFC 2104 mixes it into the text, in hexadecimal.
func pad(with byte) string {
	padded := make([]byte, 64)
	copy(padded, hashKey)
	for i := range padded {
		padded[i] ^= with
	}
	return hex.EncodeToString(padded)
}

// readScreenings fills the tables of lists and their entries.
func readScreenings(d *database, dir string, j *Job) error {
	for number, s := range j.screenings() {
		if err := readScreening(d, dir, number, s); err != nil {
			return fmt.Errorf("read %s: %w", s.Path, err)
		}
	}
	return nil
}

func readScreening(d *database, dir string, number int, s placed) error {
	if err := d.insert("screening", []any{
		number, string(s.use), s.Path, s.field, s.lifts, s.Scope == "marketing", s.Hash, strings.ToUpper(s.Region), s.HashOf == "digits",
		s.IncludeSubdomains, s.PlusTags, s.GmailDots,
	}); err != nil {
		return err
	}
	word, value := "'"+s.words()[0]+"'", s.Column
	if s.isUpload() {
		word, value = "TYPE", "VALUE"
	} else if t, ok := s.Match.(typed); ok {
		word = t.Column
	}
	category := "'manual'"
	switch c := s.Category.(type) {
	case string:
		category = "'" + c + "'"
	case typed:
		category = "coalesce(" + c.Column + "::VARCHAR, 'unnamed')"
	}
	off := "false"
	if s.Status != nil {
		ignored := s.Status.Ignore
		if ignored == nil {
			ignored = []string{"deleted"}
		}
		off = fmt.Sprintf("coalesce(lower(%s::VARCHAR) IN ('%s'), false)", s.Status.Column, lowerJoin(ignored))
	}
	sender := "NULL"
	if s.Sender != "" {
		sender = s.Sender + "::VARCHAR"
	}
	return d.exec(fmt.Sprintf("INSERT INTO entry_input SELECT %d, coalesce(lower(%s::VARCHAR), 'email'), %s::VARCHAR, %s, %s FROM %s WHERE NOT %s",
		number, word, value, category, sender, files(dir, s.Path, s.Delimiter), off))
}

// lowerJoin writes words as SQL lists them.
func lowerJoin(words []string) string { return strings.ToLower(strings.Join(words, "', '")) }
