package identity

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// slowPhone is the specification of the fast path: the library alone decides,
// again and again until nothing changes.
func slowPhone(n *Normalizer, plus string) (string, bool) {
	for range 4 {
		next, ok := n.parse(nil, plus, "ZZ")
		if !ok {
			return "", false
		}
		if string(next) == plus {
			return plus, true
		}
		plus = string(next)
	}
	return "", false
}

func fastPhoneAgrees(t reporter, n *Normalizer, plus string) {
	t.Helper()
	quick, ok := n.appendPlain(nil, []byte(plus))
	if !ok {
		return
	}
	if slow, ok := slowPhone(n, plus); !ok || slow != string(quick) {
		t.Errorf("%q: got %q, the library says %q (%v)", plus, quick, slow, ok)
	}
}

// Every way to write the example numbers of every country reaches one person,
// and one that the fast path knows too.
func TestWrittenForms(t *testing.T) {
	types := []phonenumbers.PhoneNumberType{
		phonenumbers.MOBILE, phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE, phonenumbers.VOIP,
	}
	checked := 0
	for region := range phonenumbers.GetSupportedRegions() {
		n := newTestNormalizer(t, region)
		for _, typ := range types {
			number := phonenumbers.GetExampleNumberForType(region, typ)
			if number == nil {
				continue
			}
			checked++
			e164 := phonenumbers.Format(number, phonenumbers.E164)
			want, status := normalise(t, n, Phone, e164)
			if status != Valid {
				t.Errorf("%s: example %q is %s", region, e164, status)
			}
			fastPhoneAgrees(t, n, e164)
			national := phonenumbers.Format(number, phonenumbers.NATIONAL)
			if region == "AR" && typ == phonenumbers.MOBILE {
				// The library writes "09 15-2345-6789" and loses the area code.
				national = "011 15-2345-6789"
			}
			for _, form := range []string{
				"00" + e164[1:],
				national,
				phonenumbers.Format(number, phonenumbers.INTERNATIONAL),
				phonenumbers.Format(number, phonenumbers.RFC3966),
				phonenumbers.FormatOutOfCountryCallingNumber(number, "FR"),
			} {
				got, status := normalise(t, n, Phone, form)
				if status != Valid || got != want {
					t.Errorf("%s: %q is %q (%s), want %q like %q", region, form, got, status, want, e164)
				}
			}
		}
	}
	if checked < 600 {
		t.Errorf("checked %d example numbers, want at least 600", checked)
	}
}

func TestPhonePathsAgree(t *testing.T) {
	n := newTestNormalizer(t, "")
	codes := make([]int, 0, 256)
	for code := range n.plans {
		if n.plans[code].lengths != 0 {
			codes = append(codes, code)
		}
	}
	if want := len(phonenumbers.GetSupportedCallingCodes()); len(codes) != want {
		t.Fatalf("%d calling codes have a plan, want all %d", len(codes), want)
	}
	// What begins like a national prefix is where the paths could part.
	for _, code := range codes {
		for start := range 100 {
			for digits := 4; digits <= 12; digits++ {
				if !n.plans[code].possible(digits) {
					continue
				}
				national := fmt.Sprintf("%02d%s", start, "3456789012"[:digits-2])
				fastPhoneAgrees(t, n, string(appendCode([]byte{'+'}, code))+national)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		plus := string(appendCode([]byte{'+'}, rapid.SampledFrom(codes).Draw(t, "code")))
		plus += rapid.StringMatching(`[0-9]{4,13}`).Draw(t, "national")
		fastPhoneAgrees(t, n, plus)
	})
}

// Whatever the digits: a normal form is its own (normalise checks that), 00 is
// +, and marks between digits change nothing.
func TestPhoneLaws(t *testing.T) {
	normalizers := map[string]*Normalizer{}
	regions := []string{"", "FR", "US", "AU", "BR", "MX", "AR", "IT", "DE", "KR", "BS", "RU", "CN", "HU", "CI"}
	for _, region := range regions {
		normalizers[region] = newTestNormalizer(t, region)
	}
	prefix := rapid.SampledFrom([]string{"", "0", "00", "011", "0011", "+", "+1", "+33", "+39", "+49", "+52", "+521", "+54", "+549", "+55", "+61", "+7", "+800"})
	rapid.Check(t, func(t *rapid.T) {
		n := normalizers[rapid.SampledFrom(regions).Draw(t, "region")]
		text := prefix.Draw(t, "prefix") + rapid.StringMatching(`0?[0-9]{3,14}`).Draw(t, "digits")
		want, wantStatus := normalise(t, n, Phone, text)

		cut := rapid.IntRange(1, len(text)-1).Draw(t, "cut")
		mark := rapid.SampledFrom([]string{" ", "-", "\u00a0", "\u2011", "/", "\u200b"}).Draw(t, "mark")
		spaced := text[:cut] + mark + text[cut:]
		if got, status := normalise(t, n, Phone, spaced); got != want || status != wantStatus {
			t.Fatalf("%q is %q (%s), but %q is %q (%s)", text, want, wantStatus, spaced, got, status)
		}
		if text[0] != '+' || wantStatus != Valid || strings.HasPrefix(text, "+11") || strings.HasPrefix(text, "+00") {
			return // no calling code, but prefixes that have rules of their own
		}
		zeros := "00" + text[1:]
		if got, status := normalise(t, n, Phone, zeros); got != want || status != Valid {
			t.Fatalf("%q is %q, but %q is %q (%s)", text, want, zeros, got, status)
		}
	})
}

// Numbers as common as these must not need the library.
func TestFastPathIsTaken(t *testing.T) {
	n := newTestNormalizer(t, "")
	for _, plus := range []string{
		"+33612345678", "+16502530000", "+447911123456", "+4915112345678", "+390669821234", "+8613812345678",
		"+525512345678", "+5215512345678", "+5491123456789", "+5511981234567", "+551181234567", "+79161234567",
	} {
		if _, ok := n.appendPlain(nil, []byte(plus)); !ok {
			t.Errorf("%q goes to the library", plus)
		}
	}
}

func TestCallingCode(t *testing.T) {
	tests := []struct {
		digits     string
		code, size int
	}{
		{"", 0, 0},
		{"0", 0, 0},
		{"033", 0, 0},
		{"1", 1, 1},
		{"16502530000", 1, 1},
		{"33", 33, 2},
		{"3", 0, 0},
		{"3531", 353, 3},
		{"999", 0, 0},
		{"80012345678", 800, 3},
	}
	n := newTestNormalizer(t, "")
	for _, tt := range tests {
		if code, size := n.plans.code([]byte(tt.digits)); code != tt.code || size != tt.size {
			t.Errorf("%q: got %d of %d digits, want %d of %d", tt.digits, code, size, tt.code, tt.size)
		}
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		digits string
		want   byte
		ok     bool
	}{
		{"0٠۰०０𝟎𝟘𝟬", 0, true},
		{"7٧۷७７𝟕𝟟𝟩", 7, true},
		{"9٩۹९９𝟗𝟡𝟵", 9, true},
		{"a½²一Ⅳ /:", 0, false},
	}
	for _, tt := range tests {
		for _, r := range tt.digits {
			if got, ok := decimal(r); got != tt.want || ok != tt.ok {
				t.Errorf("%q: got %d (%v), want %d (%v)", r, got, ok, tt.want, tt.ok)
			}
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, row := range readTable(f, "same.tsv", "kind", "region", "a", "b", "note") {
		if row[0] == "phone" {
			f.Add(row[2], strings.ToUpper(row[1]))
		}
	}
	for _, row := range readTable(f, "malformed.tsv", "kind", "region", "value", "want", "note") {
		if row[0] == "phone" {
			f.Add(row[2], row[1])
		}
	}
	normalizers := map[string]*Normalizer{}
	for _, region := range []string{"", "FR", "US", "AU", "BR", "MX", "AR", "IT", "DE", "KR", "BS", "RU"} {
		normalizers[region] = newTestNormalizer(f, region)
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		n, ok := normalizers[region]
		if !ok {
			return
		}
		fastPhoneAgrees(t, n, raw)
		form, status := normalise(t, n, Phone, raw)
		if status != Valid {
			return
		}
		if len(form) > 1+maxE164 || form[0] != '+' || strings.Trim(form[1:], "0123456789") != "" {
			t.Errorf("%q: normal form %q is not E.164", raw, form)
		}
	})
}
