package jobs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// dataVersion changes when the same inputs give other data files, so that a run
// of an older program is not taken for one of this.
const dataVersion = 2

// runID names a run by all that its data files follow from: the job, the date,
// the content of the inputs, and the keys of address hashes and hashed lists. The same run has
// the same id on every machine.
func (p *prepared) runID(digests map[*input][]string, hashKey []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "optout %d\n%s\n%s\nkey %s\n", dataVersion, p.job.digest(), p.date, keyID(hashKey))
	for i, s := range p.screened {
		if s.HashKeyEnv != "" {
			fmt.Fprintf(h, "key of %q %s\n", s.name, keyID(p.plan.Screening[i].Hash.Key))
		}
	}
	for _, in := range p.inputs() {
		fmt.Fprintf(h, "input %q\n", in.subject())
		for i, f := range in.info.Files {
			// Quoted: a file name may hold anything.
			fmt.Fprintf(h, "%q %d %s\n", f.Path, f.Bytes, digests[in][i])
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// digest is the SHA-256 of the job file.
func (j *Job) digest() string { return digestOf(j.text) }

// digestOf is the SHA-256 of a text, in hex.
func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// keyID tells one key of address hashes from another without showing either.
func keyID(key []byte) string {
	if len(key) == 0 {
		return "none"
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("optout: id of the address hash key"))
	return hex.EncodeToString(mac.Sum(nil))[:8]
}
