package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// A Hasher makes hashes of normal forms: HMAC-SHA256 (RFC 2104) with its key,
// plain SHA-256 (FIPS 180-4) where it has none. It reuses its state, so it is
// not for use by several goroutines at once.
type Hasher struct {
	hash hash.Hash // nil for plain SHA-256, which is half as dear without the interface
	sum  [sha256.Size]byte
}

// NewHasher returns a hasher. An empty key means no key; the key is copied.
func NewHasher(key []byte) *Hasher {
	if len(key) == 0 {
		return &Hasher{}
	}
	return &Hasher{hash: hmac.New(sha256.New, key)}
}

// AppendHex appends the hash of a normal form to dst: 64 lower-case
// hexadecimal digits.
func (h *Hasher) AppendHex(dst, normalised []byte) []byte {
	if h.hash == nil {
		h.sum = sha256.Sum256(normalised)
		return hex.AppendEncode(dst, h.sum[:])
	}
	h.hash.Reset()
	h.hash.Write(normalised) // a hash.Hash never returns an error
	return hex.AppendEncode(dst, h.hash.Sum(h.sum[:0]))
}

// HashAddress returns the hash of one normal form, as [Hasher.AppendHex] does.
func HashAddress(key, normalised []byte) string {
	return string(NewHasher(key).AppendHex(nil, normalised))
}
