package pipeline

import "optout/pipeline/identity"

// A run takes its recipients in partitions where all of them at once would need
// more memory than it may have. Recipients are parted by the hash of their key,
// the address where the channel has one and else the profile, so that two rows
// for one recipient are in one partition. Each partition reads the keys of the
// lists and the snapshots again; what is left of it is a verdict a row.

// partition is one of several.
type partition struct{ number, of uint32 }

// has reports whether a key of that hash belongs to the partition. An index looks at
// the other half of the hash.
func (p partition) has(hash uint64) bool { return uint32(hash)%p.of == p.number }

// onlyPartition has all keys.
func onlyPartition() partition { return partition{of: 1} }

// hashers make the keys of a run: the same in every partition.
type hashers struct {
	people, campaigns hasher
	addresses         [numKinds]hasher
}

func newHashers() *hashers {
	h := &hashers{people: newHasher(), campaigns: newHasher()}
	for k := range h.addresses {
		h.addresses[k] = newHasher()
	}
	return h
}

const (
	// rowCost is what a planned row needs to the end of the run: its verdict, where
	// up to three in five have evidence with a time.
	rowCost = 8
	// recipientCost is what a planned row needs while its partition is matched,
	// the facts apart: places in two indexes and their keys, an address of some
	// thirty bytes, its slots and when it is sent. Measured, rows of few lists being
	// mostly of different people.
	recipientCost = 100
	// markCost, groupCost and digestCost are for screening lists.
	markCost, groupCost, digestCost = 8, 8, 12
	// deviceCost is for the device of a planned person: its token of some hundred and
	// fifty bytes, its places and its marks.
	deviceCost = 200
	// changeCost is for an event, and logCost for a planned row where there are some.
	changeCost, logCost = 64, 8
	// workCost is what a thread needs to decode and match.
	workCost = 64 << 20

	maxPartitions = 256
)

// Partitions is how many parts the recipients must be taken in to stay within
// the memory limit. A limit that even the smallest parts would pass is not kept.
func (p *Plan) Partitions() int {
	rows, most := p.plannedRows(), p.MemoryLimit
	if most <= 0 {
		return 1
	}
	// A quarter is left to the garbage collector.
	room := most/4*3 - rows*rowCost - int64(max(p.Threads, 1))*workCost
	need := rows*(recipientCost+p.subjectSize()+p.screeningCost()) + p.eventsCost(rows)
	if need <= room {
		return 1
	}
	// Where verdicts and threads leave next to nothing, an eighth will do.
	room = max(room, most/8)
	return int(min(max((need+room-1)/room, 2), maxPartitions))
}

// screeningCost is what a planned row needs for screening lists: the number of its
// marks for each key, and a place for each way in which entries are hashed.
func (p *Plan) screeningCost() (bytes int64) {
	if len(p.Screening) == 0 {
		return 0
	}
	digests := map[digestKey]bool{}
	for i := range p.Screening {
		for _, m := range p.Screening[i].matches() {
			if p.Screening[i].Hash.Algorithm != identity.Clear {
				digests[p.Screening[i].digestKey(m, false)] = true
			}
			if m.Domain || m.Widened != (identity.Widening{}) {
				bytes = max(bytes, groupCost)
			}
		}
	}
	if p.needsOwned() {
		bytes += deviceCost
	}
	return bytes + markCost + int64(len(digests))*digestCost
}

// eventsCost is what so many planned rows need for event logs, if every event is
// about one of them, or as many are as there are rows.
func (p *Plan) eventsCost(rows int64) (bytes int64) {
	if len(p.Events) == 0 {
		return 0
	}
	events := int64(0)
	for i := range p.Events {
		events += p.Events[i].Table.NumRows()
	}
	if p.asksOwners() {
		bytes = rows * recipientCost / 2
	}
	return bytes + rows*logCost + min(events, 2*rows)*changeCost
}

func (p *Plan) plannedRows() (rows int64) {
	for i := range p.Lists {
		rows += p.Lists[i].Keys.NumRows()
	}
	return rows
}
