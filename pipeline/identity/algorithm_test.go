package identity

import (
	"encoding/hex"
	"testing"
)

// TestAlgorithms: digests of the test vectors of their standards (FIPS 180-4,
// RFC 1321 and RFC 4231, case 2).
func TestAlgorithms(t *testing.T) {
	for name, tt := range map[string]struct{ text, key, want string }{
		"sha256":      {"abc", "", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		"md5":         {"abc", "", "900150983cd24fb0d6963f7d28e17f72"},
		"hmac-sha256": {"what do ya want for nothing?", "Jefe", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	} {
		a, ok := ParseAlgorithm(name)
		if !ok || a.String() != name {
			t.Errorf("%s: parsed as %s, %v", name, a, ok)
		}
		h := a.New([]byte(tt.key))
		h.Write([]byte(tt.text))
		if got := hex.EncodeToString(h.Sum(nil)); got != tt.want || 2*a.Size() != len(got) {
			t.Errorf("%s: got %s of %d bytes, want %s", name, got, a.Size(), tt.want)
		}
	}
	if a, ok := ParseAlgorithm("none"); !ok || a != Clear || a.Size() != 0 {
		t.Errorf("none: got %s %v", a, ok)
	}
	if _, ok := ParseAlgorithm("sha1"); ok {
		t.Error("sha1 is known")
	}
}
