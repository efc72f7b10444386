package jobs

import "optout/pipeline/consent"

// A Job is a job file. A field's yaml tag is its key; "one" in its job tag lets
// a single value stand for a list of one.
type Job struct {
	Name      string     `yaml:"job" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the job: lower-case letters, digits and hyphens. Runs are published below a directory of this name."`
	Schedule  string     `yaml:"schedule" doc:"When optout serve runs the job: five cron fields, minute to day of the week."`
	Timezone  string     `yaml:"timezone" jsonschema:"default=UTC" doc:"IANA time zone of the schedule and of {{date}}."`
	CatchUp   CatchUp    `yaml:"catch_up" jsonschema:"default=latest" doc:"Which dates optout serve makes up for when it was not there at their time: the latest, all, or none."`
	Jitter    Duration   `yaml:"jitter" doc:"optout serve begins up to so much later, always the same for a job and a date, so that many jobs do not begin at once."`
	TimeLimit Duration   `yaml:"time_limit" doc:"A run that takes longer fails. Waiting for inputs does not count."`
	Retry     Retry      `yaml:"retry" doc:"How optout serve tries again after a failure. A refusal is never tried again."`
	Profiles  *Profiles  `yaml:"profiles" doc:"Snapshot of who exists."`
	Consents  []Consents `yaml:"consents" job:"one" jsonschema:"required" doc:"Snapshots of what people answered, one or several."`
	Events    []Events   `yaml:"events" doc:"Opt-outs and opt-ins since the snapshots."`
	SendLists []SendList `yaml:"send_lists" jsonschema:"required" doc:"Planned messages: one row, one recipient."`

	Suppressions   []Suppression   `yaml:"suppressions" doc:"Addresses, domains and people never to contact."`
	Allowed        []Allowed       `yaml:"allowed" job:"one" doc:"Whom alone to contact. Where it is given, nobody else passes."`
	Registries     []Registry      `yaml:"registries" doc:"Do-not-call registries and the like. They bind marketing only."`
	Erased         []Erased        `yaml:"erased" job:"one" doc:"Hashed ids of people who asked to be forgotten, whatever a snapshot says."`
	ProviderBlocks []ProviderBlock `yaml:"provider_blocks" doc:"Phone numbers that a provider does not reach from a sender."`

	Policy Policy `yaml:"policy" doc:"What silence means, and other choices that the law leaves to the sender."`
	Gates  Gates  `yaml:"gates" doc:"Limits past which a run is refused."`
	Output Output `yaml:"output" jsonschema:"required" doc:"Where and how runs are published."`

	Retention Retention `yaml:"retention" doc:"Which published runs are kept, and how long their audiences. Default: all, for ever."`

	text      []byte // the file
	path      string // as the user gave it
	dir       string // that relative paths start from
	positions map[string]position
}

// Path is the job file as the user named it.
func (j *Job) Path() string { return j.path }

// Retry says how often and when a failed run is tried again.
type Retry struct {
	Times   *Count    `yaml:"times" jsonschema:"default=8" doc:"Attempts after the first."`
	Wait    *Duration `yaml:"wait" jsonschema:"default=1m" doc:"Time before the second attempt; before each further one it is twice as long."`
	MaxWait *Duration `yaml:"max_wait" jsonschema:"default=1h" doc:"Longest time between two attempts."`
}

// Retention says which published runs are kept: those that one of the first two
// limits keeps, and the last one in any case.
type Retention struct {
	KeepRuns         *Count   `yaml:"keep_runs" doc:"So many runs are kept, those of the latest dates."`
	KeepFor          Duration `yaml:"keep_for" doc:"Runs are kept for so long after they were published, as in 400d."`
	KeepAudiencesFor Duration `yaml:"keep_audiences_for" doc:"Audiences and quarantines of a run are deleted so long after it was published; ledger, summary, report and manifest stay."`
}

// Source is what every snapshot has.
type Source struct {
	Path   string   `yaml:"path" jsonschema:"required" doc:"File, directory or glob pattern, relative to the job file. {{date}} is the logical date, {{yesterday}} the day before."`
	Key    string   `yaml:"key" jsonschema:"required" doc:"Column with the profile id (dotted where it is nested), or identityMap.NAMESPACE."`
	Match  Match    `yaml:"match" jsonschema:"default=profile" doc:"What the key is: a profile id, or the address that the consents are for."`
	AsOf   AsOf     `yaml:"as_of" doc:"How old the snapshot is known to be: path (a date= dt= or exportTime= folder in it), column:NAME (the oldest time in it), metadata:KEY (of the files' footers), or a timestamp."`
	MaxAge Duration `yaml:"max_age" doc:"Age past which the snapshot is refused, as in 26h or 31d. It needs as_of."`

	Delimiter Delimiter `yaml:"delimiter" doc:"What stands between the fields of CSV: one character, or tab. Default: a comma; a tab in files called .tsv."`

	WaitFor *WaitFor `yaml:"wait_for" doc:"What says that the snapshot is complete; the run waits for it."`
}

// WaitFor says how a run knows that an input is complete.
type WaitFor struct {
	Marker  string   `yaml:"marker" jsonschema:"default=_SUCCESS" doc:"File that whoever writes the input adds last: in its directory, or beside its files."`
	Timeout Duration `yaml:"timeout" jsonschema:"required" doc:"How long to wait before the run is refused, as in 3h."`
}

const defaultMarker = "_SUCCESS"

// Profiles is the snapshot of who exists.
type Profiles struct {
	Source  `yaml:",inline"`
	Email   string `yaml:"email" doc:"Column with the email address."`
	Phone   string `yaml:"phone" doc:"Column with the phone number."`
	Push    string `yaml:"push" doc:"Column with the devices for push messages, as pushNotificationDetails of the XDM schema: a list of structs with token, and perhaps denylisted (or blocklisted, blacklisted), appID, platform, identity.id."`
	Country string `yaml:"country" doc:"Column with the country or region that jurisdictions are chosen by."`
	Erased  string `yaml:"erased" doc:"Boolean column: the person asked to be forgotten."`
}

// Consents is one snapshot of consents.
type Consents struct {
	Source  `yaml:",inline"`
	Layout  Layout            `yaml:"layout" jsonschema:"default=xdm" doc:"xdm: the nested consents struct of the XDM schema. columns: a flat table, mapped by columns."`
	Columns map[string]string `yaml:"columns" doc:"Column of each consent field, as in marketing.email.val: email_opt_in. With layout xdm they come beside what the schema has."`
	Values  map[string]Choice `yaml:"values" doc:"Choice value for each text, number or boolean that the columns hold instead."`
}

// SendList is one list of planned messages.
type SendList struct {
	Name            string           `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the list, unique in the job."`
	Path            string           `yaml:"path" jsonschema:"required" doc:"File, directory or glob pattern, relative to the job file."`
	Delimiter       Delimiter        `yaml:"delimiter" doc:"What stands between the fields of CSV: one character, or tab. Default: a comma; a tab in files called .tsv."`
	Channel         string           `yaml:"channel" jsonschema:"required" doc:"Channel of the messages: email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, or one whose consent field the consents map."`
	Category        Category         `yaml:"category" jsonschema:"default=marketing" doc:"Transactional messages pass consent rules; what they would have dropped is counted."`
	Sender          string           `yaml:"sender" doc:"Sender that the messages come from, such as a number or a short code: provider blocks are bound to it."`
	Subscription    string           `yaml:"subscription" doc:"Subscription that the list is bound to."`
	SendAt          string           `yaml:"send_at" doc:"Column with the time of sending, or a timestamp. Default: the end of the logical date."`
	Requires        []string         `yaml:"requires" doc:"Purposes that every row must permit, as in share or collect."`
	Campaign        string           `yaml:"campaign" doc:"Column with the campaign, across which duplicates are found."`
	Profile         string           `yaml:"profile" doc:"Column with the profile id."`
	Address         string           `yaml:"address" doc:"Column with the address that the message goes to."`
	App             string           `yaml:"app" doc:"App that a push message is for, as appID of the devices: other devices are invalid_token. It needs profiles.push."`
	Platforms       []string         `yaml:"platforms" doc:"Push services that a push message is for, as platform of the devices: apns, fcm, …. It needs profiles.push."`
	DropDuplicates  *bool            `yaml:"drop_duplicates" doc:"Whether a second row for a recipient is dropped. Default: true, but for direct mail."`
	Personalization *Personalization `yaml:"personalization" doc:"What in the list is personal content."`
	CSV             bool             `yaml:"csv" jsonschema:"default=false" doc:"Whether the audience is published as CSV, too."`
	WaitFor         *WaitFor         `yaml:"wait_for" doc:"What says that the list is complete; the run waits for it."`
}

// Personalization is the personal content of a list.
type Personalization struct {
	Columns  []string        `yaml:"columns" jsonschema:"required" doc:"Columns that are made generic for who did not permit personal content."`
	Fallback map[string]Text `yaml:"fallback" doc:"Value of a column for them, in place of null."`
}

// Policy is what the law leaves to the sender.
type Policy struct {
	DefaultRegion      string                   `yaml:"default_region" doc:"Country of phone numbers that name none, as in FR."`
	Placeholders       []string                 `yaml:"placeholders" doc:"Texts that stand for nobody in columns of ids and addresses. Default: 0, null, N/A, none, unknown, the nil UUID and the like."`
	PropagateByAddress *bool                    `yaml:"propagate_by_address" jsonschema:"default=true" doc:"An opt-out of any profile with the recipient's address counts. It needs the address column of the profiles."`
	ReachComplaints    bool                     `yaml:"reach_complaints" jsonschema:"default=false" doc:"Transactional messages reach addresses that are suppressed for a spam complaint."`
	RequireProfile     *bool                    `yaml:"require_profile" doc:"Whether a row whose profile is not there is dropped. Default: true where profiles are given."`
	Channels           map[string]ChannelPolicy `yaml:"channels" doc:"Policy of each channel."`
	Default            ChannelPolicy            `yaml:"default" doc:"Policy of channels, and of settings of channels, that are not named. Where it names none either, the mode is opt_in."`
	ValidFor           map[string]Duration      `yaml:"valid_for" doc:"How long a consent holds on a channel, as in 730d."`
	Personalization    PersonalizationPolicy    `yaml:"personalization" doc:"When content may be personal."`
	Jurisdictions      []Jurisdiction           `yaml:"jurisdictions" doc:"Other policies by the profile's country; the first that matches wins."`
	Duplicates         Duplicates               `yaml:"duplicates" jsonschema:"default=most_restrictive" doc:"Which of several records of one profile stands."`
}

// ChannelPolicy is what silence means on a channel.
type ChannelPolicy struct {
	Mode        *Mode    `yaml:"mode" doc:"opt_in: only a yes permits. opt_out: everything but a no permits."`
	Default     *Choice  `yaml:"default" doc:"Choice value that stands for people who never answered."`
	AcceptBasis []Choice `yaml:"accept_basis" doc:"Legal bases that permit as a yes does: LI CT CP VI PI."`
}

// PersonalizationPolicy says when content may be personal.
type PersonalizationPolicy struct {
	Gate *PersonalizationGate `yaml:"gate" doc:"opt_in: only a yes permits. opt_out: everything but a no permits. Default: opt_in."`
}

// Jurisdiction is a policy for some countries. What it does not name is as in
// the policy around it.
type Jurisdiction struct {
	Countries       []string                 `yaml:"countries" jsonschema:"required" doc:"Values of the profiles' country column."`
	Channels        map[string]ChannelPolicy `yaml:"channels" doc:"Policy of each channel."`
	Default         ChannelPolicy            `yaml:"default" doc:"Policy of channels that are not named."`
	ValidFor        map[string]Duration      `yaml:"valid_for" doc:"How long a consent holds on a channel."`
	Personalization PersonalizationPolicy    `yaml:"personalization" doc:"When content may be personal."`
}

// Gates are limits past which a run is refused. Nil stands for the default.
type Gates struct {
	MaxShrink      *Percent `yaml:"max_shrink" jsonschema:"default=20%" doc:"How much smaller a snapshot may be than in the last published run."`
	MaxInvalid     *Percent `yaml:"max_invalid" jsonschema:"default=1%" doc:"Share of the answers of a consent snapshot that may be no choice value."`
	MaxQuarantined *Percent `yaml:"max_quarantined" jsonschema:"default=5%" doc:"Share of a send list that may be quarantined."`
	MaxNoProfile   *Percent `yaml:"max_no_profile" jsonschema:"default=20%" doc:"Share of a send list whose profile may be unknown."`
	MaxMalformed   *Percent `yaml:"max_malformed" jsonschema:"default=1%" doc:"Share of the entries of a suppression list, registry or the like that may be malformed."`
	MaxVanished    *Percent `yaml:"max_vanished" jsonschema:"default=10%" doc:"Share of the entries of a suppression list, registry or the like in the last published run that may be gone. It is read where OPTOUT_HASH_KEY is set."`
	MaxDropChange  *Percent `yaml:"max_drop_change" jsonschema:"default=10%" doc:"How many percentage points beyond what it was in the last ten published runs the share of a send list that is not kept may be."`
	RequireHits    *bool    `yaml:"require_hits" jsonschema:"default=true" doc:"Whether a hashed list of 10,000 entries or more that names nobody planned is refused."`
	MaxBadEvents   *Count   `yaml:"max_bad_events" jsonschema:"default=0" doc:"Events of a log that may be such that nobody can understand them."`
	RequireOptOuts *bool    `yaml:"require_opt_outs" jsonschema:"default=true" doc:"Whether a consent snapshot without a single opt-out is refused."`
}

// Output says where and how runs are published.
type Output struct {
	Path         string       `yaml:"path" jsonschema:"required" doc:"Directory, relative to the job file."`
	Ledger       Ledger       `yaml:"ledger" jsonschema:"default=not_kept" doc:"not_kept: a row for each refusal. all: a row for each planned row."`
	Compression  Compression  `yaml:"compression" jsonschema:"default=zstd" doc:"Codec of the Parquet files."`
	InputDigests InputDigests `yaml:"input_digests" jsonschema:"default=sha256" doc:"Whether the manifest has the digest of every input file."`
	FileMode     *FileMode    `yaml:"file_mode" jsonschema:"default=0600" doc:"Permissions of published files, in octal and quotes."`
	DirMode      *DirMode     `yaml:"dir_mode" jsonschema:"default=0700" doc:"Permissions of published directories, in octal and quotes."`
}

// basisSet is the set of accepted bases.
func (p ChannelPolicy) basisSet() (s consent.BasisSet) {
	for _, c := range p.AcceptBasis {
		s = s.With(consent.Choice(c))
	}
	return s
}
