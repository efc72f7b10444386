package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"github.com/dchest/siphash"
)

// A Fingerprinter makes numbers of texts that stay the same from run to run, and
// that say nothing of the text to whoever has not the key. It is much cheaper
// than an HMAC, and its results are for samples and not for finding anybody.
type Fingerprinter struct{ k0, k1 uint64 }

// NewFingerprinter returns a fingerprinter for a key of any length.
func NewFingerprinter(key []byte) Fingerprinter {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("optout: fingerprints of list entries"))
	sum := mac.Sum(nil)
	return Fingerprinter{binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])}
}

// Sum is the fingerprint of a text, SipHash-2-4.
func (f Fingerprinter) Sum(text []byte) uint64 { return siphash.Hash(f.k0, f.k1, text) }
