package readers

import (
	"math/bits"
	"sync"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// recycler is the allocator of one part. The buffers of a record that was
// released it hands out again for the next, cleared: decoding makes the same
// buffers for every record, and left to the collector they cost a scan a third of
// its time (BenchmarkScan shows a seventh of the garbage).
type recycler struct {
	mem memory.Allocator

	mu     sync.Mutex
	spare  map[int][][]byte // by their capacity
	kept   int              // bytes of spare
	closed bool
}

const (
	leastRecycled = 4 << 10 // bytes; smaller buffers cost little
	mostRecycled  = 4 << 20
	mostKept      = 8 << 20
)

func newRecycler(mem memory.Allocator) *recycler {
	return &recycler{mem: mem, spare: map[int][][]byte{}}
}

// roomFor is the capacity of a buffer of size bytes, at most a quarter more, so
// that pages of nearly one size share their buffers.
func roomFor(size int) int {
	step := 1 << max(0, bits.Len(uint(size))-3)
	return (size + step - 1) / step * step
}

func recyclable(size int) bool { return leastRecycled <= size && size <= mostRecycled }

// Allocate returns a buffer of zeros.
func (r *recycler) Allocate(size int) []byte {
	room := roomFor(size)
	if !recyclable(room) {
		b := r.mem.Allocate(size)
		return b[:size:size]
	}
	if b := r.take(room); b != nil {
		b = b[:size]
		clear(b)
		return b
	}
	b := r.mem.Allocate(room)
	return b[:size:room]
}

func (r *recycler) take(room int) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	spare := r.spare[room]
	if len(spare) == 0 {
		return nil
	}
	last := len(spare) - 1
	b := spare[last]
	r.spare[room] = spare[:last]
	r.kept -= room
	return b
}

// Reallocate returns a buffer of another size that begins as b does.
func (r *recycler) Reallocate(size int, b []byte) []byte {
	if n := len(b); size <= cap(b) {
		b = b[:size]
		clear(b[min(n, size):])
		return b
	}
	bigger := r.Allocate(size)
	copy(bigger, b)
	r.Free(b)
	return bigger
}

// Free takes a buffer back.
func (r *recycler) Free(b []byte) {
	room := cap(b)
	if recyclable(room) && r.keep(b[:0], room) {
		return
	}
	r.mem.Free(b[:room])
}

func (r *recycler) keep(b []byte, room int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.kept+room > mostKept {
		return false
	}
	r.spare[room] = append(r.spare[room], b)
	r.kept += room
	return true
}

// close gives up the buffers. Records that are still there give back theirs
// when they are released.
func (r *recycler) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for room, spare := range r.spare {
		for _, b := range spare {
			r.mem.Free(b[:room])
		}
	}
	r.spare, r.kept, r.closed = nil, 0, true
}
