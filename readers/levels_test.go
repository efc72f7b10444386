package readers

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestLevelsEightAtATime compares what is done to eight levels at once with the
// same done to one after the other.
func TestLevelsEightAtATime(t *testing.T) {
	p := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		for _, most := range []int{1, 2, 3, 0x7E, 0x7F, 0x80, 0xFE, 0xFF} {
			levels, valid := make([]byte, n), bytes.Repeat([]byte{0xA5}, (n+7)/8)
			for i := range levels {
				levels[i] = byte(p.IntN(most + 1))
			}
			if n > 0 {
				levels[p.IntN(n)] = byte(most)
			}
			level := byte(p.IntN(most + 1))
			validBits(valid, levels, level)
			count, above := 0, false
			for i, l := range levels {
				if got := valid[i>>3]>>(i&7)&1 == 1; got != (l == level) {
					t.Errorf("level %d of %d, %x, is valid at %x: got %v", i, n, l, level, got)
				}
				if l == level {
					count++
				}
				above = above || int(l) > most-1
			}
			if n&7 > 0 && valid[n>>3]>>(n&7) != 0 {
				t.Errorf("bits behind %d levels are set", n)
			}
			if got := countLevel(levels, level); got != count {
				t.Errorf("of %x %d are %x, got %d", levels, count, level, got)
			}
			if got := anyAbove(levels, byte(most-1)); got != above {
				t.Errorf("of %x some are above %x: got %v, want %v", levels, most-1, got, above)
			}
			if anyAbove(levels, byte(most)) {
				t.Errorf("of %x none is above %x", levels, most)
			}
		}
	}
}

// TestUnpackLevels: levels of every width are what unpack makes of them.
func TestUnpackLevels(t *testing.T) {
	p := rand.New(rand.NewPCG(1, 2))
	for width := range 9 {
		for n := range 100 {
			src := make([]byte, (n*width+7)/8)
			for i := range src {
				src[i] = byte(p.Uint32())
			}
			got, want := bytes.Repeat([]byte{0xA5}, n), make([]byte, n)
			unpackLevels(got, src, width)
			unpack(want, src, width)
			if !bytes.Equal(got, want) {
				t.Errorf("%d levels of %d bits: got %x, want %x", n, width, got, want)
			}
		}
	}
}

// TestSpread: where a value is and where none is.
func TestSpread(t *testing.T) {
	p := rand.New(rand.NewPCG(1, 2))
	for _, w := range []int{4, 8, 12} {
		for n := range 40 {
			def, src := make([]byte, n), []byte{}
			want := make([]byte, n*w)
			for i := range def {
				if def[i] = byte(p.IntN(3)); def[i] == 2 {
					src = binary.LittleEndian.AppendUint32(append(src, make([]byte, w-4)...), p.Uint32())
					copy(want[i*w:], src[len(src)-w:])
				}
			}
			got := bytes.Repeat([]byte{0xA5}, n*w)
			spread(got, src, def, 2, w)
			if !bytes.Equal(got, want) {
				t.Errorf("%x of %d bytes at %d: got %x, want %x", src, w, def, got, want)
			}
		}
	}
}

// benchLevels are those of a column of which a fifth is null, packed.
func benchLevels(n int) (packed, levels []byte) {
	p := rand.New(rand.NewPCG(1, 2))
	levels = make([]byte, n)
	packed = binary.AppendUvarint(nil, uint64(n/8)<<1|1)
	for i := range levels {
		if levels[i] = 3; p.IntN(5) == 0 {
			levels[i] = byte(p.IntN(3))
		}
		if i&3 == 0 {
			packed = append(packed, 0)
		}
		packed[len(packed)-1] |= levels[i] << (2 * (i & 3))
	}
	return packed, levels
}

func BenchmarkLevels(b *testing.B) {
	const n = 1 << 16
	packed, _ := benchLevels(n)
	levels, valid := make([]byte, n), make([]byte, n/8)
	for b.Loop() {
		if err := decodeLevels(levels, packed, 3); err != nil {
			b.Fatal(err)
		}
		validBits(valid, levels, 3)
		if countLevel(levels, 3) == 0 {
			b.Fatal("no values")
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSpread(b *testing.B) {
	const n = 1 << 16
	_, def := benchLevels(n)
	dst, src := make([]byte, 8*n), make([]byte, 8*countLevel(def, 3))
	for b.Loop() {
		spread(dst, src, def, 3, 8)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
