package jobs

import (
	"encoding/binary"

	"optout/pipeline"
	"optout/writers"
)

// readVanished reads the gate on the entries that lists had in the last published
// run and have no more: whoever they named would be reached. A list that only
// allows or exempts is not asked. Of those that could not be asked it lists the
// names, by why.
func (p *prepared) readVanished() (unread map[string][]string) {
	unread = map[string][]string{}
	for _, s := range p.screened {
		if p.last == nil || !s.forbids() {
			continue
		}
		old := p.before(p.last, &s.info)
		if why := p.cannotCompare(old); why != "" {
			unread[why] = append(unread[why], s.name)
		} else if old.Entries.Valid > 0 {
			p.readVanishedOf(s, old)
		}
	}
	return unread
}

// cannotCompare says why the entries of a list cannot be held against those of
// the last published run; it is empty where they can be. Sketches made with different
// keys have nothing in common, and without a key there is none.
func (p *prepared) cannotCompare(old *writers.Input) string {
	switch was := p.last.AddressHashKey; {
	case old == nil:
		return "the last published run had no such list"
	case len(p.plan.HashKey) == 0:
		return "it needs OPTOUT_HASH_KEY"
	case was == "":
		return "the last published run had no OPTOUT_HASH_KEY"
	case was != keyID(p.plan.HashKey):
		return "the last published run had another OPTOUT_HASH_KEY"
	case old.Entries == nil || old.Entries.Valid > 0 && len(old.Entries.Sketch) == 0:
		return "the last published run kept no fingerprints of entries"
	}
	return ""
}

func (p *prepared) readVanishedOf(s *screened, old *writers.Input) {
	was := decodeSketch(old.Entries.Sketch)
	gone, of := was.Vanished(decodeSketch(s.info.Entries.Sketch))
	what := "entries of " + p.last.Date + " gone"
	if int64(of) < old.Entries.Valid {
		what = "sampled " + what
	}
	p.gates.share(gateMaxVanished, s.name, int64(gone), int64(of), what, p.job.Gates.maxVanished())
}

// encodeSketch packs a sketch, eight bytes a fingerprint.
func encodeSketch(s pipeline.Sketch) (packed []byte) {
	for _, f := range s {
		packed = binary.BigEndian.AppendUint64(packed, f)
	}
	return packed
}

func decodeSketch(packed []byte) (s pipeline.Sketch) {
	for ; len(packed) >= 8; packed = packed[8:] {
		s = append(s, binary.BigEndian.Uint64(packed))
	}
	return s
}
