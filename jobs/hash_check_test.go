package jobs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"optout/jobs/history"
)

// TestHashCheck: a test entry is believed only where both sides make the same of
// its value.
func TestHashCheck(t *testing.T) {
	const (
		email  = "e153509271c7c6a06a11823fce8a8da6fb95cc3da0e2edc78707af9e2fdb7ba4" // of ann@mail.example
		md5    = "4da7a16237e0856bf3b286dd3f43a9fb"
		digits = "0ac07ea8c3208d8c5864f59b69ff83441a02d4365124a262156ac68193416ac2" // of 33639980001
	)
	const differs = "normalised in another way"
	for _, c := range []struct{ keys, want string }{
		{"match: email, hash: sha256, hash_check: {value: ann@mail.example, digest: " + email + "}", ""},
		{"match: email, hash: sha256, hash_check: {value: ' Ann@MAIL.example', digest: " + strings.ToUpper(email) + "}", ""},
		{"match: email, hash: md5, hash_check: {value: ann@mail.example, digest: " + md5 + "}", ""},
		{"match: phone, hash: sha256, hash_of: digits, hash_check: {value: 06 39 98 00 01, digest: " + digits + "}", ""},
		{"match: phone, hash: sha256, hash_check: {value: 06 39 98 00 01, digest: " + digits + "}", differs},
		{"match: email, hash: sha256, hash_check: {value: bob@mail.example, digest: " + email + "}", differs},
		{"match: profile, hash: sha256, hash_check: {value: Ann@mail.example, digest: " + email + "}", differs},
		{"match: profile, hash: sha256, hash_check: {value: ann@mail.example, digest: " + email + "}", ""},
		{"match: domain, hash: sha256, hash_check: {value: '@Mail.example', digest: " + email + "}", differs},
		{"match: email, hash: md5, hash_check: {value: ann@mail.example, digest: " + email + "}", "is no digest of md5 in hexadecimal"},
		{"match: email, hash: sha256, hash_check: {value: ann@mail.example, digest: not one}", "is no digest of sha256 in hexadecimal"},
		{"match: email, hash: sha256, hash_check: {value: nobody, digest: " + email + "}", "cannot be checked: the value is no email"},
	} {
		_, err := load(with(t, "policy:\n", "  - {name: sms, path: b, channel: sms, profile: p, address: q}\npolicy:\n  default_region: FR\n",
			"  path: out\n", "  path: out\nsuppressions:\n  - {name: a, path: a, column: c, "+c.keys+"}\n"))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got error %v, want %q", c.keys, err, c.want)
		}
	}
}

// TestCheckKeys: the key of HMACs comes from the environment, and the test entry
// is held against it before anything is read.
func TestCheckKeys(t *testing.T) {
	mac := hmac.New(sha256.New, []byte("their key"))
	mac.Write([]byte("ann@mail.example"))
	j := mustLoad(t, with(t, "  path: out\n", "  path: out\nsuppressions:\n  - {name: a, path: a, column: c, match: email, hash: hmac-sha256, hash_key_env: THEIRS,\n"+
		"     hash_check: {value: ann@mail.example, digest: "+hex.EncodeToString(mac.Sum(nil))+"}}\n"))
	for _, c := range []struct{ key, want string }{
		{"their key", ""},
		{"", "suppressions[0].hash_key_env: the environment variable THEIRS is empty or not set"},
		{"another key", "job.yaml:17:52: suppressions[0].hash_check.digest: is not what hmac-sha256 makes of the value"},
	} {
		err := j.checkKeys(func(name string) ([]byte, bool) { return []byte(c.key), name == "THEIRS" && c.key != "" })
		var mistakes Mistakes
		var usage *UsageError
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !errors.As(err, &mistakes) && !errors.As(err, &usage)) {
			t.Errorf("key %q: got error %v, want %q", c.key, err, c.want)
		}
	}
	if err := j.checkKeys(nil); err == nil {
		t.Error("without an environment: got no error")
	}
}

// TestMissingKey: a command that lacks a key touches nothing, a run that nobody
// watches leaves in the history why there was none.
func TestMissingKey(t *testing.T) {
	for by, attempts := range map[history.Starter]int{history.ByHand: 0, history.BySchedule: 1} {
		p := newPlace(t)
		p.write("job.yaml", strings.Replace(sound, "policy:", "suppressions: [{name: a, path: vip.parquet, column: email, match: email, hash: hmac-sha256, hash_key_env: THEIRS}]\npolicy:", 1))
		_, err := p.run(t.Context(), func(o *Options) { o.By = by })
		var usage *UsageError
		if !errors.As(err, &usage) {
			t.Errorf("started by %s: got error %v, want a usage error", by, err)
		}
		found, err := history.Read(filepath.Join(p.dir, "out", "nightly"))
		if err != nil || len(found) != attempts {
			t.Errorf("started by %s: the history has %d attempts and error %v, want %d", by, len(found), err, attempts)
		}
		for _, a := range found {
			if a.Status != history.Failed || !strings.Contains(a.Error, "THEIRS") {
				t.Errorf("started by %s: the history says %s: %s", by, a.Status, a.Error)
			}
		}
	}
}
