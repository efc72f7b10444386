package jobs

import (
	"fmt"
	"slices"
	"strings"

	"optout/pipeline"
	"optout/pipeline/identity"
)

// checkScreenings checks the lists of addresses and people.
func checkScreenings(j *Job, m *mistakes) {
	all := j.screenings()
	for i := range all {
		s := &all[i]
		if s.use != pipeline.UseExemption {
			checkName(m, s.key+".name", s.name)
		}
		if s.name != "" && !isOnce(j.inputNames(), s.name) {
			m.add(s.key+".name", "another input of the job is called %q", s.name)
		}
		checkEntries(j, s, m)
		checkHash(j, s, m)
	}
	for i := range j.Suppressions {
		checkSuppression(&all[i], m)
	}
	checkRegistries(j, m)
	checkBlocks(j, m)
	checkReach(j, all, m)
}

// checkEntries checks where the entries are and whom they could name.
func checkEntries(j *Job, s *screening, m *mistakes) {
	if s.Path == "" {
		m.add(s.key+".path", "missing: a file, directory or glob pattern")
	}
	checkPath(m, s.key+".path", s.Path)
	checkWaitFor(m, s.key, s.Path, s.WaitFor)
	match := s.match()
	switch {
	case match == EntryMatch{}:
		m.add(s.key+".match", "missing: what the entries are: one of %s, or {column: NAME}", strings.Join(match.words(), ", "))
	case match.Column != "" && s.use == pipeline.UseErased:
		m.add(s.key+".match", "tombstones are of one kind: profile, email or phone")
	case s.use == pipeline.UseErased && match.all != "profile" && match.all != "email" && match.all != "phone":
		m.add(s.key+".match", "%s cannot be erased; use profile, email or phone", match.all)
	case s.block != nil && match.all != "phone":
		m.add(s.key+".match", "a provider blocks phone numbers; leave it out, or write phone")
	case !slices.ContainsFunc(j.SendLists, func(l SendList) bool { return s.canName(j, &l) }):
		m.add(s.key+".match", "no send list of the job has what these entries are, so they can name nobody")
	}
	if s.column() == "" {
		m.add(s.key+".column", "missing: the column with the entries")
	}
	if s.Region != "" {
		if _, err := identity.NewNormalizer(identity.Options{Region: s.Region}); err != nil {
			m.add(s.key+".region", "%q is no country code of two letters", s.Region)
		} else if !slices.Contains(s.words(), "phone") {
			m.add(s.key+".region", "is for entries that are phone numbers")
		}
	}
	if s.MaxAge > 0 && s.how.kind == asOfUnknown && s.use != pipeline.UseRegistry {
		m.add(s.key+".max_age", "needs as_of: without it nothing says how old the list is")
	}
	if s.subdomains && match.Column == "" && match.all != "domain" {
		m.add(s.key+".include_subdomains", "is for entries that are domains")
	}
}

// checkHash checks how the entries are hashed.
func checkHash(j *Job, s *screening, m *mistakes) {
	hashed := s.algorithm() != identity.Clear
	keyed := s.algorithm() == identity.HMACSHA256
	switch {
	case s.use == pipeline.UseErased && s.Hash == "":
		m.add(s.key+".hash", "missing: how the tombstones are hashed: %s", strings.Join(Hash("").words(), ", "))
	case keyed && s.HashKeyEnv == "":
		m.add(s.key+".hash_key_env", "missing: the environment variable with the key of hmac-sha256")
	case !keyed && s.HashKeyEnv != "":
		m.add(s.key+".hash_key_env", "is for hash: hmac-sha256")
	}
	if s.HashOf == "digits" && (!hashed || !slices.Contains(s.words(), "phone")) {
		m.add(s.key+".hash_of", "digits are those of hashed phone numbers")
	}
	c := s.HashCheck
	switch {
	case c == nil:
		return
	case !hashed:
		m.add(s.key+".hash_check", "is for hashed lists: name the hash")
	case s.match().Column != "":
		m.add(s.key+".hash_check", "needs a list whose entries are of one kind")
	case c.Value == "":
		m.add(s.key+".hash_check.value", "missing: the address or id that was hashed")
	case c.Digest == "":
		m.add(s.key+".hash_check.digest", "missing: what the maker of the list makes of the value")
	case !keyed: // the key is known when the job runs
		if text := j.wrongCheck(s, nil); text != "" {
			m.add(s.key+".hash_check.digest", "%s", text)
		}
	}
}

func checkSuppression(s *screening, m *mistakes) {
	of := s.suppression
	if of.Status != nil && of.Status.Column == "" {
		m.add(s.key+".status.column", "missing: the column with the status")
	}
	for _, wide := range []struct {
		key string
		set bool
	}{{"plus_tags", of.PlusTags}, {"gmail_dots", of.GmailDots}} {
		switch {
		case !wide.set:
		case s.algorithm() != identity.Clear:
			m.add(s.key+"."+wide.key, "needs clear addresses: what differs before it is hashed has nothing in common after")
		case !slices.Contains(s.words(), "email"):
			m.add(s.key+"."+wide.key, "is for entries that are email addresses")
		}
	}
}

func checkRegistries(j *Job, m *mistakes) {
	for i := range j.Registries {
		if j.Registries[i].VersionDate.kind == asOfUnknown {
			m.add(fmt.Sprintf("registries[%d].version_date", i), "missing: when this version of the registry was made: a date, path or column:NAME")
		}
	}
}

// checkBlocks makes sure that every block can be told to bind a list or not.
func checkBlocks(j *Job, m *mistakes) {
	for i := range j.ProviderBlocks {
		if j.ProviderBlocks[i].Sender == "" {
			m.add(fmt.Sprintf("provider_blocks[%d].sender", i), "missing: the column with the sender that an entry binds")
		}
	}
	for i := range j.SendLists {
		l := &j.SendLists[i]
		if len(j.ProviderBlocks) > 0 && l.Sender == "" && channelOf(l.Channel).address == identity.Phone {
			m.add(fmt.Sprintf("send_lists[%d].sender", i), "missing: the job has provider blocks, and only its sender says which of them bind this list")
		}
	}
}

// checkReach makes sure that the allowed lists can name the recipients of every
// send list, or all of it would be dropped, and the erased too, or nobody could
// see who of it is erased.
func checkReach(j *Job, all []screening, m *mistakes) {
	if j.Allowed != nil && len(j.Allowed) == 0 {
		m.add("allowed", "names no list: leave it out where everybody may be contacted")
	}
	for i := range j.SendLists {
		l, key := &j.SendLists[i], fmt.Sprintf("send_lists[%d]", i)
		can := func(use pipeline.Use) bool {
			return slices.ContainsFunc(all, func(s screening) bool { return s.use == use && s.canName(j, l) })
		}
		if len(j.Allowed) > 0 && !can(pipeline.UseAllowed) {
			m.add(key, "no allowed list can name its recipients, so everybody would be dropped as not_allowed")
		}
		if len(j.Erased) > 0 && !can(pipeline.UseErased) {
			m.add(key, "no list of the erased can name its recipients, so nobody could see who of it is erased")
		}
	}
}
