package jobs

import (
	"fmt"
	"slices"

	"optout/pipeline"
	"optout/pipeline/identity"
)

// A screening is one list of addresses or people, whatever its section.
type screening struct {
	name     string // in gates and manifest
	key      string // in the job file
	kind     string // in the manifest
	use      pipeline.Use
	registry string // of an exemption, the name of its registry
	*Entries
	how AsOf

	suppression *Suppression   // nil for others
	block       *ProviderBlock // nil for others
	subdomains  bool
}

// screenings lists all lists of addresses and people, each exemption behind its
// registry.
func (j *Job) screenings() (all []screening) {
	for i := range j.Suppressions {
		s := &j.Suppressions[i]
		all = append(all, screening{
			name: s.Name, key: fmt.Sprintf("suppressions[%d]", i), kind: kindSuppression, use: pipeline.UseSuppression,
			Entries: &s.Entries, how: s.AsOf, suppression: s, subdomains: s.IncludeSubdomains,
		})
	}
	for i := range j.ProviderBlocks {
		b := &j.ProviderBlocks[i]
		all = append(all, screening{
			name: b.Name, key: fmt.Sprintf("provider_blocks[%d]", i), kind: kindProviderBlock, use: pipeline.UseSuppression,
			Entries: &b.Entries, how: b.AsOf, block: b,
		})
	}
	for i := range j.Allowed {
		a := &j.Allowed[i]
		all = append(all, screening{
			name: nameOr(a.Name, kindAllowed, i, len(j.Allowed)), key: fmt.Sprintf("allowed[%d]", i), kind: kindAllowed, use: pipeline.UseAllowed,
			Entries: &a.Entries, how: a.AsOf, subdomains: a.IncludeSubdomains,
		})
	}
	for i := range j.Registries {
		r := &j.Registries[i]
		key := fmt.Sprintf("registries[%d]", i)
		all = append(all, screening{
			name: r.Name, key: key, kind: kindRegistry, use: pipeline.UseRegistry, Entries: &r.Entries, how: r.VersionDate,
		})
		for k := range r.Exemptions {
			e := &r.Exemptions[k]
			all = append(all, screening{
				name: numbered(r.Name+"-exemptions", k, len(r.Exemptions)), key: fmt.Sprintf("%s.exemptions[%d]", key, k),
				kind: kindExemption, use: pipeline.UseExemption, registry: r.Name, Entries: &e.Entries, how: e.AsOf,
			})
		}
	}
	for i := range j.Erased {
		e := &j.Erased[i]
		all = append(all, screening{
			name: nameOr(e.Name, kindErased, i, len(j.Erased)), key: fmt.Sprintf("erased[%d]", i), kind: kindErased, use: pipeline.UseErased,
			Entries: &e.Entries, how: e.AsOf,
		})
	}
	return all
}

// uploaded reports whether a suppression list is an upload file of Journey
// Optimizer, unchanged: it needs no further keys.
func (s *screening) uploaded() bool {
	return s.suppression != nil && s.Column == "" && s.Match == EntryMatch{}
}

// column is the column of entries.
func (s *screening) column() string {
	if s.uploaded() {
		return "VALUE"
	}
	return s.Column
}

// match is what the entries are.
func (s *screening) match() EntryMatch {
	switch {
	case s.uploaded():
		return EntryMatch{Column: "TYPE"}
	case s.block != nil && s.Match == EntryMatch{}:
		return EntryMatch{all: "phone"}
	}
	return s.Match
}

// algorithm is how the entries are hashed.
func (s *screening) algorithm() identity.Algorithm {
	if s.Hash == "" {
		return identity.Clear
	}
	a, _ := identity.ParseAlgorithm(string(s.Hash)) // the words of Hash are its names
	return a
}

// matchOf is what a word of match stands for.
func (s *screening) matchOf(word string) (m pipeline.Match) {
	switch word {
	case "email":
		m.Kind = identity.Email
		if s.suppression != nil {
			m.Widened = identity.Widening{PlusTags: s.suppression.PlusTags, GmailDots: s.suppression.GmailDots}
		}
	case "domain":
		m.Kind, m.Domain, m.Subdomains = identity.Email, true, s.subdomains
	case "phone":
		m.Kind = identity.Phone
	case "device":
		m.Kind = identity.Token
	}
	return m
}

// words are what the entries can be.
func (s *screening) words() []string {
	if m := s.match(); m.Column == "" {
		return []string{m.all}
	}
	return EntryMatch{}.words()
}

// normalizer reads the entries.
func (s *screening) normalizer(j *Job) (*identity.Normalizer, error) { return j.normalizer(s.Region) }

// normalizer reads addresses and ids, and phone numbers of a region, "" for that of
// the policy, which placeholders are of in any case.
func (j *Job) normalizer(region string) (*identity.Normalizer, error) {
	n, err := identity.NewNormalizer(identity.Options{Region: j.Policy.DefaultRegion, Placeholders: j.Policy.Placeholders})
	if err != nil || region == "" {
		return n, err
	}
	return n.In(region)
}

// forbids reports whether an entry of the list keeps somebody from a message, so
// that a list which lost its entries would reach people.
func (s *screening) forbids() bool {
	return s.use != pipeline.UseAllowed && s.use != pipeline.UseExemption
}

// canName reports whether an entry can name a row of a send list. One that refuses a
// device refuses rows that are for all devices of its owner.
func (s *screening) canName(j *Job, l *SendList) bool {
	return slices.ContainsFunc(s.words(), func(word string) bool {
		kind := s.matchOf(word).Kind
		return j.matches(l, kind) || kind == identity.Token && s.forbids() && j.namesNoDevice(l)
	})
}

// field is the list's place in the job as ledgers show it.
func (s *screening) field() string {
	switch s.use {
	case pipeline.UseAllowed:
		return "allowed." + s.name
	case pipeline.UseRegistry:
		return "registries." + s.name
	case pipeline.UseExemption:
		return "registries." + s.registry + ".exemptions"
	case pipeline.UseErased:
		return "erased." + s.name
	}
	if s.block != nil {
		return "provider_blocks." + s.name
	}
	return "suppressions." + s.name
}

// nameOr is the name of a list, or where it has none that of its section.
func nameOr(name, section string, i, n int) string {
	if name != "" {
		return name
	}
	return numbered(section, i, n)
}
