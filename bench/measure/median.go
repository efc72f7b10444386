package measure

import (
	"cmp"
	"slices"
)

// median returns the middle sample of each figure on its own: the median of the
// walls, of the CPU times and of the peaks. Of an even number it is the lower
// of the two in the middle.
func median(samples []Sample) Sample {
	return Sample{
		Wall: middle(samples, func(s Sample) int64 { return int64(s.Wall) }).Wall,
		CPU:  middle(samples, func(s Sample) int64 { return int64(s.CPU) }).CPU,
		Peak: middle(samples, func(s Sample) int64 { return s.Peak }).Peak,
	}
}

func middle(samples []Sample, figure func(Sample) int64) Sample {
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b Sample) int { return cmp.Compare(figure(a), figure(b)) })
	return sorted[(len(sorted)-1)/2]
}
