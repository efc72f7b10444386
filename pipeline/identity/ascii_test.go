package identity

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// TestEightBytes: a byte is judged alike wherever it stands, among eight or among
// fewer, and whatever stands beside it.
func TestEightBytes(t *testing.T) {
	for c := range 256 {
		for _, size := range []int{1, 7, 8, 15, 16, 24} {
			for at := range size {
				for _, beside := range []byte{'!', '~', 'm'} {
					text := bytes.Repeat([]byte{beside}, size)
					text[at] = byte(c)
					if got, want := isASCII(text), c < utf8.RuneSelf; got != want {
						t.Fatalf("byte %#x at %d of %d: ASCII is %v, want %v", c, at, size, got, want)
					}
					if got, want := isVisibleASCII(text), ' ' < c && c < 0x7F; got != want {
						t.Fatalf("byte %#x at %d of %d: visible is %v, want %v", c, at, size, got, want)
					}
				}
			}
		}
	}
}

// TestVisibleASCII: what is let through unseen is what the long way lets through.
func TestVisibleASCII(t *testing.T) {
	for c := range 128 {
		text := []byte{byte(c)}
		if got, want := isVisibleASCII(text), !bytes.ContainsFunc(text, isBreak); got != want {
			t.Errorf("byte %#x: %v, want %v", c, got, want)
		}
	}
}

// TestCharset: no byte that is not in the set gets through, and dst stays as it was.
func TestCharset(t *testing.T) {
	s := newCharset(isAtom)
	for c := range 256 {
		got, ok := s.appendLower([]byte("before"), []byte{'a', byte(c)})
		want, wantOK := []byte("before"), c < utf8.RuneSelf && isAtom(byte(c))
		if wantOK {
			want = append(want, 'a', lowerASCII(byte(c)))
		}
		if ok != wantOK || !bytes.Equal(got, want) {
			t.Errorf("byte %#x: %q, %v, want %q, %v", c, got, ok, want, wantOK)
		}
	}
}
