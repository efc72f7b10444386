package identity

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // lists of partners come in it; nothing of ours is protected by it
	"crypto/sha256"
	"hash"
)

// An Algorithm is how the entries of a hashed list were made.
type Algorithm uint8

const (
	Clear      Algorithm = iota // entries are not hashed
	SHA256                      // FIPS 180-4
	MD5                         // RFC 1321, for lists that know nothing better
	HMACSHA256                  // RFC 2104 with SHA-256
)

// algorithmNames are those of job files.
var algorithmNames = [...]string{"none", "sha256", "md5", "hmac-sha256"}

// String returns the name in job files.
func (a Algorithm) String() string { return algorithmNames[a] }

// ParseAlgorithm returns the algorithm of that name.
func ParseAlgorithm(name string) (Algorithm, bool) {
	for a := range algorithmNames {
		if algorithmNames[a] == name {
			return Algorithm(a), true
		}
	}
	return Clear, false
}

// Size is the length of a digest in bytes, 0 for Clear.
func (a Algorithm) Size() int {
	switch a {
	case SHA256, HMACSHA256:
		return sha256.Size
	case MD5:
		return md5.Size
	}
	return 0
}

// New returns a hash of an algorithm other than Clear. The key is that of
// HMACSHA256; the others have none.
func (a Algorithm) New(key []byte) hash.Hash {
	switch a {
	case MD5:
		return md5.New() //nolint:gosec // see the import
	case HMACSHA256:
		return hmac.New(sha256.New, key)
	}
	return sha256.New()
}
