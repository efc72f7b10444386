package jobs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("job.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("job.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate holds a job file against the schema, as an editor does.
func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var root yaml.Node
	if err := yaml.Load([]byte(text), &root); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	datesAsText(&root)
	var tree any
	if err := root.Decode(&tree); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	asJSON, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(asJSON)))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(document)
}

// datesAsText makes texts of dates, as they are to editors, which read YAML 1.2.
func datesAsText(n *yaml.Node) {
	if n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, child := range n.Content {
		datesAsText(child)
	}
}

// everyKey is a job with every key that there is.
const everyKey = `job: nightly
schedule: "30 2 * * *"
timezone: Europe/Paris
catch_up: all
jitter: 10m
time_limit: 2h
retry: {times: 0, wait: 30s, max_wait: 2h}
retention: {keep_runs: 30, keep_for: 400d, keep_audiences_for: 30d}
profiles:
  path: profiles/date={{date}}/
  key: profile_id
  match: profile
  as_of: path
  max_age: 26h
  email: personalEmail.address
  phone: mobilePhone.number
  country: homeAddress.countryCode
  erased: erased
consents:
  - path: consents/date={{yesterday}}/
    key: identityMap.ECID
    as_of: "metadata:exported_at"
    max_age: 1.5d
    wait_for: {marker: "{{date}}.done", timeout: 3h}
    layout: xdm
    columns: {modelling.val: may_model}
  - path: flat.parquet
    key: email
    match: email
    as_of: 2026-11-24T02:30:00Z
    max_age: 1h30m
    layout: columns
    columns: {marketing.email.val: opted_in, marketing.email.time: at, metadata.time: changed}
    values: {"true": y, "false": N}
send_lists:
  - name: black-friday
    path: lists/*.csv
    delimiter: ";"
    csv: true
    channel: email
    category: transactional
    subscription: weekly
    send_at: 2026-11-27
    requires: [share, modelling]
    campaign: campaign_id
    profile: profile_id
    address: email
    drop_duplicates: false
    wait_for: {timeout: 90m}
    personalization:
      columns: [first_name, n, in]
      fallback: {first_name: there, n: 5, in: true}
  - name: flash-sale
    path: flash.parquet
    channel: sms
    sender: "36105"
    profile: profile_id
    address: phone
suppressions:
  - name: bounces
    path: suppression.parquet
    match: {column: KIND}
    column: VALUE
    as_of: 2026-11-24
    max_age: 7d
    category: {column: TYPE}
    status: {column: STATUS, ignore: [deleted, expired]}
    scope: marketing
    hash: none
    include_subdomains: true
    plus_tags: true
    gmail_dots: true
  - {name: upload, path: uploads/, category: spam_complaint, wait_for: {timeout: 1h}}
  - name: partner
    path: partner.parquet
    match: phone
    column: digest
    hash: hmac-sha256
    hash_key_env: PARTNER_KEY
    hash_of: digits
    hash_check: {value: "+33639980001", digest: "00"}
allowed:
  - {path: allowed.parquet, match: email, column: email, include_subdomains: false}
  - {name: testers, path: testers.parquet, match: profile, column: id, as_of: path, max_age: 1d, wait_for: {marker: done, timeout: 1h}}
registries:
  - name: dnc
    path: dnc.parquet
    match: phone
    column: phone
    version_date: 2026-11-01
    max_age: 31d
    region: US
    exemptions: {path: ebr.parquet, wait_for: {timeout: 2h}, match: phone, column: phone, as_of: "column:at", max_age: 31d}
erased: {name: forgotten, path: erased.parquet, match: profile, column: id, hash: sha256, as_of: path, max_age: 1d}
provider_blocks:
  - {name: stop, path: stop.parquet, match: phone, column: phone, sender: sender, as_of: path, max_age: 1d}
policy:
  reach_complaints: true
  default_region: FR
  placeholders: ["0", nobody]
  propagate_by_address: true
  require_profile: true
  channels:
    email: {mode: opt_in, default: dn, accept_basis: [LI, CT, CP, VI, PI]}
  default: {mode: opt_out}
  valid_for: {email: 730d}
  personalization: {gate: opt_out}
  jurisdictions:
    - countries: [FR]
      channels: {email: {mode: opt_in}}
      default: {default: n}
      valid_for: {email: 365d}
      personalization: {gate: opt_in}
  duplicates: latest
gates:
  max_shrink: 20%
  max_invalid: 0.5%
  max_quarantined: 5 %
  max_no_profile: 100%
  max_malformed: 1%
  max_vanished: 5%
  max_drop_change: 15%
  require_hits: true
  require_opt_outs: false
output:
  path: out
  ledger: all
  compression: snappy
  input_digests: none
  file_mode: "0640"
  dir_mode: "0750"
`

// TestSchemaAccepts: what the program accepts an editor must not underline.
func TestSchemaAccepts(t *testing.T) {
	s := compileSchema(t)
	texts := map[string]string{"sound": sound, "every key": everyKey}
	for _, pattern := range []string{"../cmd/optout/sample/job.yaml", "../cmd/optout/testdata/base/job.yaml", "../testdata/demo/job.yaml"} {
		text, err := os.ReadFile(filepath.FromSlash(pattern))
		if err != nil {
			t.Fatal(err)
		}
		texts[pattern] = string(text)
	}
	for name, text := range documented(t) {
		texts[name] = text
	}
	for name, text := range texts {
		if _, err := load(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// documented lists the whole jobs that the documentation shows.
func documented(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	files, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "```yaml\n")[1:] {
			block, _, _ = strings.Cut(block, "```")
			if strings.HasPrefix(block, "job: ") || strings.Contains(block, "\njob: ") {
				texts[file+" "+block[:min(40, len(block))]] = block
			}
		}
	}
	return texts
}

// TestSchemaRefuses: what an editor can know to be wrong it underlines.
func TestSchemaRefuses(t *testing.T) {
	s := compileSchema(t)
	for _, pair := range [][2]string{
		{"job: nightly", "job: Nightly"},
		{"job: nightly", "jobs: nightly"},
		{"job: nightly\n", ""},
		{"consents.parquet", "[a, b]"},
		{"  key: profile_id\nsend", "send"},
		{"  key: profile_id\nsend", "  key: profile_id\n  keys: x\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  max_age: 26\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  max_age: 1d12h\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  as_of: folder\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  layout: flat\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  values: {a: yes}\nsend"},
		{"  key: profile_id\nsend", "  key: profile_id\n  columns: [a]\nsend"},
		{"name: vip", "name: VIP"},
		{"job: nightly", "job: nightly\ncatch_up: some"},
		{"job: nightly", "job: nightly\nretry: {times: -1}"},
		{"job: nightly", "job: nightly\nretry: {times: 1.5}"},
		{"  key: profile_id\nsend", "  key: profile_id\n  wait_for: {marker: _DONE}\nsend"},
		{"channel: email", "chanel: email"},
		{"address: email\n", "address: email\n    category: promo\n"},
		{"address: email\n", "address: email\n    requires: share\n"},
		{"address: email\n", "address: email\n    personalization: {}\n"},
		{"propagate_by_address: false", "propagate_by_address: \"no\""},
		{"policy:\n", "policy:\n  channels: {email: {mode: optin}}\n"},
		{"policy:\n", "policy:\n  channels: {email: {default: none}}\n"},
		{"policy:\n", "policy:\n  valid_for: {email: 30}\n"},
		{"policy:\n", "policy:\n  jurisdictions: [{channels: {}}]\n"},
		{"  path: out\n", "  path: out\ngates: {max_shrink: 0.2}\n"},
		{"  path: out\n", "  ledger: all\n"},
		{"  path: out\n", "  path: out\n  file_mode: rw\n"},
		{"  path: out\n", "  path: out\nevents: [{name: a, path: b, columns: {profile: p}, choice: no}]\n"},
		{"  path: out\n", "  path: out\nevents: [{name: a, path: b, columns: {profil: p}, choice: n}]\n"},
		{"  path: out\n", "  path: out\nevents: [{name: a, path: b}]\n"},
		{"  path: out\n", "  path: out\nevents: [{name: a, path: b, columns: {profile: p}, channel: email, choice: n, honor_within: {within: 10 days}}]\n"},
		{"  path: out\n", "  path: out\nsuppressions: [{name: a, path: b, match: mail, column: c}]\n"},
		{"  path: out\n", "  path: out\nsuppressions: [{name: a, path: b, match: {colum: c}, column: c}]\n"},
		{"  path: out\n", "  path: out\nsuppressions: [{path: b}]\n"},
		{"  path: out\n", "  path: out\nregistries: [{name: a, path: b, match: email, column: c}]\n"},
	} {
		text := with(t, pair[0], pair[1])
		if err := validate(t, s, text); err == nil {
			t.Errorf("%q in place of %q: the schema accepts it", pair[1], pair[0])
		}
		if _, err := load(text); err == nil {
			t.Errorf("%q in place of %q: the program accepts it", pair[1], pair[0])
		}
	}
}

// TestSchemaIsDescribed makes sure that editors have a sentence for every key.
func TestSchemaIsDescribed(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	keys := 0
	var walk func(path string, node any)
	walk = func(path string, node any) {
		switch node := node.(type) {
		case map[string]any:
			properties, _ := node["properties"].(map[string]any)
			for name, property := range properties {
				keys++
				if d, _ := property.(map[string]any)["description"].(string); !strings.HasSuffix(d, ".") {
					t.Errorf("%s.%s has the description %q", path, name, d)
				}
			}
			for name, child := range node {
				walk(path+"."+name, child)
			}
		case []any:
			for _, child := range node {
				walk(path, child)
			}
		}
	}
	walk("", root)
	if keys < 60 {
		t.Errorf("the schema has only %d keys", keys)
	}
}
