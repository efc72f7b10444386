package readers

import (
	"regexp"
	"testing"
)

// TestRecoverDamage: a decoder that breaks is an error of the file and of the line of
// ours, without what it broke with, which may be a value of the file.
func TestRecoverDamage(t *testing.T) {
	read := func() (err error) {
		defer recoverDamage("a.parquet", &err)
		panic("somebody@example.com")
	}
	want := regexp.MustCompile(`^a\.parquet: the file is damaged: it cannot be read at panic_test\.go:\d+$`)
	if err := read(); err == nil || !want.MatchString(err.Error()) {
		t.Errorf("got %v, want it to match %s", err, want)
	}
}
