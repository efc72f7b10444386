package jobs

// Events is a log of opt-outs and opt-ins since the snapshots.
type Events struct {
	Name        string                 `yaml:"name" jsonschema:"required,pattern=^[a-z0-9-]+$" doc:"Name of the log, unique in the job."`
	Path        string                 `yaml:"path" jsonschema:"required" doc:"File, directory or glob pattern, relative to the job file. {{date}} is the logical date, {{yesterday}} the day before."`
	WaitFor     *WaitFor               `yaml:"wait_for" doc:"What says that the log is complete; the run waits for it."`
	Delimiter   Delimiter              `yaml:"delimiter" doc:"What stands between the fields of CSV: one character, or tab. Default: a comma; a tab in files called .tsv."`
	Region      string                 `yaml:"region" doc:"Country of the phone numbers in the log that name none, as in US. Default: policy.default_region."`
	Columns     EventColumns           `yaml:"columns" jsonschema:"required" doc:"Where the log says who, when and what."`
	Channel     string                 `yaml:"channel" doc:"Channel of all events, in place of a column."`
	Scope       EventScope             `yaml:"scope" jsonschema:"default=channel" doc:"What all events are about, in place of a column. channel: every address of the profile. identity: the address. subscription: one subscription. all: every channel."`
	Choice      EventChoice            `yaml:"choice" doc:"y where all events are opt-ins, n where all are opt-outs, in place of a column."`
	Values      map[string]EventChoice `yaml:"values" doc:"y or n for each word that the column of choices holds beside them."`
	HonorWithin []Ceiling              `yaml:"honor_within" job:"one" doc:"How long after a request it must be honoured. A run that is late says so; it does not refuse, which would only take longer."`
}

// EventColumns are the columns of a log. Who is named by profile, address or
// both: either match counts.
type EventColumns struct {
	Time         string `yaml:"time" doc:"Column with the time of the event."`
	Profile      string `yaml:"profile" doc:"Column with the profile id."`
	Address      string `yaml:"address" doc:"Column with the address, of the kind that the event's channel has."`
	Channel      string `yaml:"channel" doc:"Column with the channel, by its name in a job or in the consent schema, in any case."`
	Scope        string `yaml:"scope" doc:"Column with the scope: channel, identity, subscription or all, in any case."`
	Choice       string `yaml:"choice" doc:"Column that says y of an opt-in and n of an opt-out, in any case, or a word of values."`
	Subscription string `yaml:"subscription" doc:"Column with the subscription that an event of scope subscription is about."`
}

// A Ceiling is how long a request may wait.
type Ceiling struct {
	Channels []string `yaml:"channels" doc:"Channels of the lists that it is for. Default: all."`
	Within   Within   `yaml:"within" jsonschema:"required" doc:"A duration, as in 2d, or business days, as in 10 business days: Monday to Friday but for holidays, not counting the day of the request."`
	Holidays []Day    `yaml:"holidays" doc:"Days that are no business days, as in 2026-12-25."`
	Because  string   `yaml:"because" doc:"Who asks for it; the report and the manifest say so."`
}

// An EventScope is what an event is about.
type EventScope string

func (EventScope) words() []string { return []string{"channel", "identity", "subscription", "all"} }

// An EventChoice is what an event says.
type EventChoice string

func (EventChoice) words() []string { return []string{"y", "n"} }
