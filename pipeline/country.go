package pipeline

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
)

// countries numbers sets of country codes. A profile that stands twice with two
// countries has both, and must be permitted under the rules of each (ours).
// Number 0 is no country.
type countries struct {
	mu    sync.Mutex
	sets  [][]string
	index map[string]uint16
}

func newCountries() *countries {
	return &countries{sets: [][]string{nil}, index: map[string]uint16{"": 0}}
}

var errCountries = errors.New("the country column holds more than 60000 different values; name a column of country codes")

const maxCountries = 60000

// number returns the number of one country, upper-cased and trimmed.
func (c *countries) number(text []byte) (uint16, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return 0, nil
	}
	return c.add([]string{strings.ToUpper(string(text))})
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
	set := slices.Concat(c.sets[a], c.sets[b])
	c.mu.Unlock()
	slices.Sort(set)
	return c.add(slices.Compact(set))
}

func (c *countries) add(set []string) (uint16, error) {
	name := strings.Join(set, ",")
	c.mu.Lock()
	defer c.mu.Unlock()
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
