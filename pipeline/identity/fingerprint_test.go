package identity

import "testing"

// TestFingerprint: fingerprints are kept in manifests, so they must never change.
func TestFingerprint(t *testing.T) {
	f := NewFingerprinter([]byte("a key"))
	for text, want := range map[string]uint64{"": 0x1ef8a29ee7ca9fcb, "ann@mail.example": 0xe5eeb5c6cdff21f0, "+33639980001": 0xb5688bfeb00000f8} {
		if got := f.Sum([]byte(text)); got != want {
			t.Errorf("%q: got %#x, want %#x", text, got, want)
		}
	}
	if other := NewFingerprinter([]byte("another")); other.Sum([]byte("a")) == f.Sum([]byte("a")) {
		t.Error("two keys make the same of a text")
	}
}
