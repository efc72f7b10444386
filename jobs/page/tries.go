package page

import (
	"sync"
	"time"
)

const (
	mostTries = 10               // wrong tokens that may come at once
	tryEvery  = 10 * time.Second // and then one of these
)

// tries bound how fast tokens can be guessed, by whomever: wrong ones use tries up,
// which come back with time. While there is none, no token is looked at, since an
// answer to the right one would tell it from others.
type tries struct {
	now func() time.Time

	mu   sync.Mutex
	full time.Time // when all tries are back; before now where they are
}

// wait is how long there is no try; not above zero where there is one.
func (t *tries) wait() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.missing() - (mostTries-1)*tryEvery
}

// try calls right if there is a try, and uses it up where that is not so.
func (t *tries) try(right func() bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	missing := t.missing()
	if missing > (mostTries-1)*tryEvery {
		return false
	}
	if right() {
		return true
	}
	t.full = t.now().Add(missing + tryEvery)
	return false
}

// missing is how long it takes until all tries are back. A clock that was set back
// does not make it longer than where none is left.
func (t *tries) missing() time.Duration {
	now := t.now()
	if last := now.Add(mostTries * tryEvery); t.full.After(last) {
		t.full = last
	}
	return max(0, t.full.Sub(now))
}
