package pipeline

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestPackUUID tries every byte at every place of a UUID against the standard
// library.
func TestPackUUID(t *testing.T) {
	for _, base := range []string{testUUID, strings.ToUpper(testUUID)} {
		for i := range base {
			for c := range 256 {
				text := []byte(base)
				text[i] = byte(c)
				a, b, ok := packUUID(text)
				digits := strings.ReplaceAll(string(text), "-", "")
				raw, err := hex.DecodeString(digits)
				want := err == nil && len(raw) == 16 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
				if ok != want {
					t.Fatalf("%q: got %v, want %v", text, ok, want)
				}
				if k := (&hasher{}).uuid(append(raw, make([]byte, 16)...)); ok && (k.a != a || k.b != b) {
					t.Fatalf("%q: got %x %x, want %x %x", text, a, b, k.a, k.b)
				}
				if got := appendUUID(nil, a, b); ok && string(got) != strings.ToLower(string(text)) {
					t.Fatalf("%q: its text is %q", text, got)
				}
			}
		}
	}
}

// TestHex compares eight digits at a time with one at a time, for bytes that
// are digits, nearly so, and far from it.
func TestHex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	near := []byte("09/:afAF`g@G0123456789abcdefABCDEF\x00\x10\x20\x7f\x80\xb0\xb9\xc1\xe1\xff")
	for range 300_000 {
		var text [8]byte
		for i := range text {
			if text[i] = near[r.IntN(len(near))]; r.IntN(3) > 0 {
				text[i] = "0123456789abcdefABCDEF"[r.IntN(22)]
			}
		}
		want, err := strconv.ParseUint(string(text[:]), 16, 64)
		x := binary.LittleEndian.Uint64(text[:])
		got, ok := hexNumber(x), noHex(x)&noHexBits == 0
		if ok != (err == nil) || ok && got != want {
			t.Fatalf("%q: got %x, %v, want %x, %v", text, got, ok, want, err)
		}
	}
}

// TestKindsOfKeys: what fits is packed, since a long key costs more.
func TestKindsOfKeys(t *testing.T) {
	h := newHasher()
	for text, want := range map[string]uint8{
		"": kindShort, "seven77": kindShort, "sixteen bytes...": kindShort, "seventeen bytes..": kindLong, "a\x00": kindLong, testUUID: kindUUID, strings.ToUpper(testUUID): kindLong,
	} {
		if got := h.key([]byte(text)).kind; got != want {
			t.Errorf("%q is of kind %d, want %d", text, got, want)
		}
	}
}

func TestPackAnyUUID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "raw")
		k := (&hasher{}).uuid(raw)
		text := appendUUID(nil, k.a, k.b)
		if got := strings.ReplaceAll(string(text), "-", ""); got != hex.EncodeToString(raw) {
			t.Errorf("%x is written %q", raw, text)
		}
		h := newHasher()
		for _, form := range [][]byte{text, bytes.ToUpper(text)} {
			if got, ok := h.uuidFromText(form); !ok || got != k {
				t.Errorf("%q is %+v, want %+v", form, got, k)
			}
		}
		if got := h.key(text); got != k {
			t.Errorf("%q is %+v, want %+v", text, got, k)
		}
	})
}

// TestKeys: what a key is packed as never makes two texts one, and the text can
// be read back.
func TestKeys(t *testing.T) {
	h := newHasher()
	upper := strings.ToUpper(testUUID)
	texts := []string{
		"", "\x00", "\x00\x00", "a", "a\x00", "a\x00\x00", "fifteen bytes..", "sixteen bytes...", "seventeen bytes..",
		strings.Repeat("\x00", 15), strings.Repeat("\x00", 16), strings.Repeat("\x00", 17),
		string(testUUIDBytes), // sixteen bytes that are those of a UUID
		testUUID, upper, "{" + testUUID[1:], testUUID[:35], testUUID + "0", strings.ReplaceAll(testUUID, "-", ""),
		strings.Repeat("-", 36), strings.Repeat("0", 36), strings.Repeat("long ", 100), strings.Repeat("long ", 100) + "!",
		"ÿÿÿÿÿÿÿÿ",
	}
	x := newIndex(newHasher())
	for i, text := range texts {
		k := h.key([]byte(text))
		x.hasher = h
		s, err := x.intern(&k, []byte(text))
		if err != nil || int(s) != i {
			t.Fatalf("%q has slot %d (%v), want %d of its own", text, s, err, i)
		}
	}
	for i, text := range texts {
		k := h.key([]byte(text))
		if s := x.lookup(&k, []byte(text)); int(s) != i {
			t.Errorf("%q is found at %d, want %d", text, s, i)
		}
	}
	// Two keys fall together only by hash, and a hash never decides.
	a, b := h.key([]byte(texts[len(texts)-2])), h.key([]byte(texts[len(texts)-3]))
	b.a = a.a
	if s := x.lookup(&b, []byte(texts[len(texts)-3])); s != noSlot && int(s) != len(texts)-3 {
		t.Errorf("a text of another's hash is found as the other, %d", s)
	}
}
