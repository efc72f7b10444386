package jobs

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// digestsOf is a list of so many hashed addresses of nobody, and of those named.
func digestsOf(n int, addresses ...string) string {
	var b strings.Builder
	b.WriteString("digest:string\n")
	for _, a := range addresses {
		fmt.Fprintf(&b, "%x\n", sha256.Sum256([]byte(a)))
	}
	for i := range n - len(addresses) {
		fmt.Fprintf(&b, "%x\n", sha256.Sum256(fmt.Appendf(nil, "nobody-%d@mail.example", i)))
	}
	return b.String()
}

// TestGatesOfEntries reads each gate on what a list holds, on either side of its
// limit.
func TestGatesOfEntries(t *testing.T) {
	const hashed = "hash: sha256, match: email, column: digest"
	plain := func(valid, malformed int) string {
		return "email:string\n" + strings.Repeat("somebody@mail.example\n", valid) + strings.Repeat("nobody\n", malformed)
	}
	const emptyVIP = "profile_id:string  email:string\n"
	for name, c := range map[string]struct {
		section, keys, table, vip, want string
	}{
		"a hundred, one malformed":     {"suppressions", "match: email, column: email", plain(99, 1), someList, ""},
		"a hundred, two malformed":     {"suppressions", "match: email, column: email", plain(98, 2), someList, "gate max_malformed: a: 2 of 100 entries malformed, the first in row 98 of a.parquet (2%), limit 1%"},
		"malformed registry":           {"registries", "version_date: 2026-11-01, match: email, column: email", plain(9, 1), someList, "gate max_malformed: a: 1 of 10 entries malformed, the first in row 9 of a.parquet (10%)"},
		"malformed allowed":            {"allowed", "match: email, column: email", plain(9, 1), someList, "gate max_malformed: a: "},
		"nobody on a suppression list": {"suppressions", "match: email, column: email", plain(0, 0), someList, "gate empty_list: a: 0 rows, limit at least 1"},
		"nobody on a registry":         {"registries", "version_date: 2026-11-01, match: email, column: email", plain(0, 0), someList, "gate empty_list: a: 0 rows"},
		"nobody erased":                {"erased", "match: email, column: email, hash: none", plain(0, 0), someList, "gate empty_list: a: 0 rows"},
		"nobody allowed":               {"allowed", "match: email, column: email", plain(0, 0), someList, ""},
		"a long list, no hit":          {"suppressions", hashed, digestsOf(10_000), someList, "gate require_hits: a: 0 of 10,000 entries name a planned recipient, limit at least 1"},
		"a long list, a hit":           {"suppressions", hashed, digestsOf(10_000, "a@mail.example"), someList, ""},
		"a shorter list, no hit":       {"suppressions", hashed, digestsOf(9_999), someList, ""},
		"a long list, nobody planned":  {"suppressions", hashed, digestsOf(10_000), emptyVIP, ""},
		"a long list of who is erased": {"erased", hashed, digestsOf(10_000), someList, "gate require_hits: a: "},
		"another length":               {"suppressions", hashed, digestsOf(200) + "abcd\n", someList, "gate digest: a: 1 of 201 entries have not the 64 hexadecimal digits of sha256, the first malformed one in row 200 of a.parquet, limit none"},
		"no digits":                    {"suppressions", hashed, digestsOf(200) + strings.Repeat("g", 64) + "\n", someList, ""},
	} {
		p := newPlace(t)
		p.write("job.yaml", strings.Replace(sound, "policy:", c.section+": [{name: a, path: a.parquet, "+c.keys+"}]\npolicy:", 1))
		p.table("a.parquet", c.table, 0)
		p.table("vip.parquet", c.vip, 0)
		_, err := p.run(t.Context(), nil)
		var refusal *Refusal
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got error %v, want %q", name, err, c.want)
		}
	}
}
