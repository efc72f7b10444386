package jobs

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"optout/pipeline"
	"optout/pipeline/identity"
)

// checkKeys makes sure that the keys of all lists whose entries are HMACs are
// there, and that they make of the test entries what the job says.
func (j *Job) checkKeys(secret func(name string) ([]byte, bool)) error {
	m := newMistakes(j.path, j.text)
	m.at = j.positions
	all := j.screenings()
	for i := range all {
		s := &all[i]
		if s.algorithm() != identity.HMACSHA256 {
			continue
		}
		key := s.secretKey(secret)
		if key == nil {
			return &UsageError{fmt.Errorf("%s.hash_key_env: the environment variable %s is empty or not set; it holds the key that the list was hashed with", s.key, s.HashKeyEnv)}
		}
		if s.HashCheck == nil {
			continue
		}
		if text := j.wrongCheck(s, key); text != "" {
			m.add(s.key+".hash_check.digest", "%s", text)
		}
	}
	return m.err()
}

// secretKey is the key of a list whose entries are HMACs, nil for others and
// where it is not there.
func (s *screening) secretKey(secret func(name string) ([]byte, bool)) []byte {
	if s.algorithm() != identity.HMACSHA256 || secret == nil {
		return nil
	}
	if key, _ := secret(s.HashKeyEnv); len(key) > 0 {
		return key
	}
	return nil
}

// wrongCheck says how the test entry of a hashed list differs from what this
// side makes of its value, "" where they agree. It shows neither.
func (j *Job) wrongCheck(s *screening, key []byte) string {
	n, err := s.normalizer(j)
	if err != nil {
		return "" // a mistake of its own
	}
	a := s.algorithm()
	want, err := hex.DecodeString(strings.TrimSpace(s.HashCheck.Digest))
	if err != nil || len(want) != a.Size() {
		return "is no digest of " + a.String() + " in hexadecimal"
	}
	text, status := appendNormal(n, s.matchOf(s.match().all), []byte(s.HashCheck.Value))
	if status != identity.Valid {
		return "cannot be checked: the value is no " + s.match().all
	}
	if s.HashOf == "digits" {
		text = bytes.TrimPrefix(text, []byte("+"))
	}
	h := a.New(key)
	h.Write(text)
	if !bytes.Equal(h.Sum(nil), want) {
		return "is not what " + a.String() + " makes of the value in normal form: the list was normalised in another way, or hashed with another key, and nobody on it would be found"
	}
	return ""
}

// appendNormal is the normal form of an entry.
func appendNormal(n *identity.Normalizer, m pipeline.Match, raw []byte) ([]byte, identity.Status) {
	switch {
	case m.Domain:
		return n.AppendDomain(nil, raw)
	case m.Kind == identity.None:
		return n.AppendProfileID(nil, raw)
	}
	return n.AppendAddress(nil, m.Kind, raw)
}
