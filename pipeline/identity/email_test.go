package identity

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// domainPathsAgree reports whether a domain in ASCII gets the same answer with
// IDNA and on the path without it.
func domainPathsAgree(n *Normalizer, domain string) bool {
	if len(domain) > maxText || !isASCII([]byte(domain)) || hasPunycode([]byte(domain)) {
		return true
	}
	quick, quickOK := n.appendDomain([]byte("@"), []byte(domain))
	ascii, err := n.domains.ToASCII(domain)
	slow, slowOK := n.labels.appendLower([]byte("@"), []byte(ascii))
	if slowOK = slowOK && err == nil; slowOK {
		slow, slowOK = checkLabels([]byte("@"), slow)
	}
	return quickOK == slowOK && (!quickOK || bytes.Equal(quick, slow))
}

func TestDomainPathsAgree(t *testing.T) {
	n := newTestNormalizer(t, "")
	label := rapid.StringMatching(`[a-zA-Z0-9_-]{0,5}|r3---sn|[a-z]{62,64}| `)
	rapid.Check(t, func(t *rapid.T) {
		domain := strings.Join(rapid.SliceOfN(label, 1, 6).Draw(t, "labels"), ".")
		if !domainPathsAgree(n, domain) {
			t.Fatalf("domain %q: IDNA says something else", domain)
		}
	})
}

// White space, case, invisible characters and decomposition do not make
// another person.
func TestEmailNoise(t *testing.T) {
	n := newTestNormalizer(t, "")
	noise := rapid.SampledFrom([]string{"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202b", "\u2069"})
	outer := rapid.SampledFrom([]string{"", " ", "\t", "\r\n", "\u00a0", "\u3000"})
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[a-z0-9é]([a-z0-9.+éß_-]{0,10}[a-z0-9é])?`).Draw(t, "local")
		domain := rapid.StringMatching(`[a-z0-9é]{1,10}\.[a-z]{2,5}`).Draw(t, "domain")
		plain := local + "@" + domain
		cut := rapid.IntRange(0, len(local)).Filter(func(i int) bool {
			return i == len(local) || local[i]&0xC0 != 0x80
		}).Draw(t, "cut")
		noisy := plain[:cut] + noise.Draw(t, "noise") + plain[cut:]
		if rapid.Bool().Draw(t, "upper") {
			noisy = strings.ToUpper(noisy)
		}
		noisy = strings.ReplaceAll(noisy, "é", rapid.SampledFrom([]string{"é", "e\u0301", "É", "E\u0301"}).Draw(t, "e"))
		noisy = outer.Draw(t, "before") + noisy + outer.Draw(t, "after")

		want, status := n.AppendAddress(nil, Email, []byte(plain))
		if status != Valid {
			t.Fatalf("%q is %s, want valid", plain, status)
		}
		got, status := n.AppendAddress(nil, Email, []byte(noisy))
		if status != Valid || !bytes.Equal(got, want) {
			t.Fatalf("%q is %q (%s), want %q like %q", noisy, got, status, want, plain)
		}
	})
}

func FuzzEmail(f *testing.F) {
	for _, row := range readTable(f, "same.tsv", "kind", "region", "a", "b", "note") {
		if row[0] == "email" {
			f.Add(row[2])
		}
	}
	for _, row := range readTable(f, "malformed.tsv", "kind", "region", "value", "want", "note") {
		if row[0] == "email" {
			f.Add(row[2])
		}
	}
	n := newTestNormalizer(f, "")
	f.Fuzz(func(t *testing.T, raw string) {
		form, status := normalise(t, n, Email, raw)
		if _, domain, _ := strings.Cut(raw, "@"); !domainPathsAgree(n, domain) {
			t.Errorf("%q: IDNA says something else about the domain", raw)
		}
		if status != Valid {
			return
		}
		local, domain, ok := strings.Cut(form, "@")
		if !ok || local == "" || !isASCII([]byte(domain)) || !strings.Contains(domain, ".") || len(form) > maxEmail {
			t.Errorf("%q: normal form %q is no address", raw, form)
		}
	})
}
