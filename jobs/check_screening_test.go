package jobs

import (
	"strings"
	"testing"
)

// TestScreeningMistakes has every mistake that lists of addresses and people can
// have, with its place.
func TestScreeningMistakes(t *testing.T) {
	const end = "  path: out\n"
	list := func(section, keys string) string { return end + section + ":\n  - {" + keys + "}\n" }
	for _, c := range []struct{ new, want string }{
		// What needs no more.
		{list("suppressions", "name: ajo, path: a"), ""},
		{list("suppressions", "name: ajo, path: a, scope: marketing, status: {column: s}"), ""},
		{list("suppressions", "name: a, path: a, match: domain, column: c, include_subdomains: true, category: hard"), ""},
		{list("suppressions", "name: a, path: a, match: profile, column: c, category: {column: d}"), ""},
		{list("allowed", "path: a, match: email, column: c") + "  - {path: b, match: profile, column: c}\n", ""},
		{end + "allowed: {path: a, match: email, column: c}\n", ""},
		{list("registries", "name: a, path: a, match: email, column: c, version_date: path, exemptions: {path: b, match: profile, column: c}"), ""},
		{list("erased", "path: a, match: profile, column: c, hash: none"), ""},

		// Names.
		{list("suppressions", "path: a, match: email, column: c"), "16:5 suppressions[0].name: missing: a name of lower-case letters, digits and hyphens"},
		{list("suppressions", "name: A, path: a, match: email, column: c"), `16:12 suppressions[0].name: "A" is no name: use up to 100 lower-case letters, digits and hyphens`},
		{list("suppressions", "name: vip, path: a, match: email, column: c"), `16:12 suppressions[0].name: another input of the job is called "vip"`},
		{list("suppressions", "name: consents, path: a, match: email, column: c"), `16:12 suppressions[0].name: another input of the job is called "consents"`},
		{list("suppressions", "name: a, path: a, match: email, column: c") + "allowed: {name: a, path: a, match: email, column: c}\n", `16:12 suppressions[0].name: another input of the job is called "a"
17:17 allowed[0].name: another input of the job is called "a"`},
		{list("suppressions", "name: allowed, path: a, match: email, column: c") + "allowed: {path: a, match: email, column: c}\n", `16:12 suppressions[0].name: another input of the job is called "allowed"
17:10 allowed[0].name: another input of the job is called "allowed"`},

		// Entries.
		{list("suppressions", "name: a, match: email, column: c"), "16:5 suppressions[0].path: missing: a file, directory or glob pattern"},
		{list("suppressions", "name: a, path: 's3://a', match: email, column: c"), "16:21 suppressions[0].path: this version of optout knows no s3://, only files and directories"},
		{list("suppressions", "name: a, path: a, match: email"), "16:5 suppressions[0].column: missing: the column with the entries"},
		{list("suppressions", "name: a, path: a, column: c"), "16:5 suppressions[0].match: missing: what the entries are: one of email, domain, phone, profile, device, or {column: NAME}"},
		{list("suppressions", "name: a, path: a, match: mail, column: c"), `16:31 suppressions[0].match: "mail" is none of email, domain, phone, profile, device; did you mean email?`},
		{list("suppressions", "name: a, path: a, match: [email], column: c"), "16:31 suppressions[0].match: expected keys with values, found a list"},
		{list("suppressions", "name: a, path: a, match: {}, column: c"), "16:31 suppressions[0].match: missing: what the entries are: one of email, domain, phone, profile, device, or {column: NAME}"},
		{list("suppressions", "name: a, path: a, match: phone, column: c"), "16:31 suppressions[0].match: no send list of the job has what these entries are, so they can name nobody"},
		{list("suppressions", "name: a, path: a, match: device, column: c"), "16:31 suppressions[0].match: no send list of the job has what these entries are, so they can name nobody"},
		{list("suppressions", "name: a, path: a, match: email, column: c, max_age: 1d"), "16:58 suppressions[0].max_age: needs as_of: without it nothing says how old the list is"},
		{list("suppressions", "name: a, path: a, match: email, column: c, include_subdomains: true"), "16:69 suppressions[0].include_subdomains: is for entries that are domains"},
		{list("suppressions", "name: a, path: a, match: email, column: c, status: {}"), "16:57 suppressions[0].status.column: missing: the column with the status"},
		{list("suppressions", "name: a, path: a, match: email, column: c, category: bounce"), `16:59 suppressions[0].category: "bounce" is none of hard, soft, manual, spam_complaint`},
		{list("suppressions", "name: a, path: a, match: email, column: c, plus_tags: true, hash: md5"), "16:60 suppressions[0].plus_tags: needs clear addresses: what differs before it is hashed has nothing in common after"},
		{list("suppressions", "name: a, path: a, match: domain, column: c, gmail_dots: true"), "16:62 suppressions[0].gmail_dots: is for entries that are email addresses"},

		{list("suppressions", "name: a, path: a, match: email, column: c, region: US"), "16:57 suppressions[0].region: is for entries that are phone numbers"},
		{list("suppressions", "name: a, path: a, match: {column: d}, column: c, region: USA"), `16:63 suppressions[0].region: "USA" is no country code of two letters`},

		// Hashes.
		{list("suppressions", "name: a, path: a, match: email, column: c, hash: sha1"), `16:55 suppressions[0].hash: "sha1" is none of none, sha256, md5, hmac-sha256`},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash: hmac-sha256"), "16:5 suppressions[0].hash_key_env: missing: the environment variable with the key of hmac-sha256"},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash_key_env: K"), "16:63 suppressions[0].hash_key_env: is for hash: hmac-sha256"},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash: md5, hash_of: digits"), "16:69 suppressions[0].hash_of: digits are those of hashed phone numbers"},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash_check: {value: b, digest: c}"), "16:61 suppressions[0].hash_check: is for hashed lists: name the hash"},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash: md5, hash_check: {digest: c}"), "16:72 suppressions[0].hash_check.value: missing: the address or id that was hashed"},
		{list("suppressions", "name: a, path: a, match: email, column: c, hash: md5, hash_check: {value: c}"), "16:72 suppressions[0].hash_check.digest: missing: what the maker of the list makes of the value"},
		{list("suppressions", "name: a, path: a, match: {column: t}, column: c, hash: md5, hash_check: {value: a, digest: c}"), "16:78 suppressions[0].hash_check: needs a list whose entries are of one kind"},

		// Registries, tombstones, blocks, allowed lists.
		{list("registries", "name: a, path: a, match: email, column: c"), "16:5 registries[0].version_date: missing: when this version of the registry was made: a date, path or column:NAME"},
		{list("registries", "name: a, path: a, match: email, column: c, version_date: soon"), `16:63 registries[0].version_date: "soon" is none of path, column:NAME, metadata:KEY and a timestamp`},
		{list("registries", "name: a, path: a, match: email, column: c, version_date: path, exemptions: {path: b}"), `16:81 registries[0].exemptions[0].column: missing: the column with the entries
16:81 registries[0].exemptions[0].match: missing: what the entries are: one of email, domain, phone, profile, device, or {column: NAME}`},
		{list("erased", "path: a, match: profile, column: c"), "16:5 erased[0].hash: missing: how the tombstones are hashed: none, sha256, md5, hmac-sha256"},
		{list("erased", "path: a, match: domain, column: c, hash: md5"), `16:22 erased[0].match: domain cannot be erased; use profile, email or phone`},
		{list("erased", "path: a, match: phone, column: c, hash: md5"), `6:5 send_lists[0]: no list of the erased can name its recipients, so nobody could see who of it is erased
16:22 erased[0].match: no send list of the job has what these entries are, so they can name nobody`},
		{list("erased", "path: a, match: {column: d}, column: c, hash: md5"), "16:22 erased[0].match: tombstones are of one kind: profile, email or phone"},
		{list("provider_blocks", "name: a, path: a, column: c, sender: s"), "16:5 provider_blocks[0].match: no send list of the job has what these entries are, so they can name nobody"},
		{list("provider_blocks", "name: a, path: a, column: c, match: email"), `16:5 provider_blocks[0].sender: missing: the column with the sender that an entry binds
16:42 provider_blocks[0].match: a provider blocks phone numbers; leave it out, or write phone`},
		{list("allowed", "path: a, match: phone, column: c"), `6:5 send_lists[0]: no allowed list can name its recipients, so everybody would be dropped as not_allowed
16:22 allowed[0].match: no send list of the job has what these entries are, so they can name nobody`},
		{end + "allowed: []\n", "15:10 allowed: names no list: leave it out where everybody may be contacted"},
	} {
		var want []string
		if c.want != "" {
			want = strings.Split(c.want, "\n")
		}
		checkMistakes(t, with(t, end, c.new), want...)
	}
}
