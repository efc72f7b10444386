package pipeline

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkLookup looks up as many keys as an index has, of which half are there,
// one after the other and in batches: what keyBatch is for. No key comes twice
// before all have come, so that the cache holds what it would in a run.
func BenchmarkLookup(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range benchSizes {
		x := newIndex(newHasher())
		probes := make([]key, n)
		for i := range probes {
			probes[i] = key{a: random.Uint64(), b: random.Uint64(), kind: kindUUID}
		}
		for i := range n {
			k := probes[i]
			if i%2 == 0 {
				k.a = ^k.a
			}
			if _, err := x.intern(&k, nil); err != nil {
				b.Fatal(err)
			}
		}
		random.Shuffle(n, func(i, j int) { probes[i], probes[j] = probes[j], probes[i] })
		for name, look := range map[string]func(){
			"one": func() {
				for i := range probes {
					x.lookup(&probes[i], nil)
				}
			},
			"batch": func() {
				batch := &keyBatch{}
				for start := 0; start < n; start += benchBatch {
					batch.keys = probes[start:min(start+benchBatch, n)]
					x.lookupAll(batch)
				}
			},
		} {
			b.Run(fmt.Sprintf("%s/rows=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					look()
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
