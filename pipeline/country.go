package pipeline

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// countries numbers sets of country codes. A profile that stands twice with two
// countries has both, and must be permitted under the rules of each (ours).
// Number 0 is no country.
type countries struct {
	mu    sync.Mutex
	sets  [][]string
	index map[string]uint16 // by setName
	texts map[string]uint16 // by text as it stands in a file
}

func newCountries() *countries {
	return &countries{sets: [][]string{nil}, index: map[string]uint16{}, texts: map[string]uint16{}}
}

var errCountries = errors.New("the country column holds more than 60000 different values; name a column of country codes")

const maxCountries = 60000

// number returns the number of one country, upper-cased and trimmed.
func (c *countries) number(text []byte) (uint16, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, known := c.texts[string(text)]; known {
		return n, nil
	}
	var n uint16
	if code := bytes.TrimSpace(text); len(code) > 0 {
		var err error
		if n, err = c.add([]string{strings.ToUpper(string(code))}); err != nil {
			return 0, err
		}
	}
	if len(c.texts) < maxCountries {
		c.texts[string(text)] = n
	}
	return n, nil
}

// union returns the number of both sets together.
func (c *countries) union(a, b uint16) (uint16, error) {
	if a == b || b == 0 {
		return a, nil
	}
	if a == 0 {
		return b, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	set := slices.Concat(c.sets[a], c.sets[b])
	slices.Sort(set)
	return c.add(slices.Compact(set))
}

// add returns the number of a sorted set, a new one where it has none. The
// caller holds the lock.
func (c *countries) add(set []string) (uint16, error) {
	name := setName(set)
	if n, ok := c.index[name]; ok {
		return n, nil
	}
	if len(c.sets) >= maxCountries {
		return 0, errCountries
	}
	n := uint16(len(c.sets))
	c.sets = append(c.sets, set)
	c.index[name] = n
	return n, nil
}

// setName names a set so that no other has its name, whatever a column of
// countries holds: "DE,FR" in one cell is not Germany and France.
func setName(set []string) string {
	var name []byte
	for _, country := range set {
		name = strconv.AppendInt(name, int64(len(country)), 10)
		name = append(name, ':')
		name = append(name, country...)
	}
	return string(name)
}
