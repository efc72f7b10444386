package jobs

// Entries are what every list of addresses or people has: a suppression list, an
// allowed list, a registry and its exemptions, the erased, a provider block.
type Entries struct {
	Path       string     `yaml:"path" jsonschema:"required" doc:"File, directory or glob pattern, relative to the job file. {{date}} is the logical date, {{yesterday}} the day before."`
	Delimiter  Delimiter  `yaml:"delimiter" doc:"What stands between the fields of CSV: one character, or tab. Default: a comma; a tab in files called .tsv."`
	Match      EntryMatch `yaml:"match" doc:"What the entries are: email, domain, phone, profile or device; or {column: NAME}, whose texts say so row by row."`
	WaitFor    *WaitFor   `yaml:"wait_for" doc:"What says that the list is complete; the run waits for it."`
	Column     string     `yaml:"column" doc:"Column with the entries."`
	Region     string     `yaml:"region" doc:"Country of the phone numbers in the list that name none, as in US. Default: policy.default_region."`
	Hash       Hash       `yaml:"hash" jsonschema:"default=none" doc:"How the entries are hashed: none, sha256, md5 or hmac-sha256, over their normal form."`
	HashKeyEnv string     `yaml:"hash_key_env" doc:"Environment variable with the key of hmac-sha256."`
	HashOf     HashOf     `yaml:"hash_of" jsonschema:"default=normal_form" doc:"What was hashed. digits: of phone numbers the normal form without its plus."`
	HashCheck  *HashCheck `yaml:"hash_check" doc:"A test entry, which proves that both sides normalise and hash alike."`
	MaxAge     Duration   `yaml:"max_age" doc:"Age past which the list is refused, as in 26h or 31d. The job must say how old the list is."`
}

// HashCheck is an entry whose digest is known.
type HashCheck struct {
	Value  string `yaml:"value" jsonschema:"required" doc:"An address or id that need not be anybody's, in any spelling."`
	Digest string `yaml:"digest" jsonschema:"required" doc:"What the maker of the list makes of it, in hexadecimal."`
}

// Suppression is a list of whom never to contact.
type Suppression struct {
	Name              string `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the list, unique in the job."`
	Entries           `yaml:",inline"`
	AsOf              AsOf                `yaml:"as_of" doc:"How old the list is known to be: path, column:NAME, metadata:KEY or a timestamp."`
	Category          SuppressionCategory `yaml:"category" doc:"Why the entries are suppressed: hard, soft, manual or spam_complaint; or {column: NAME}. Default: manual."`
	Status            *Status             `yaml:"status" doc:"Column that takes entries off the list."`
	Scope             Scope               `yaml:"scope" jsonschema:"default=all" doc:"all: no message passes. marketing: transactional messages do."`
	IncludeSubdomains bool                `yaml:"include_subdomains" jsonschema:"default=false" doc:"A domain stands for all domains below it, too."`
	PlusTags          bool                `yaml:"plus_tags" jsonschema:"default=false" doc:"An address stands for all that differ from it in a tag, as in anna+news@example.com."`
	GmailDots         bool                `yaml:"gmail_dots" jsonschema:"default=false" doc:"An address at gmail.com stands for all that differ from it in dots, and at googlemail.com."`
}

// Status is a column that takes entries off a list.
type Status struct {
	Column string   `yaml:"column" jsonschema:"required" doc:"Column with the status of each entry."`
	Ignore []string `yaml:"ignore" doc:"Texts that take an entry off the list, in any case. Default: [deleted]."`
}

// ignored are the texts that take an entry off the list.
func (s *Status) ignored() []string {
	if s.Ignore == nil {
		return []string{"deleted"}
	}
	return s.Ignore
}

// Allowed is a list of whom alone to contact.
type Allowed struct {
	Name              string `yaml:"name" jsonschema:"pattern=^[a-z0-9-]+$" doc:"Name of the list. Default: allowed, or where there are several allowed-1, allowed-2 and so on."`
	Entries           `yaml:",inline"`
	AsOf              AsOf `yaml:"as_of" doc:"How old the list is known to be: path, column:NAME, metadata:KEY or a timestamp."`
	IncludeSubdomains bool `yaml:"include_subdomains" jsonschema:"default=false" doc:"A domain stands for all domains below it, too."`
}

// Registry is a list of people who want no marketing from anybody.
type Registry struct {
	Name        string `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the registry, unique in the job."`
	Entries     `yaml:",inline"`
	VersionDate AsOf         `yaml:"version_date" jsonschema:"required" doc:"When this version of the registry was made: a timestamp, path, column:NAME or metadata:KEY. The time at which it was looked up is not its age."`
	Exemptions  []Exemptions `yaml:"exemptions" job:"one" doc:"Who may be contacted in spite of the registry: an established relationship, an express consent."`
}

// Exemptions is a list of whom a registry does not bind.
type Exemptions struct {
	Entries `yaml:",inline"`
	AsOf    AsOf `yaml:"as_of" doc:"How old the list is known to be: path, column:NAME, metadata:KEY or a timestamp."`
}

// Erased is a list of people who asked to be forgotten, hashed.
type Erased struct {
	Name    string `yaml:"name" jsonschema:"pattern=^[a-z0-9-]+$" doc:"Name of the list. Default: erased, or where there are several erased-1, erased-2 and so on."`
	Entries `yaml:",inline"`
	AsOf    AsOf `yaml:"as_of" doc:"How old the list is known to be: path, column:NAME, metadata:KEY or a timestamp."`
}

// ProviderBlock is a list of phone numbers that a provider does not reach from
// a sender.
type ProviderBlock struct {
	Name    string `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the list, unique in the job."`
	Entries `yaml:",inline"`
	AsOf    AsOf   `yaml:"as_of" doc:"How old the list is known to be: path, column:NAME, metadata:KEY or a timestamp."`
	Sender  string `yaml:"sender" jsonschema:"required" doc:"Column with the sender that an entry binds. An entry without one binds all."`
}
