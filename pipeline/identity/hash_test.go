package identity

import (
	"bytes"
	"testing"
)

// Vectors of FIPS 180-4 and RFC 4231.
func TestHash(t *testing.T) {
	tests := []struct {
		note            string
		key             []byte
		text, wantedHex string
	}{
		{"FIPS 180-4, empty", nil, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"FIPS 180-4, one block", []byte{}, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"RFC 4231, case 1", bytes.Repeat([]byte{0x0b}, 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"RFC 4231, case 2", []byte("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"RFC 4231, case 6", bytes.Repeat([]byte{0xaa}, 131), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	}
	for _, tt := range tests {
		h := NewHasher(tt.key)
		for range 2 { // the state is used again
			if got := string(h.AppendHex([]byte("x"), []byte(tt.text))); got != "x"+tt.wantedHex {
				t.Errorf("%s: got %s, want x%s", tt.note, got, tt.wantedHex)
			}
		}
		if got := HashAddress(tt.key, []byte(tt.text)); got != tt.wantedHex {
			t.Errorf("%s: got %s, want %s", tt.note, got, tt.wantedHex)
		}
	}
}

func TestHasherCopiesItsKey(t *testing.T) {
	key := []byte("secret")
	h := NewHasher(key)
	want := HashAddress(key, []byte("a"))
	clear(key)
	if got := string(h.AppendHex(nil, []byte("a"))); got != want {
		t.Errorf("after the key changed: got %s, want %s", got, want)
	}
}
