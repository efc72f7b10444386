package measure

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// Machine says what the figures were taken on, without a name or a path.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory"` // bytes
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// ThisMachine describes the machine that runs this.
func ThisMachine() Machine {
	m := Machine{CPU: "unknown", Cores: runtime.NumCPU(), Go: runtime.Version()}
	if model := field("/proc/cpuinfo", "model name"); model != "" {
		m.CPU = model
	}
	if cache := field("/proc/cpuinfo", "cache size"); cache != "" {
		m.CPU += ", " + cache + " of cache a core"
	}
	if kib, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		m.Memory = kib * 1024
	}
	var name syscall.Utsname
	if syscall.Uname(&name) == nil {
		// The release without what a builder of kernels appends to it.
		release, _, _ := strings.Cut(text(name.Release[:]), "-")
		m.Kernel = text(name.Sysname[:]) + " " + release
	}
	return m
}

func (m Machine) String() string {
	return fmt.Sprintf("%s; %d cores; %.0f GB of memory; %s; %s", m.CPU, m.Cores, float64(m.Memory)/1e9, m.Kernel, m.Go)
}

// field returns the first value of a key in a file of lines "key: value".
func field(path, key string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func text(chars []int8) string {
	var s strings.Builder
	for _, c := range chars {
		if c == 0 {
			break
		}
		s.WriteByte(byte(c))
	}
	return s.String()
}
