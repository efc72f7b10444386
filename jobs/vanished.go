package jobs

import (
	"encoding/binary"

	"optout/pipeline"
)

// readVanished reads the gate on the entries that a list had in the last
// published run and has no more: whoever they named would be reached. A list that
// only allows or exempts is not asked. Sketches made with different keys have
// nothing in common, and without a key there is none.
func (p *prepared) readVanished(s *screened) {
	if p.last == nil || !s.forbids() || p.last.AddressHashKey != keyID(p.plan.HashKey) {
		return
	}
	old := p.before(p.last, &s.info)
	if old == nil || old.Entries == nil || len(old.Entries.Sketch) == 0 {
		return
	}
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
