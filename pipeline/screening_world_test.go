package pipeline

import (
	"encoding/hex"
	"strings"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/consent"
	"optout/pipeline/identity"
)

// testScreening is a screening list of a world.
type testScreening struct {
	name                   string
	use                    Use
	match                  string             // email, domain, below (domain and those below), wide (email, widened) or profile
	typed                  bool               // a column says what each entry is
	hash                   identity.Algorithm // of match email and profile
	categories, states     bool               // there are columns of them
	senders, marketingOnly bool
	registry               int // that an exemption lifts
	entries                []testEntry
}

type testEntry struct{ kind, value, category, status, sender string }

var testMatches = map[string]Match{
	"email":   {Kind: identity.Email},
	"domain":  {Kind: identity.Email, Domain: true},
	"below":   {Kind: identity.Email, Domain: true, Subdomains: true},
	"wide":    {Kind: identity.Email, Widened: identity.Widening{PlusTags: true, GmailDots: true}},
	"profile": {},
}

var testCategories = map[string]consent.Category{
	"hard": consent.Hard, "soft": consent.Soft, "manual": consent.Manual, "complaint": consent.SpamComplaint,
}

func (s *testScreening) list(c cutting, mem memory.Allocator) ScreeningList {
	l := ScreeningList{
		Name: s.name, Field: "field of " + s.name, Source: "path of " + s.name, Use: s.use, Value: 1, Match: testMatches[s.match],
		Type: NoColumn, Category: NoColumn, Status: NoColumn, Sender: NoColumn, CategoryAll: consent.Manual,
		MarketingOnly: s.marketingOnly, Registry: s.registry, Hash: EntryHash{Algorithm: s.hash},
	}
	if s.hash == identity.HMACSHA256 {
		l.Hash.Key = []byte("a key")
	}
	if s.typed {
		l.Type, l.Matches = 0, testMatches
	}
	if s.categories {
		l.Category, l.Categories = 2, testCategories
	}
	if s.states {
		l.Status, l.Ignored = 3, []string{"deleted", "expired"}
	}
	if s.senders {
		l.Sender = 4
	}
	l.Table = newTable(c, len(s.entries), func(from, to int) arrow.Record {
		column := func(get func(testEntry) string) arrow.Array {
			return textArray(mem, c.dictionary, from, to, func(i int) string { return get(s.entries[i]) })
		}
		return record(to-from,
			column(func(e testEntry) string { return e.kind }),
			column(func(e testEntry) string { return s.written(e, l.Hash) }),
			column(func(e testEntry) string { return e.category }),
			column(func(e testEntry) string { return e.status }),
			column(func(e testEntry) string { return e.sender }))
	})
	return l
}

// written is an entry as it stands in the list.
func (s *testScreening) written(e testEntry, how EntryHash) string {
	if how.Algorithm == identity.Clear || e.value == null {
		return e.value
	}
	normal := normalEmail(e.value)
	if s.match == "profile" {
		normal = normalID(e.value)
	}
	if normal == "" || normal == "bad" {
		return normal
	}
	h := how.Algorithm.New(how.Key)
	h.Write([]byte(normal))
	digest := hex.EncodeToString(h.Sum(nil))
	if strings.HasPrefix(e.value, "A") {
		digest = strings.ToUpper(digest)
	}
	return digest
}

// is says what an entry is, "" where the column of types says nothing known.
func (s *testScreening) is(e testEntry) string {
	switch kind := strings.ToLower(strings.TrimSpace(e.kind)); {
	case !s.typed || e.kind == null:
		return s.match
	case testMatches[kind] != Match{} || kind == "profile":
		return kind
	}
	return ""
}

// normal is the normal form of an entry: "" where it names nobody, "bad" where it
// is malformed.
func (s *testScreening) normal(e testEntry) string {
	switch kind := s.is(e); kind {
	case "":
		return "bad"
	case "profile":
		return normalID(e.value)
	case "email":
		return normalEmail(e.value)
	case "wide":
		return wide(normalEmail(e.value))
	default:
		domain := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(e.value)), "@")
		switch {
		case e.value == null || domain == "" || domain == "unknown":
			return ""
		case !strings.Contains(domain, ".") || strings.ContainsAny(domain, "* @"):
			return "bad"
		}
		return domain
	}
}

func wide(email string) string {
	local, domain, found := strings.Cut(email, "@")
	if !found {
		return email
	}
	if before, _, tagged := strings.Cut(local, "+"); tagged && before != "" {
		local = before
	}
	if domain == "gmail.com" || domain == "googlemail.com" {
		return strings.ReplaceAll(local, ".", "") + "@gmail.com"
	}
	return local + "@" + domain
}

func (s *testScreening) ignored(e testEntry) bool {
	return s.states && (strings.EqualFold(e.status, "deleted") || strings.EqualFold(e.status, "expired"))
}

// names says whether an entry names an address, the domain of one, or a person.
func (s *testScreening) names(e testEntry, address string, ids []string) (byAddress, byDomain, byPerson bool) {
	normal := s.normal(e)
	if s.ignored(e) || normal == "" || normal == "bad" {
		return false, false, false
	}
	_, domain, addressed := strings.Cut(address, "@")
	switch s.is(e) {
	case "profile":
		for _, id := range ids {
			byPerson = byPerson || id == normal
		}
	case "email":
		byAddress = addressed && address == normal
	case "wide":
		byAddress = addressed && wide(address) == normal
	case "below":
		byDomain = addressed && strings.HasSuffix("."+domain, "."+normal)
	default:
		byDomain = addressed && domain == normal
	}
	return byAddress, byDomain, byPerson
}

// specScreening is what the screening lists say of a row: the reasons against it,
// those that bind marketing only apart, and the exemption that lifts a registry.
func (w *world) specScreening(l *testList, f specFacts) (all, marketing map[string]evidence, exempt evidence) {
	all, marketing = map[string]evidence{}, map[string]evidence{}
	exempt = evidence{time: consent.NoTime}
	others := w.sharing(l, f)
	strongest := map[string]int{}
	allowed, lifted, standing := false, -1, -1
	for n := range w.screening {
		s := &w.screening[n]
		allowed = allowed || s.use != UseAllowed // as far as this list goes
		shown := evidence{"path of " + s.name, "field of " + s.name, "", consent.NoTime}
		for _, e := range s.entries {
			byAddress, byDomain, byPerson := s.names(e, f.address, f.ids)
			_, _, byOther := s.names(e, f.address, others)
			if s.use == UseErased && (byAddress || byDomain || byPerson || byOther) {
				if _, known := all["erased"]; !known {
					all["erased"] = shown
				}
			}
			if sender := strings.TrimSpace(e.sender); s.use != UseSuppression || s.senders && e.sender != null && sender != "" && sender != l.sender {
				continue
			}
			category := "manual"
			if s.categories {
				category = map[string]string{"soft": "soft", "manual": "manual", "complaint": "spam_complaint"}[strings.ToLower(strings.TrimSpace(e.category))]
				if category == "" {
					category = "hard"
				}
			}
			onlyMarketing := s.marketingOnly || category == "spam_complaint" && l.reachComplaints
			strength := map[string]int{"spam_complaint": 1, "manual": 2, "soft": 3, "hard": 4}[category]
			if !onlyMarketing {
				strength += 10
			}
			for reason, is := range map[string]bool{"suppressed_address": byAddress || byPerson || byOther, "suppressed_domain": byDomain} {
				if !is || strength <= strongest[reason] {
					continue
				}
				strongest[reason] = strength
				shown.value = category
				delete(all, reason)
				delete(marketing, reason)
				if onlyMarketing {
					marketing[reason] = shown
				} else {
					all[reason] = shown
				}
			}
		}
		if s.use == UseRegistry && w.onList(n, f, false) {
			by := -1
			for e := range w.screening {
				if x := &w.screening[e]; by < 0 && x.use == UseExemption && x.registry == n && w.onList(e, f, true) {
					by = e
				}
			}
			if by < 0 && standing < 0 {
				standing = n
			}
			if by >= 0 && (lifted < 0 || by < lifted) {
				lifted = by
			}
		}
	}
	switch {
	case standing >= 0:
		marketing["registry"] = evidence{"path of " + w.screening[standing].name, "field of " + w.screening[standing].name, "", consent.NoTime}
	case lifted >= 0 && !l.transactional:
		exempt = evidence{"path of " + w.screening[lifted].name, "field of " + w.screening[lifted].name, "", consent.NoTime}
	}
	if w.forbids(f) {
		all["not_allowed"] = evidence{field: "allowed", time: consent.NoTime}
	}
	return all, marketing, exempt
}

// forbids: there are allowed lists, and neither the address nor all of the
// row's people are on one.
func (w *world) forbids(f specFacts) bool {
	there, people := false, map[string]bool{}
	for n := range w.screening {
		s := &w.screening[n]
		if s.use != UseAllowed {
			continue
		}
		there = true
		for _, e := range s.entries {
			byAddress, byDomain, _ := s.names(e, f.address, nil)
			if byAddress || byDomain {
				return false
			}
			for _, id := range f.ids {
				_, _, is := s.names(e, f.address, []string{id})
				people[id] = people[id] || is
			}
		}
	}
	for _, id := range f.ids {
		if !people[id] {
			return there
		}
	}
	return there && len(f.ids) == 0
}

// onList reports whether a row stands on a list: by its address or, of its
// people, by one or by all.
func (w *world) onList(n int, f specFacts, byAll bool) bool {
	s, people := &w.screening[n], map[string]bool{}
	for _, e := range s.entries {
		byAddress, byDomain, _ := s.names(e, f.address, nil)
		if byAddress || byDomain {
			return true
		}
		for _, id := range f.ids {
			if _, _, is := s.names(e, f.address, []string{id}); is {
				people[id] = true
			}
		}
	}
	if byAll {
		return len(f.ids) > 0 && len(people) == len(f.ids)
	}
	return len(people) > 0
}

// sharing lists the profiles that have the row's address, where that counts.
func (w *world) sharing(l *testList, f specFacts) (ids []string) {
	if !w.share || l.noProfile || w.byAddress || !l.addressed() || f.address == "" || f.address == "bad" {
		return nil
	}
	for _, p := range w.profiles {
		if id := normalID(p.id); id != "" && normalEmail(p.email) == f.address {
			ids = append(ids, id)
		}
	}
	return ids
}

// screeningCounts is what a list holds in all of its rows.
func (s *testScreening) counts() (c ScreeningCounts) {
	for i, e := range s.entries {
		c.Rows++
		normal := s.normal(e)
		switch {
		case s.ignored(e):
			c.Ignored++
		case s.is(e) == "" || normal == "bad":
			c.Malformed++
			if s.hash != identity.Clear && s.is(e) != "" {
				c.WrongLength++
			}
			c.Wrong = append(c.Wrong, int64(i))
		case normal == "":
			c.Empty++
		}
	}
	return c
}
