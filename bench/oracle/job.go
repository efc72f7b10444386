package oracle

import "encoding/json"

// A Job is what a job file says, as far as random jobs vary it. Its JSON is the
// job file: JSON is YAML.
type Job struct {
	Name      string     `json:"job"`
	Profiles  *Source    `json:"profiles,omitempty"`
	Consents  []Source   `json:"consents"`
	Events    []Events   `json:"events,omitempty"`
	SendLists []SendList `json:"send_lists"`

	Suppressions   []Screening `json:"suppressions,omitempty"`
	ProviderBlocks []Screening `json:"provider_blocks,omitempty"`
	Allowed        []Screening `json:"allowed,omitempty"`
	Registries     []Screening `json:"registries,omitempty"`
	Erased         []Screening `json:"erased,omitempty"`

	Policy Policy `json:"policy"`
	Gates  gates  `json:"gates"`
	Output output `json:"output"`
}

// A Source is a snapshot of profiles or of consents.
type Source struct {
	Path      string            `json:"path"`
	Delimiter string            `json:"delimiter,omitempty"`
	Key       string            `json:"key"`
	Match     string            `json:"match,omitempty"`
	Email     string            `json:"email,omitempty"`
	Phone     string            `json:"phone,omitempty"`
	Push      string            `json:"push,omitempty"`
	Country   string            `json:"country,omitempty"`
	Erased    string            `json:"erased,omitempty"`
	Layout    string            `json:"layout,omitempty"`
	Columns   map[string]string `json:"columns,omitempty"`
	Values    map[string]string `json:"values,omitempty"`
}

// A SendList is one list of planned messages.
type SendList struct {
	Name            string           `json:"name"`
	Path            string           `json:"path"`
	Delimiter       string           `json:"delimiter,omitempty"`
	Channel         string           `json:"channel"`
	Category        string           `json:"category,omitempty"`
	Subscription    string           `json:"subscription,omitempty"`
	SendAt          string           `json:"send_at,omitempty"`
	Requires        []string         `json:"requires,omitempty"`
	Campaign        string           `json:"campaign,omitempty"`
	Profile         string           `json:"profile,omitempty"`
	Address         string           `json:"address,omitempty"`
	App             string           `json:"app,omitempty"`
	Platforms       []string         `json:"platforms,omitempty"`
	Sender          string           `json:"sender,omitempty"`
	Personalization *Personalization `json:"personalization,omitempty"`
}

// Personalization names the personal content of a list.
type Personalization struct {
	Columns  []string       `json:"columns"`
	Fallback map[string]any `json:"fallback,omitempty"`
}

// Policy is what the job decides where the law leaves it to the sender.
type Policy struct {
	DefaultRegion   string                   `json:"default_region,omitempty"`
	Placeholders    []string                 `json:"placeholders,omitempty"`
	Propagate       bool                     `json:"propagate_by_address"`
	RequireProfile  *bool                    `json:"require_profile,omitempty"`
	ReachComplaints bool                     `json:"reach_complaints,omitempty"`
	Duplicates      string                   `json:"duplicates,omitempty"`
	Jurisdictions   []Jurisdiction           `json:"jurisdictions,omitempty"`
	Channels        map[string]ChannelPolicy `json:"channels,omitempty"`
	Default         *ChannelPolicy           `json:"default,omitempty"`
	ValidFor        map[string]string        `json:"valid_for,omitempty"`
	Personalization *Gate                    `json:"personalization,omitempty"`
}

// A Jurisdiction is a policy for some countries.
type Jurisdiction struct {
	Countries       []string                 `json:"countries"`
	Channels        map[string]ChannelPolicy `json:"channels,omitempty"`
	Default         *ChannelPolicy           `json:"default,omitempty"`
	ValidFor        map[string]string        `json:"valid_for,omitempty"`
	Personalization *Gate                    `json:"personalization,omitempty"`
}

// A ChannelPolicy leaves empty what is as in the policy around it.
type ChannelPolicy struct {
	Mode        string   `json:"mode,omitempty"`
	Default     string   `json:"default,omitempty"`
	AcceptBasis []string `json:"accept_basis,omitempty"`
}

// A Gate says when content may be personal.
type Gate struct {
	Gate string `json:"gate,omitempty"`
}

// gates let every random input through: what they refuse is not the oracle's.
type gates struct {
	MaxShrink      string `json:"max_shrink"`
	MaxInvalid     string `json:"max_invalid"`
	MaxQuarantined string `json:"max_quarantined"`
	MaxNoProfile   string `json:"max_no_profile"`
	MaxMalformed   string `json:"max_malformed"`
	MaxBadEvents   int    `json:"max_bad_events"`
	RequireOptOuts bool   `json:"require_opt_outs"`
}

var noGates = gates{"100%", "100%", "100%", "100%", "100%", 1000, false}

type output struct {
	Path   string `json:"path"`
	Ledger string `json:"ledger"`
}

// file returns the job file.
func (j *Job) file() ([]byte, error) { return json.MarshalIndent(j, "", "  ") }
