package oracle

import (
	"fmt"
	"slices"
)

// A screener draws the lists of addresses and people of a job, whose send lists
// are drawn already.
type screener struct {
	people
	job    *Job
	tables []Table
}

// newScreenings draws the lists of a job and returns their entries.
func (p people) newScreenings(j *Job) []Table {
	s := &screener{people: p, job: j}
	s.drawSuppressions()
	s.drawBlocks()
	if s.chance(20) {
		s.drawAllowed()
	}
	s.drawRegistries()
	if s.chance(40) {
		s.drawErased()
	}
	return s.tables
}

// fill draws the entries of a list: so many in a hundred of the people.
func (s *screener) fill(l *Screening, percent int) {
	if slices.Contains(l.words(), "phone") && s.chance(60) {
		l.Region = one(s.dice, regions...)
	}
	l.Path = fmt.Sprintf("screening/%d%s", len(s.tables), one(s.dice, formats...))
	s.tables = append(s.tables, s.newEntries(l, percent))
	if words := l.words(); l.isHashed() && len(words) == 1 && s.chance(50) {
		value, normal := s.named(l, words[0], s.stranger())
		l.HashCheck = &hashCheck{value, s.hashed(l, words[0], normal)}
	}
}

func (s *screener) drawSuppressions() {
	for number := range one(s.dice, 0, 1, 1, 2, 3) {
		l := Screening{Name: fmt.Sprintf("suppression-%d", number)}
		if !s.anyNamed(false, "email", "domain") || s.chance(85) { // else it is an upload file
			s.match(&l, s.nameable(false))
			s.suppress(&l)
		}
		s.fill(&l, 10)
		s.job.Suppressions = append(s.job.Suppressions, l)
	}
}

// suppress draws what only suppression lists have.
func (s *screener) suppress(l *Screening) {
	l.Category = one[any](s.dice, nil, "hard", "soft", "manual", "spam_complaint", typed{"category"}, typed{"category"})
	l.Scope = one(s.dice, "", "all", "marketing")
	switch {
	case s.chance(60):
	case s.chance(50):
		l.Status = &status{Column: "status"}
	default:
		l.Status = &status{"status", []string{"Deleted", "gone"}}
	}
	l.IncludeSubdomains = !l.isUpload() && slices.Contains(l.words(), "domain") && s.chance(50)
	if !l.isHashed() && slices.Contains(l.words(), "email") {
		l.PlusTags, l.GmailDots = s.chance(40), s.chance(40)
	}
}

func (s *screener) drawBlocks() {
	if !s.anyNamed(false, "phone") || s.chance(65) {
		return
	}
	l := Screening{Name: "stop", Match: one[any](s.dice, nil, "phone"), Column: "entry", Sender: "sender"}
	s.hash(&l)
	s.fill(&l, 25)
	s.job.ProviderBlocks = []Screening{l}
	for i, list := range s.job.SendLists {
		if channelKind[list.Channel] == "phone" {
			s.job.SendLists[i].Sender = one(s.dice, "36105", "36105", "optout")
		}
	}
}

// drawAllowed draws allowed lists. The first can name a row of every send list.
func (s *screener) drawAllowed() {
	for number := range s.between(1, 2) {
		l := Screening{}
		if number > 0 || s.chance(50) {
			l.Name = fmt.Sprintf("partners-%d", number)
		}
		if number == 0 {
			s.match(&l, one[any](s.dice, "profile", typed{"kind"}))
		} else {
			s.match(&l, s.nameable(true))
		}
		l.IncludeSubdomains = !l.isUpload() && slices.Contains(l.words(), "domain") && s.chance(50)
		s.fill(&l, 60)
		s.job.Allowed = append(s.job.Allowed, l)
	}
	nameAll(s.job.Allowed, "allowed")
}

func (s *screener) drawRegistries() {
	for number := range one(s.dice, 0, 0, 1, 2) {
		l := Screening{Name: fmt.Sprintf("registry-%d", number), VersionDate: "2026-11-01"}
		s.match(&l, s.nameable(false))
		s.fill(&l, 25)
		for range one(s.dice, 0, 1, 2) {
			e := Screening{}
			s.match(&e, s.nameable(true))
			s.fill(&e, 40)
			l.Exemptions = append(l.Exemptions, e)
		}
		s.job.Registries = append(s.job.Registries, l)
	}
}

// drawErased draws lists of tombstones. The first can name a row of every send list.
func (s *screener) drawErased() {
	for range s.between(1, 2) {
		l := Screening{}
		word := one(s.dice, "email", "phone", "profile")
		if len(s.job.Erased) == 0 || !s.anyNamed(false, word) {
			word = "profile"
		}
		s.match(&l, word)
		if l.Hash == "" {
			l.Hash = "none"
		}
		s.fill(&l, 8)
		s.job.Erased = append(s.job.Erased, l)
	}
	nameAll(s.job.Erased, "erased")
}

// nameAll gives lists without a name the one that their section gives them.
func nameAll(lists []Screening, section string) {
	for i := range lists {
		switch {
		case lists[i].Name != "":
		case len(lists) == 1:
			lists[i].Name = section
		default:
			lists[i].Name = fmt.Sprintf("%s-%d", section, i+1)
		}
	}
}

// anyNamed reports whether an entry of one of the kinds, in a list that refuses or in
// one that permits, can name a row of the job.
func (s *screener) anyNamed(permits bool, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(s.job.SendLists, func(l SendList) bool { return s.job.canName(l, word, permits) })
	})
}

// nameable draws what entries can be to name a row of the job.
func (s *screener) nameable(permits bool) any {
	if word := one(s.dice, entryWords...); s.anyNamed(permits, word) && s.chance(85) {
		return word
	}
	return typed{"kind"}
}

func (s *screener) match(l *Screening, match any) {
	l.Column, l.Match = "entry", match
	s.hash(l)
}

func (s *screener) hash(l *Screening) {
	if s.chance(60) {
		return
	}
	l.Hash = one(s.dice, "sha256", "sha256", "md5", "hmac-sha256")
	if l.Hash == "hmac-sha256" {
		l.HashKeyEnv = hashKeyEnv
	}
	if slices.Contains(l.words(), "phone") && s.chance(40) {
		l.HashOf = "digits"
	}
}
