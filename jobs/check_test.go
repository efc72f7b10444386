package jobs

import (
	"strings"
	"testing"
)

// with is the sound job with old, which must stand in it, replaced.
func with(t *testing.T, pairs ...string) string {
	t.Helper()
	text := sound
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the sound job has no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// TestMistakes has every mistake that a job file can have, one at a time, with
// its place.
func TestMistakes(t *testing.T) {
	const list, consents, policy, end = "    address: email\n", "  key: profile_id\nsend", "policy:\n", "  path: out\n"
	const flat = "  key: profile_id\n  layout: columns\n  columns: {marketing.email.val: opted_in}\nsend"
	for _, c := range []struct{ old, new, want string }{
		// Names.
		{"job: nightly\n", "", "1:1 job: missing: a name of lower-case letters, digits and hyphens"},
		{"nightly", "Nightly", `1:6 job: "Nightly" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{"nightly", "../etc", `1:6 job: "../etc" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{"nightly", `"a\n"`, `1:6 job: "a\n" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{"nightly", strings.Repeat("a", 101), `1:6 job: "` + strings.Repeat("a", 101) + `" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{"name: vip", "name: v.i.p", `6:11 send_lists[0].name: "v.i.p" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{"  - name: vip\n    path", "  - path", "6:5 send_lists[0].name: missing: a name of lower-case letters, digits and hyphens"},
		{end, end + "x: {}\n", "15:1 x: unknown key"},
		{list, list + "  - {name: vip, path: b, channel: direct_mail, profile: id}\n", `11:12 send_lists[1].name: another list is called "vip"`},

		// Shapes.
		{"nightly", "[nightly]", "1:6 job: expected a single value, found a list"},
		{"nightly", "{a: b}", "1:6 job: expected a single value, found keys with values"},
		{"nightly", "", "1:5 job: expected a value, found nothing"},
		{"nightly", "~", "1:6 job: expected a value, found nothing"},
		{"nightly", "!secret x", "1:6 job: tags like !secret are not supported"},
		{"nightly", "!!binary eA==", "1:6 job: tags like !!binary are not supported"},
		{policy, "policy: none\nx:\n", `11:9 policy: expected keys with values, found "none"
12:1 x: unknown key`},
		{policy, "policy: []\nx:\n", `11:9 policy: expected keys with values, found a list
12:1 x: unknown key`},
		{list, list + "    requires: share\n", `11:15 send_lists[0].requires: expected a list, found "share"`},
		{list, list + "    requires: [share, share: x]\n", "11:23 send_lists[0].requires[1]: expected a single value, found keys with values"},
		{"send_lists:\n", "send_lists: &a\n", ""},
		{end, end + "? [a]\n: b\n", "15:3 : a key must be a single value"},
		{end, end + "<<: {job: b}\n", "15:1 <<: merge keys are not supported; an alias can stand for a whole value"},

		// Keys.
		{"channel: email", "chanel: email", `6:5 send_lists[0].channel: missing: one of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, or one that the consents map
8:5 send_lists[0].chanel: unknown key; did you mean channel?`},
		{end, end + "  pathh: x\n", "15:3 output.pathh: unknown key; did you mean path?"},
		{end, end + "  path: x\n", "15:3 output.path: the key stands twice, first on line 14"},
		{end, end + "job: again\n", "15:1 job: the key stands twice, first on line 1"},

		// Schedule and zone.
		{end, end + "timezone: Mars\n", `15:11 timezone: "Mars" is no time zone; write it as in Europe/Paris`},
		{end, end + "timezone: Local\n", `15:11 timezone: "Local" is no time zone; write it as in Europe/Paris`},
		{end, end + "timezone: ../../etc/passwd\n", `15:11 timezone: "../../etc/passwd" is no time zone; write it as in Europe/Paris`},
		{end, end + "schedule: daily\n", `15:11 schedule: "daily" has not five fields: minute, hour, day of the month, month, day of the week`},

		// Serving, and waiting for inputs.
		{end, end + "catch_up: some\n", `15:11 catch_up: "some" is none of latest, all, none`},
		{end, end + "jitter: 0s\n", `15:9 jitter: "0s" is shorter than a second`},
		{end, end + "retry: {times: -1}\n", `15:16 retry.times: "-1" is no number from 0 to 100000`},
		{end, end + "retention: {keep_runs: 0}\n", "15:24 retention.keep_runs: is 0: the last run is always kept; write 1"},
		{end, end + "retention: {keep_for: 3d, keep_audiences_for: 4d}\n", "15:47 retention.keep_audiences_for: is longer than keep_for, when the whole run is deleted"},
		{end, end + "retry: {times: many}\n", `15:16 retry.times: "many" is no number from 0 to 100000`},
		{end, end + "retry: {times: 100001}\n", `15:16 retry.times: "100001" is no number from 0 to 100000`},
		{consents, "  key: profile_id\n  wait_for: {}\nsend", "5:13 consents[0].wait_for.timeout: missing: how long a run waits at most, as in 3h"},
		{consents, "  key: profile_id\n  wait_for: {timeout: 3h, marker: a/b}\nsend", `5:35 consents[0].wait_for.marker: "a/b" is no name of a file: the marker stands in the directory of the input`},
		{consents, "  key: profile_id\n  wait_for: {timeout: 3h, marker: ..}\nsend", `5:35 consents[0].wait_for.marker: ".." is no name of a file: the marker stands in the directory of the input`},
		{consents, "  key: profile_id\n  wait_for: {timeout: 3h, marker: \"{{day}}\"}\nsend", "5:35 consents[0].wait_for.marker: {{day}} is no date: use {{date}} or {{yesterday}}"},
		{"consents.parquet\n  key: profile_id\nsend", "c/*/part.parquet\n  key: profile_id\n  wait_for: {timeout: 3h}\nsend", "5:13 consents[0].wait_for: the path has a pattern among its directories, so nothing says which of them has the marker"},

		// Snapshots.
		{"  path: consents.parquet\n", "", "3:3 consents[0].path: missing: a file, directory or glob pattern"},
		{consents, "send", "3:3 consents[0].key: missing: the column with the profile id, or identityMap.NAMESPACE"},
		{"consents:\n  path: consents.parquet\n  key: profile_id\n", "", `1:1 consents: the job has no consents: without them nobody may be contacted
5:14 send_lists[0].channel: no consents have the field marketing.email.val: map it under columns`},
		{"consents:\n  path: consents.parquet\n  key: profile_id\n", "consents: []\n", `2:11 consents: the job has no consents: without them nobody may be contacted
6:14 send_lists[0].channel: no consents have the field marketing.email.val: map it under columns`},
		{"consents.parquet", "c/date={{day}}/", "3:9 consents[0].path: {{day}} is no date: use {{date}} or {{yesterday}}"},
		{"consents.parquet", `"c/date={{date"`, "3:9 consents[0].path: {{date}} is no date: use {{date}} or {{yesterday}}"},
		{"consents.parquet", "s3://bucket/consents", "3:9 consents[0].path: this version of optout knows no s3://, only files and directories"},
		{consents, "  key: identityMap\nsend", "4:8 consents[0].key: missing: the namespace, as in identityMap.ECID"},
		{consents, "  key: identityMap.Email\n  match: email\nsend", "5:10 consents[0].match: an identityMap key says itself what it is"},
		{consents, "  key: profile_id\n  match: name\nsend", `5:10 consents[0].match: "name" is none of profile, email, phone`},
		{consents, "  key: profile_id\n  max_age: 26h\nsend", "5:12 consents[0].max_age: needs as_of: without it nothing says how old the snapshot is"},
		{consents, "  key: profile_id\n  as_of: folder\nsend", `5:10 consents[0].as_of: "folder" is none of path, column:NAME, metadata:KEY and a timestamp`},
		{consents, "  key: profile_id\n  as_of: 'column:'\nsend", `5:10 consents[0].as_of: "column:" is none of path, column:NAME, metadata:KEY and a timestamp`},
		{consents, "  key: profile_id\n  layout: flat\nsend", `5:11 consents[0].layout: "flat" is none of xdm, columns`},
		{consents, "  key: profile_id\n  layout: colums\nsend", `5:11 consents[0].layout: "colums" is none of xdm, columns; did you mean columns?`},
		{consents, "  key: profile_id\n  layout: columns\nsend", `3:3 consents[0].columns: missing: layout columns needs the column of each consent field, as in marketing.email.val: email_opt_in
9:14 send_lists[0].channel: no consents have the field marketing.email.val: map it under columns`},
		{consents, strings.Replace(flat, "marketing.email.val: opted_in", "marketing.email.val: ''", 1), `6:34 consents[0].columns.marketing.email.val: missing: the name of the column
10:14 send_lists[0].channel: no consents have the field marketing.email.val: map it under columns`},
		{consents, strings.Replace(flat, "opted_in}", "opted_in, email: x}", 1), `6:51 consents[0].columns.email: "email" is no consent field: write it as in marketing.email.val, marketing.any.time, share.val or metadata.time`},
		{consents, strings.Replace(flat, "opted_in}", "opted_in, marketing.anny.val: x}", 1), "6:64 consents[0].columns.marketing.anny.val: no list is judged by marketing.anny.val; did you mean marketing.any.val?"},
		{consents, strings.Replace(flat, "opted_in}", "opted_in, consents.share.val: x}", 1), "6:64 consents[0].columns.consents.share.val: no list is judged by consents.share.val"},
		{consents, strings.Replace(flat, "opted_in}", "opted_in, marketing.sms.time: x}", 1), "6:64 consents[0].columns.marketing.sms.time: a time without marketing.sms.val"},
		{consents, strings.Replace(flat, "}\n", "}\n  values: {yes: yes}\n", 1), `7:17 consents[0].values.yes: "yes" is no choice value; use one of y n dy dn p u LI CT CP VI PI`},
		{end, end + "profiles: {path: p.parquet, key: id, match: email, email: mail}\n", "15:34 profiles.key: is email, so the profiles have no ids and their email and phone columns serve nothing: leave them out"},

		// Send lists.
		{"    path: vip.parquet\n", "", "6:5 send_lists[0].path: missing: a file, directory or glob pattern"},
		{"channel: email", "channel: e-mail", `8:14 send_lists[0].channel: "e-mail" is none of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, and no consents map marketing.e-mail.val; did you mean email?`},
		{"channel: email", "channel: in_app", `8:14 send_lists[0].channel: "in_app" is none of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, and no consents map marketing.in_app.val`},
		{"channel: email", "channel: direct_mail", "10:14 send_lists[0].address: channel direct_mail has no addresses"},
		{list, "", "6:5 send_lists[0].address: missing: the column with the email that the messages go to"},
		{"    profile: profile_id\n", "", "6:5 send_lists[0].profile: consents[0] are by profile id, so this list cannot be matched with them"},
		{"channel: email\n    profile: profile_id\n    address: email\n", "channel: direct_mail\n", "6:5 send_lists[0].profile: missing: the list needs a column with the profile id, or one with the address"},
		{list, list + "    category: promo\n", `11:15 send_lists[0].category: "promo" is none of marketing, transactional`},
		{list, list + "    drop_duplicates: yes\n", `11:22 send_lists[0].drop_duplicates: "yes" is neither true nor false`},
		{list, list + "    drop_duplicates: \"true\"\n", `11:22 send_lists[0].drop_duplicates: "true" is a text; write it without quotes`},
		{list, list + "    requires: [modelling]\n", "11:16 send_lists[0].requires[0]: no consents have the field modelling.val: map it under columns"},
		{list, list + "    requires: ['', share]\n", `11:16 send_lists[0].requires[0]: "" is no purpose: write it as in share or collect`},
		{list, list + "    personalization: {fallback: {a: b}}\n", `11:22 send_lists[0].personalization.columns: missing: the columns of the list that hold personal content
11:37 send_lists[0].personalization.fallback.a: "a" is not among the columns`},
		{list, list + "    personalization: {columns: [name], fallback: {nmae: b}}\n", `11:57 send_lists[0].personalization.fallback.nmae: "nmae" is not among the columns; did you mean name?`},
		{"channel: email", "channel: commercial_email\n    subscription: weekly", "9:19 send_lists[0].subscription: the consent schema has no subscriptions on channel commercial_email"},
		{"    path: vip.parquet\n    channel: email\n    profile: profile_id\n    address: email\n", "    path: vip.parquet\n", `6:5 send_lists[0].channel: missing: one of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, or one that the consents map
6:5 send_lists[0].profile: missing: the list needs a column with the profile id, or one with the address`},

		// Policy.
		{"  propagate_by_address: false\n", "  default_region: FR\n", "12:3 policy.propagate_by_address: is on by default and needs to know the addresses of all profiles, or an opt-out of another profile with an address of send_lists[0] would be missed: name the column as profiles.email, or set this to false"},
		{policy, policy + "  default_region: France\n", `12:19 policy.default_region: "France" is no country code of two letters`},
		{policy, policy + "  require_profile: true\n", "12:20 policy.require_profile: the job has no profiles"},
		{policy, policy + "  channels: {emial: {mode: opt_in}}\n", `12:21 policy.channels.emial: "emial" is no channel; did you mean email?`},
		{policy, policy + "  channels: {email: {mode: optin}}\n", `12:28 policy.channels.email.mode: "optin" is none of opt_in, opt_out; did you mean opt_in?`},
		{policy, policy + "  channels: {email: {default: none}}\n", `12:31 policy.channels.email.default: "none" is no choice value; use one of y n dy dn p u LI CT CP VI PI`},
		{policy, policy + "  channels: {email: {accept_basis: [LI, y]}}\n", "12:41 policy.channels.email.accept_basis[1]: y is no legal basis; use LI, CT, CP, VI or PI"},
		{policy, policy + "  default: {accept_basis: [n]}\n", "12:28 policy.default.accept_basis[0]: n is no legal basis; use LI, CT, CP, VI or PI"},
		{policy, policy + "  valid_for: {mail: 30d}\n", `12:21 policy.valid_for.mail: "mail" is no channel; did you mean email?`},
		{policy, policy + "  valid_for: {email: 30}\n", `12:22 policy.valid_for.email: "30" is no duration; write it as in 26h, 90m or 31d`},
		{policy, policy + "  jurisdictions: [{countries: [FR]}]\n", "12:18 policy.jurisdictions: need the country column of the profiles, or they apply to nobody"},
		{policy, policy + "  jurisdictions: [{}]\n", `12:18 policy.jurisdictions: need the country column of the profiles, or they apply to nobody
12:19 policy.jurisdictions[0].countries: missing: the countries that it is for`},
		{policy, policy + "  duplicates: newest\n", `12:15 policy.duplicates: "newest" is none of most_restrictive, latest`},
		{policy, policy + "  personalization: {gate: open}\n", `12:27 policy.personalization.gate: "open" is none of opt_in, opt_out`},

		// Gates and output.
		{end, end + "gates: {max_shrink: 0.2}\n", `15:21 gates.max_shrink: "0.2" is no share; write it as in 1.5%, from 0% to 100%`},
		{end, end + "gates: {max_invalid: 101%}\n", `15:22 gates.max_invalid: "101%" is no share; write it as in 1.5%, from 0% to 100%`},
		{end, end + "gates: {require_opt_outs: n}\n", `15:27 gates.require_opt_outs: "n" is neither true nor false`},
		{"output:\n" + end, "", "1:1 output.path: missing: the directory that runs are published in"},
		{end, "  ledger: all\n", "14:3 output.path: missing: the directory that runs are published in"},
		{"path: out", "path: out/{{date}}", "14:9 output.path: takes no date: each run is published in a folder of its own date"},
		{"path: out", "path: gs://bucket/out", "14:9 output.path: this version of optout knows no gs://, only files and directories"},
		{end, end + "  ledger: none\n", `15:11 output.ledger: "none" is none of not_kept, all`},
		{end, end + "  compression: gzip\n", `15:16 output.compression: "gzip" is none of zstd, snappy, none`},
		{end, end + "  input_digests: md5\n", `15:18 output.input_digests: "md5" is none of sha256, none`},
		{end, end + "  file_mode: 1777\n", `15:14 output.file_mode: "1777" is no mode that lets its owner read; write it as in "0640"`},
		{end, end + "  dir_mode: '0600'\n", `15:13 output.dir_mode: "0600" is no mode that lets its owner read, write and enter; write it as in "0750"`},
	} {
		text := with(t, c.old, c.new)
		want := strings.Split(c.want, "\n")
		if c.want == "" {
			want = nil
		}
		checkMistakes(t, text, want...)
	}
}

// TestAllMistakesAtOnce makes sure that none hides another, and that they come
// in the order of the file however the maps in it are walked.
func TestAllMistakesAtOnce(t *testing.T) {
	const text = `job: A
consents: &c
  path: consents.parquet
  max_age: 1
send_lists:
  - {name: b, path: b.parquet, channel: pigeon, profile: p}
policy:
  channels: {a: &x {mode: in}, b: *x, c: *x, d: *x}
gates:
  max_invalid: lots
`
	want := found(t, text)
	for range 20 {
		checkMistakes(t, text, want...)
	}
	checkMistakes(t, text,
		"1:1 output.path: missing: the directory that runs are published in",
		`1:6 job: "A" is no name: use up to 100 lower-case letters, digits and hyphens`,
		`2:11 consents[0].key: missing: the column with the profile id, or identityMap.NAMESPACE`,
		`4:12 consents[0].max_age: "1" is no duration; write it as in 26h, 90m or 31d`,
		`6:41 send_lists[0].channel: "pigeon" is none of email, commercial_email, sms, whatsapp, call, fax, push, direct_mail, and no consents map marketing.pigeon.val`,
		`8:17 policy.channels.a: "a" is no channel`,
		`8:17 policy.channels.b: "b" is no channel`,
		`8:17 policy.channels.c: "c" is no channel`,
		`8:17 policy.channels.d: "d" is no channel`,
		`8:27 policy.channels.a.mode: "in" is none of opt_in, opt_out`,
		`8:27 policy.channels.b.mode: "in" is none of opt_in, opt_out`,
		`8:27 policy.channels.c.mode: "in" is none of opt_in, opt_out`,
		`8:27 policy.channels.d.mode: "in" is none of opt_in, opt_out`,
		`10:16 gates.max_invalid: "lots" is no share; write it as in 1.5%, from 0% to 100%`,
	)
}

// TestMistakeText is what people see.
func TestMistakeText(t *testing.T) {
	_, err := load(with(t, "job: nightly", "# Überschrift\n\r\njob: nightly\ngates:\n\tx", "consents:", "y\nconsents:"))
	if err == nil {
		t.Fatal("no mistake was found")
	}
	const tab = "job.yaml:5:1: not YAML: a tab cannot indent; use blanks\n" +
		"     5 | \tx\n" +
		"       | ^"
	if got := err.Error(); got != tab {
		t.Errorf("got\n%s\nwant\n%s", got, tab)
	}

	_, err = load(with(t, "job: nightly", "{\"jöb\"\t: ü,\t\"schedule\": 9}", sound[len("job: nightly\n"):], ""))
	const wide = "job.yaml:1:2: jöb: unknown key\n" +
		"     1 | {\"jöb\"\t: ü,\t\"schedule\": 9}\n" +
		"       |  ^\n"
	if got := err.Error(); !strings.Contains(got, wide) {
		t.Errorf("got\n%s\nwant in it\n%s", got, wide)
	}
	const caret = "job.yaml:1:25: schedule: \"9\" has not five fields: minute, hour, day of the month, month, day of the week\n" +
		"     1 | {\"jöb\"\t: ü,\t\"schedule\": 9}\n" +
		"       |       \t    \t            ^"
	if got := err.Error(); !strings.Contains(got, caret) {
		t.Errorf("got\n%s\nwant in it\n%s", got, caret)
	}

	_, err = load("{x: " + strings.Repeat("a", 500) + ", job: A, y: " + strings.Repeat("b", 500) + "}")
	long := "     1 | …" + strings.Repeat("a", 53) + ", job: A, y: " + strings.Repeat("b", 94) + "…\n" +
		"       | " + strings.Repeat(" ", 61) + "^"
	if got := err.Error(); !strings.Contains(got, long) {
		t.Errorf("got\n%s\nwant in it\n%s", got, long)
	}
}

// TestAliases lets an alias stand for a whole value, also for a list of one.
func TestAliases(t *testing.T) {
	j := mustLoad(t, `job: nightly
policy: {propagate_by_address: false, channels: {email: &in {mode: opt_in}, sms: *in}}
consents: &c {path: consents.parquet, key: profile_id}
send_lists:
  - &l {name: vip, path: vip.parquet, channel: email, profile: profile_id, address: email}
output: {path: out}
`)
	if m := j.Policy.Channels["sms"].Mode; m == nil || *m != "opt_in" {
		t.Errorf("the alias gave mode %v", m)
	}
	j = mustLoad(t, strings.Replace(sound, "consents:\n", "consents: &c\n", 1)+"profiles: {path: p, key: id}\n")
	if len(j.Consents) != 1 {
		t.Errorf("got %d consents, want 1", len(j.Consents))
	}
	both := "a: &c {path: c, key: id}\nconsents: *c\n"
	if got := found(t, both); !strings.Contains(strings.Join(got, "\n"), "1:1 a: unknown key") || strings.Contains(strings.Join(got, "\n"), " consents") {
		t.Errorf("an alias for a list of one: got %q", got)
	}
}
