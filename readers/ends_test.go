package readers

import (
	"bytes"
	"math/rand/v2"
	"slices"
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
		ends, feeds, other := make(places, blocks+2), make(places, blocks+2), seen(0)
		for i, c := range text {
			if c == '\n' {
				feeds[i/blockBytes] |= 1 << (i % blockBytes)
			}
			if c == end || c == '\n' {
				ends[i/blockBytes] |= 1 << (i % blockBytes)
			} else if c < ' ' {
				other |= seenControl
			}
			if c == special {
				other |= seenSpecial
			}
			if c >= 0x80 {
				other |= seenHigh
			}
		}
		s := signs{end, special}
		for name, find := range map[string]func(_, _ places, _ []byte) seen{"find": s.find, "findAny": s.findAny} {
			gotEnds, gotFeeds := make(places, blocks+2), make(places, blocks+2)
			for i := range blocks {
				gotEnds[i], gotFeeds[i] = 0x5555, 0x5555
			}
			found := find(gotEnds[:blocks], gotFeeds[:blocks], text)
			if found != other || !slices.Equal(gotEnds, ends) || !slices.Equal(gotFeeds, feeds) {
				t.Fatalf("%s: got %b, %x, %x, want %b, %x, %x", name, found, gotEnds, gotFeeds, other, ends, feeds)
			}
		}
		var all []uint32
		next := len(ends) * blockBytes
		for at := len(text) - 1; at >= 0; at-- {
			if c := text[at]; c == end || c == '\n' {
				next = at
				all = slices.Insert(all, 0, uint32(at))
			}
			if got := ends.next(at); got != next {
				t.Fatalf("next(%d): got %d, want %d", at, got, next)
			}
			if got := ends.count(at, len(text)); got != len(all) {
				t.Fatalf("count(%d): got %d, want %d", at, got, len(all))
			}
			for _, length := range []int{0, 1, len(all), len(all) + 1} {
				got := ends.list(make([]uint32, 0, length+blockBytes), at, len(text), length)
				if want := all[:min(length, len(all))]; !slices.Equal(got, want) {
					t.Fatalf("list(%d, %d): got %d, want %d", at, length, got, want)
				}
			}
		}
	})
}
