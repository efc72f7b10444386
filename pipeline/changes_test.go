package pipeline

import (
	"sync"
	"testing"

	"optout/pipeline/consent"
)

// TestChanges: of many changes of few keys, added by several goroutines, each key
// has those that are different, folded, whatever the order.
func TestChanges(t *testing.T) {
	const keys, each = 1000, 60_000
	c := newChanges(keys)
	var wg sync.WaitGroup
	for worker := range 3 {
		wg.Go(func() {
			b := changeBatch{into: c}
			for i := range each {
				b.add(slot(i*7%500*2), anyone, &change{
					field: uint16(i % 2), form: uint8(worker % 2), source: 1, time: int64(i), first: int64(i),
				})
				if i%1000 == worker {
					b.flush()
				}
			}
			b.flush()
		})
	}
	wg.Wait()
	for i := range c.shards {
		if n := len(c.shards[i].list); n >= 2*changeMost {
			t.Errorf("a shard holds %d changes of few keys: they were not folded", n)
		}
	}
	if err := c.settle(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	for key := range slot(keys) {
		got := c.of(key)
		if key%2 == 1 && len(got) > 0 || key%2 == 0 && len(got) != 2 && len(got) != 4 {
			t.Fatalf("key %d has %d changes", key, len(got))
		}
		for _, d := range got {
			if d.subject != key || d.time < each-2*keys || d.first > 2*keys {
				t.Fatalf("key %d has %+v", key, d)
			}
		}
	}
	if c.of(noSlot) != nil || c.of(malformedSlot) != nil || (*changes)(nil).of(3) != nil {
		t.Error("nobody has changes")
	}
}

// TestShardsApart: shards are settled side by side and share no word of a bitset,
// however few the keys.
func TestShardsApart(t *testing.T) {
	for _, keys := range []int{0, 1, 63, 64, 1000, 20_000, 1 << 20} {
		if c := newChanges(keys); 1<<c.shift%64 != 0 {
			t.Errorf("%d keys: shards of %d", keys, 1<<c.shift)
		}
	}
}

// TestChangesFold: an opt-out without a time is the latest, and the first that is
// new stays, whether or not it is the latest.
func TestChangesFold(t *testing.T) {
	const no = consent.NoTime
	for _, tt := range []struct{ a, b, want change }{
		{change{time: 5, first: no}, change{time: 7, first: 7}, change{time: 7, first: 7}},
		{change{time: 5, first: 5}, change{time: 7, first: no}, change{time: 7, first: 5}},
		{change{time: 5, first: 5}, change{time: no, first: no}, change{time: no, first: 5}},
		{change{time: 5, first: no, form: optedIn}, change{time: 3, first: no, form: optedIn}, change{time: 5, first: no, form: optedIn}},
	} {
		for _, pair := range [][2]change{{tt.a, tt.b}, {tt.b, tt.a}} {
			got := pair[0]
			if got.fold(&pair[1]); got != tt.want {
				t.Errorf("%+v and %+v: got %+v, want %+v", pair[0], pair[1], got, tt.want)
			}
		}
	}
}
