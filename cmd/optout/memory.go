package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// A size is a number of bytes, as in 512MiB, 2GiB, 2GB or 2g.
type size int64

// UnmarshalText reads a size from a flag.
func (s *size) UnmarshalText(text []byte) error {
	number := strings.TrimRight(string(text), "KMGTkmgtiIbB")
	unit := strings.ToLower(string(text[len(number):]))
	factors := map[string]float64{
		"": 1, "b": 1,
		"k": 1 << 10, "kib": 1 << 10, "kb": 1e3, "m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
		"g": 1 << 30, "gib": 1 << 30, "gb": 1e9, "t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	bytes := n * factors[unit]
	if err != nil || !(bytes >= 64<<20 && bytes < math.MaxInt64) {
		return fmt.Errorf("%q is no size of at least 64MiB; write it as in 512MiB or 2GiB", text)
	}
	*s = size(bytes)
	return nil
}

// orDefault is s, or where it is not given three quarters of what the machine
// or the container has.
func (s size) orDefault() int64 {
	if s > 0 {
		return int64(s)
	}
	least := int64(math.MaxInt64)
	for _, has := range []int64{meminfo(), cgroupLimit("/sys/fs/cgroup/memory.max"), cgroupLimit("/sys/fs/cgroup/memory/memory.limit_in_bytes")} {
		if has > 0 {
			least = min(least, has)
		}
	}
	if least == math.MaxInt64 {
		return least
	}
	return least / 4 * 3
}

// meminfo is the memory of the machine, 0 where it is not known.
func meminfo() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "MemTotal:" {
			kib, _ := strconv.ParseInt(fields[1], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// cgroupLimit is the limit of the container, 0 where there is none.
func cgroupLimit(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n
}
