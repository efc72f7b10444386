package readers

import (
	"bytes"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/memory"
)

// A buffer that comes again shows nothing of what it held.
func TestRecyclerClears(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	r := newRecycler(mem)
	defer r.close()
	for _, size := range []int{1, 64, leastRecycled - 1, leastRecycled, 100_000, mostRecycled, mostRecycled + 1} {
		first := r.Allocate(size)
		if len(first) != size {
			t.Fatalf("got a buffer of %d bytes, want %d", len(first), size)
		}
		scribble(first[:cap(first)])
		at := &first[0]
		r.Free(first)
		smaller := size - size/16
		second := r.Allocate(smaller)
		if recyclable(roomFor(size)) && roomFor(size) == roomFor(smaller) && &second[0] != at {
			t.Errorf("got another buffer of %d bytes, want that of %d again", smaller, size)
		}
		if n := len(bytes.Trim(second, "\x00")); n != 0 || len(second) != smaller {
			t.Errorf("got %d bytes of which %d are what was there before, want %d zeros", len(second), n, smaller)
		}
		second = r.Reallocate(size, second)
		if n := len(bytes.Trim(second, "\x00")); n != 0 || len(second) != size {
			t.Errorf("got %d bytes of which %d are what was there before, want %d zeros", len(second), n, size)
		}
		r.Free(second)
	}
}

func scribble(b []byte) {
	for i := range b {
		b[i] = 0xA5
	}
}

func TestRecyclerReallocates(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	r := newRecycler(mem)
	defer r.close()
	b := r.Allocate(leastRecycled)
	copy(b, "answer")
	for _, size := range []int{100, leastRecycled, 3 * leastRecycled, mostRecycled + 1, 10} {
		if b = r.Reallocate(size, b); len(b) != size || string(b[:6]) != "answer" {
			t.Fatalf("got %d bytes beginning with %q, want %d that begin as before", len(b), b[:6], size)
		}
	}
	r.Free(b)
}

// What is kept is bounded, and given up at the end; what comes back later goes
// where it came from.
func TestRecyclerKeepsLittle(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	r := newRecycler(mem)
	var buffers [][]byte
	for range 2 * mostKept / mostRecycled {
		buffers = append(buffers, r.Allocate(mostRecycled))
	}
	late := r.Allocate(leastRecycled)
	for _, b := range buffers {
		r.Free(b)
	}
	if got, want := mem.CurrentAlloc(), mostKept+leastRecycled; got != want {
		t.Errorf("got %d bytes kept, want %d", got, want)
	}
	r.close()
	if got := mem.CurrentAlloc(); got != leastRecycled {
		t.Errorf("got %d bytes at the end, want %d", got, leastRecycled)
	}
	r.Free(late)
	mem.AssertSize(t, 0)
}

func TestRoomFor(t *testing.T) {
	for size := 1; size < 1<<20; size += 1 + size/100 {
		if room := roomFor(size); room < size || 4*room > 5*size+4 || roomFor(room) != room {
			t.Errorf("got room for %d in a buffer of %d, want a quarter more at most", roomFor(size), size)
		}
	}
}
