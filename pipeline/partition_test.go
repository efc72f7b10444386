package pipeline

import (
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/pipeline/identity"
)

// TestPartitions: as many as the memory asks for, one where it is enough or not
// limited, and no more than is sensible where it can never be.
func TestPartitions(t *testing.T) {
	p := onePerson(testRule{}).plan(whole, 2, memory.DefaultAllocator)
	p.Lists[0].Keys.Parts = []Part{{Rows: 8_000_000}}
	for _, tt := range []struct {
		limit    int64
		min, max int
	}{
		{0, 1, 1},
		{16 << 30, 1, 1},
		{1 << 30, 2, 8},
		{700 << 20, 4, 40},
		{64 << 20, 100, maxPartitions},
		{1 << 20, maxPartitions, maxPartitions},
	} {
		p.MemoryLimit = tt.limit
		if got := p.Partitions(); got < tt.min || got > tt.max {
			t.Errorf("%d bytes: got %d partitions, want %d to %d", tt.limit, got, tt.min, tt.max)
		}
	}
}

// TestPartitionOfHash: each key is in exactly one partition, and they are of
// about one size.
func TestPartitionOfHash(t *testing.T) {
	h := newHasher()
	const of, keys = 7, 70_000
	var sizes [of]int
	for i := range keys {
		hash := h.hash(&key{a: uint64(i), kind: kindUUID})
		in := 0
		for number := range uint32(of) {
			if (partition{number, of}).has(hash) {
				in++
				sizes[number]++
			}
		}
		if in != 1 {
			t.Fatalf("key %d is in %d partitions", i, in)
		}
	}
	for number, size := range sizes {
		if size < keys/of*8/10 || size > keys/of*12/10 {
			t.Errorf("partition %d has %d of %d keys", number, size, keys)
		}
	}
}

// TestPartitionsOfScreening: marks and digests take memory, too.
func TestPartitionsOfScreening(t *testing.T) {
	p := onePerson(testRule{}).plan(whole, 2, memory.DefaultAllocator)
	p.Lists[0].Keys.Parts = []Part{{Rows: 40_000_000}}
	p.MemoryLimit = 1 << 30
	before := p.Partitions()
	for _, a := range []identity.Algorithm{identity.MD5, identity.SHA256, identity.HMACSHA256} {
		p.Screening = append(p.Screening, ScreeningList{Match: Match{Kind: identity.Email}, Type: NoColumn, Hash: EntryHash{Algorithm: a}})
	}
	p.Screening = append(p.Screening, ScreeningList{Match: Match{Kind: identity.Email, Domain: true}, Type: NoColumn})
	if got := p.Partitions(); got <= before {
		t.Errorf("%d partitions with four lists, %d without", got, before)
	}
}
