package generate

import "strconv"

// A population is the people of a snapshot, numbered below size.
type population struct {
	size, seed uint64
	stride     uint64 // distance of neighbouring keys in their first 48 bits
}

func newPopulation(size, seed uint64) population {
	return population{size: size, seed: mix(seed + golden), stride: 1 << 48 / max(size, 1)}
}

func (p population) draw(person uint64, t trait) uint64 {
	return mix(p.seed ^ mix(person*golden+uint64(t)))
}

// once reports a claim that holds for one person in n.
func (p population) once(person uint64, t trait, n uint64) bool {
	return below(p.draw(person, t), n) == 0
}

// appendKey appends the profile id: the text of a random UUID. Keys rise with
// the person's number, so that a file in place is a file sorted by key.
func (p population) appendKey(dst []byte, person uint64) []byte {
	random := p.draw(person, keyTrait)
	first := person*p.stride + below(random, p.stride)
	return appendUUID(dst, first, mix(random))
}

// appendStrangerKey appends the id of nobody in the population.
func (p population) appendStrangerKey(dst []byte, row uint64) []byte {
	random := mix(p.seed + mix(row))
	return appendUUID(dst, random>>16, mix(random+1))
}

const hexDigits = "0123456789abcdef"

// appendUUID spends the 48 bits of first before the version and 60 bits of
// second behind it: ids of strangers meet nobody's but with a chance of 2⁻¹⁰⁸.
func appendUUID(dst []byte, first, second uint64) []byte {
	dst = appendHex(dst, first>>16, 8)
	dst = append(dst, '-')
	dst = appendHex(dst, first, 4)
	dst = append(dst, '-', '4')
	dst = appendHex(dst, second>>4, 3)
	dst = append(dst, '-', "89ab"[second&3])
	dst = appendHex(dst, second>>52, 3)
	dst = append(dst, '-')
	return appendHex(dst, second>>16, 12)
}

func appendHex(dst []byte, x uint64, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[x>>shift&15])
	}
	return dst
}

// household is the person whose address this one uses: one in a hundred shares
// a neighbour's.
func (p population) household(person uint64) uint64 {
	if person > 0 && p.once(person, addressTrait, 100) {
		return person - 1
	}
	return person
}

func (p population) appendEmail(dst []byte, person uint64) []byte {
	person = p.household(person)
	random := p.draw(person, nameTrait)
	dst = append(dst, firstNames[below(random, uint64(len(firstNames)))]...)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, person, 36)
	dst = append(dst, '@')
	return append(dst, domains[random%uint64(len(domains))]...)
}

// appendWrittenEmail appends the address as a person typed it: one in ten
// begins with capitals.
func (p population) appendWrittenEmail(dst []byte, person uint64) []byte {
	start := len(dst)
	dst = p.appendEmail(dst, person)
	if p.once(person, caseTrait, 10) {
		for i := start; dst[i] != '.'; i++ {
			dst[i] -= 'a' - 'A'
		}
	}
	return dst
}

// appendPhone appends a French mobile number in E.164; there are 200 million.
func (p population) appendPhone(dst []byte, person uint64) []byte {
	const numbers, odd = 200_000_000, 123_456_789 // coprime: numbers never meet
	number := (p.household(person)*odd + p.seed%numbers) % numbers
	dst = append(dst, "+33"...)
	return strconv.AppendUint(dst, 600_000_000+number, 10)
}

func (p population) appendToken(dst []byte, person uint64) []byte {
	random := p.draw(person, tokenTrait)
	for range 4 {
		random = mix(random + golden)
		dst = appendHex(dst, random, 16)
	}
	return dst
}

var (
	firstNames = []string{
		"ada", "bruno", "chiara", "dmitri", "elena", "farid", "grace", "hugo",
		"ines", "jonas", "keiko", "luca", "marie", "nadia", "oscar", "paula",
	}
	lastCities = []string{
		"Paris", "Lyon", "Berlin", "Milano", "Madrid", "Porto", "Boston", "Osaka",
		"Leeds", "Ghent", "Turin", "Nantes", "Bremen", "Sevilla", "Kyoto", "Denver",
	}
	domains   = []string{"mail.example", "post.example", "inbox.example.org", "corp.example.com"}
	countries = []string{"FR", "DE", "IT", "ES", "PT", "US", "JP", "GB"}
)
