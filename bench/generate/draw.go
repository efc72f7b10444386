package generate

import "math/bits"

// golden is 2⁶⁴ over the golden ratio: multiples of it are spread evenly.
const golden = 0x9e3779b97f4a7c15

// mix is the finalizer of SplitMix64: a bijection that looks random.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below maps a random number to one below n without a division.
func below(random, n uint64) uint64 {
	high, _ := bits.Mul64(random, n)
	return high
}

// A trait names an independent draw about a person.
type trait uint64

const (
	keyTrait trait = iota + 1
	addressTrait
	tokenTrait
	countryTrait
	nameTrait
	cityTrait
	erasedTrait
	caseTrait
	anyTrait
	emailTrait
	smsTrait
	pushTrait
	collectTrait
	shareTrait
	personalizeTrait
	identityTrait
	identityEmailTrait
	identityPhoneTrait
	metadataTrait
)
