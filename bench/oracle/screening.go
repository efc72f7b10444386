package oracle

// A Screening is a list of addresses, domains or people in the job: what all
// such lists have, and what some have.
type Screening struct {
	Name       string `json:"name,omitempty"`
	Path       string `json:"path"`
	Delimiter  string `json:"delimiter,omitempty"`
	Region     string `json:"region,omitempty"`
	Match      any    `json:"match,omitempty"` // a word or a typed
	Column     string `json:"column,omitempty"`
	Hash       string `json:"hash,omitempty"`
	HashKeyEnv string `json:"hash_key_env,omitempty"`
	HashOf     string `json:"hash_of,omitempty"`

	HashCheck *hashCheck `json:"hash_check,omitempty"`

	IncludeSubdomains bool `json:"include_subdomains,omitempty"`

	Category  any     `json:"category,omitempty"` // of suppressions, a word or a typed
	Status    *status `json:"status,omitempty"`
	Scope     string  `json:"scope,omitempty"`
	PlusTags  bool    `json:"plus_tags,omitempty"`
	GmailDots bool    `json:"gmail_dots,omitempty"`

	VersionDate string      `json:"version_date,omitempty"` // of registries
	Exemptions  []Screening `json:"exemptions,omitempty"`

	Sender string `json:"sender,omitempty"` // of provider blocks
}

// typed says that a column has a word row by row.
type typed struct {
	Column string `json:"column"`
}

// A hashCheck is a test entry of a hashed list.
type hashCheck struct {
	Value  string `json:"value"`
	Digest string `json:"digest"`
}

type status struct {
	Column string   `json:"column"`
	Ignore []string `json:"ignore,omitempty"`
}

// isUpload reports whether the list is one of Journey Optimizer's own files.
func (s Screening) isUpload() bool { return s.Match == nil && s.Column == "" }

func (s Screening) isHashed() bool { return s.Hash != "" && s.Hash != "none" }

// words are what entries can be.
func (s Screening) words() []string {
	switch word, ok := s.Match.(string); {
	case ok:
		return []string{word}
	case s.Sender != "":
		return []string{"phone"}
	case s.isUpload():
		return []string{"email", "domain"}
	}
	return entryWords
}

var entryWords = []string{"email", "domain", "phone", "profile", "device"}

// A use is what standing on a list means, in the words of the rules in SQL.
type use string

const (
	suppression use = "suppression"
	block       use = "block"
	allowed     use = "allowed"
	registry    use = "registry"
	exemption   use = "exemption"
	erased      use = "erased"
)

// placed is a list at its place in the job.
type placed struct {
	Screening
	use
	field string // for evidence
	lifts int    // number of the registry of an exemption
}

// screenings are all lists, in the order in which the job names those of each
// section.
func (j *Job) screenings() (all []placed) {
	for _, s := range j.Suppressions {
		all = append(all, placed{s, suppression, "suppressions." + s.Name, 0})
	}
	for _, s := range j.ProviderBlocks {
		all = append(all, placed{s, block, "provider_blocks." + s.Name, 0})
	}
	for _, s := range j.Allowed {
		all = append(all, placed{s, allowed, "allowed." + s.Name, 0})
	}
	for _, s := range j.Registries {
		number := len(all)
		all = append(all, placed{s, registry, "registries." + s.Name, 0})
		for _, e := range s.Exemptions {
			all = append(all, placed{e, exemption, "", number})
		}
	}
	for _, s := range j.Erased {
		all = append(all, placed{s, erased, "erased." + s.Name, 0})
	}
	return all
}

// canName reports whether an entry of a kind, in a list that refuses or in one that
// permits, can name a row of a send list.
func (j *Job) canName(l SendList, word string, permits bool) bool {
	kind := channelKind[l.Channel]
	switch word {
	case "profile":
		return l.Profile != "" || j.Profiles != nil && (kind == "email" || kind == "phone" || kind == "token" && j.Profiles.Push != "")
	case "domain":
		return kind == "email"
	case "device":
		return kind == "token" && (l.Address != "" || !permits)
	}
	return kind == word
}
