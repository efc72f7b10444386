package readers

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzEnds holds both ways to find ends in text against a look at every byte.
func FuzzEnds(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\n"), byte(','), byte('"'))
	f.Add([]byte(`{"a":"b\n"}`+"\n"), byte('"'), byte('\\'))
	f.Add([]byte("a\tb\r\n\x00\x7F\x80\xFF\x1F \x20"), byte('\t'), byte('"'))
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]byte, 1000)
	for i := range all {
		all[i] = byte(random.Uint32())
	}
	f.Add(all, byte(','), byte('"'))
	f.Fuzz(func(t *testing.T, text []byte, end, special byte) {
		text = append(text, bytes.Repeat([]byte{' '}, -len(text)&(blockBytes-1))...)
		blocks := len(text) / blockBytes
		want, else_ := make(ends, blocks+1), seen(0)
		for i, c := range text {
			switch {
			case c == end || c == '\n':
				want[i/blockBytes] |= 1 << (i % blockBytes)
			case c < ' ':
				else_ |= seenControl
			case c >= 0x80:
				else_ |= seenHigh
			}
			if c == special {
				else_ |= seenSpecial
			}
			if c >= 0x80 {
				else_ |= seenHigh
			}
		}
		s := signs{end, special}
		for name, find := range map[string]func(ends, []byte) seen{"find": s.find, "findAny": s.findAny} {
			got := make(ends, blocks+1)
			for i := range got[:blocks] {
				got[i] = 0x5555
			}
			found := find(got[:blocks], text)
			if found != else_ || !bytes.Equal(wordBytes(got), wordBytes(want)) {
				t.Fatalf("%s: got %b, %x, want %b, %x", name, found, got, else_, want)
			}
		}
		next := (blocks + 1) * blockBytes
		for at := len(text) - 1; at >= 0; at-- {
			if c := text[at]; c == end || c == '\n' {
				next = at
			}
			if got := want.next(at); got != next {
				t.Fatalf("next(%d): got %d, want %d", at, got, next)
			}
		}
	})
}

func wordBytes(e ends) (all []byte) {
	for _, w := range e {
		for i := range 8 {
			all = append(all, byte(w>>(8*i)))
		}
	}
	return all
}
