package oracle

import (
	"cmp"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// newEntries draws the entries of a list: so many in a hundred of the people,
// some of nobody, and some that name nobody.
func (p people) newEntries(s *Screening, percent int) Table {
	t := Table{path: s.Path, columns: []column{
		{"note", "VARCHAR"}, {"entry", "VARCHAR"}, {"kind", "VARCHAR"}, {"category", "VARCHAR"}, {"status", "VARCHAR"}, {"sender", "VARCHAR"},
	}}
	words := s.words()
	if s.isUpload() {
		t.columns = []column{{"TYPE", "VARCHAR"}, {"VALUE", "VARCHAR"}, {"COMMENT", "VARCHAR"}}
	}
	for _, who := range p.persons {
		if !p.chance(percent) {
			continue
		}
		word := one(p.dice, words...)
		kind := one[any](p.dice, word, strings.ToUpper(word), strings.ToUpper(word[:1])+word[1:])
		if word == "email" && p.chance(20) {
			kind = nil
		}
		r := row{
			"note":     one[any](p.dice, nil, "a note, with a comma", "two\nlines", `"`),
			"entry":    p.entry(s, word, who),
			"kind":     kind,
			"category": one[any](p.dice, "HARD", "hard_bounce", "Soft", "soft bounce", "manual", "Spam complaint", "complaint", "SPAM_COMPLAINT", "other", nil),
			"status":   one[any](p.dice, nil, "", "active", "DELETED", "deleted", "gone"),
			"sender":   one[any](p.dice, nil, "36105", "optout", "other"),
		}
		r["TYPE"], r["VALUE"], r["COMMENT"] = r["kind"], r["entry"], r["note"]
		t.rows = append(t.rows, r)
	}
	nobodies := p.between(0, 2)
	if isNDJSON(t.path) {
		nobodies++ // DuckDB finds no columns in an empty file
	}
	for range nobodies {
		r := row{"kind": words[0], "entry": one(p.dice, placeholders...)}
		switch {
		case s.isHashed():
			r["entry"] = one[any](p.dice, nil, "") // anything else is a digest of the wrong length
		case words[0] != "profile" && words[0] != "device" && p.chance(50):
			r["entry"] = "nobody here"
		}
		r["TYPE"], r["VALUE"] = r["kind"], r["entry"]
		t.rows = append(t.rows, r)
	}
	return t
}

// entry is a person as an entry of a list names them.
func (p people) entry(s *Screening, word string, who person) string {
	spelled, normal := p.named(s, word, who)
	if s.isHashed() {
		return p.hashed(s, word, normal)
	}
	return spelled
}

// named is a person as whoever makes a list spells them, and in normal form.
func (p people) named(s *Screening, word string, who person) (spelled, normal string) {
	switch word {
	case "email":
		normal = who.email
		spelled = p.spell("email", p.another(s, normal))
	case "domain":
		_, normal, _ = strings.Cut(who.email, "@")
		if _, parent, ok := strings.Cut(normal, "."); ok && strings.Contains(parent, ".") && p.chance(50) {
			normal = parent
		}
		spelled = one(p.dice, normal, strings.ToUpper(normal), " "+normal, strings.Replace(normal, "xn--bcher-kva.", "bücher.", 1))
	case "phone":
		normal = who.phone
		spelled = p.spellIn(cmp.Or(s.Region, p.region), "phone", normal)
	case "profile":
		normal = fmt.Sprint(who.id)
		spelled = normal
		if len(normal) == len("00000000-0000-0000-0000-000000000000") {
			normal = strings.ToLower(normal)
		}
	case "device":
		normal = p.address(who, "token")
		spelled = normal
	}
	return spelled, normal
}

// hashed is the digest of the normal form of an entry.
func (p people) hashed(s *Screening, word, normal string) string {
	if word == "phone" && s.HashOf == "digits" {
		normal = strings.TrimPrefix(normal, "+")
	}
	text := hex.EncodeToString(digest(s.Hash, normal))
	return one(p.dice, text, strings.ToUpper(text), strings.ToUpper(text[:9])+text[9:])
}

// another is an address that the list takes for the same, or takes for another
// where it does not widen.
func (p people) another(s *Screening, address string) string {
	local, domain, _ := strings.Cut(address, "@")
	switch {
	case !s.PlusTags && !s.GmailDots || p.chance(50):
		return address
	case p.chance(50):
		return local + "+news@" + domain
	case domain == "gmail.com":
		return local[:1] + "." + local[1:] + "@" + one(p.dice, domain, "googlemail.com")
	}
	return local[:1] + "." + local[1:] + "@" + domain
}

// digest hashes the normal form of an entry.
func digest(algorithm, text string) []byte {
	switch algorithm {
	case "md5":
		sum := md5.Sum([]byte(text))
		return sum[:]
	case "hmac-sha256":
		mac := hmac.New(sha256.New, []byte(hashKey))
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
