package readers_test

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"optout/readers"
)

var every = flag.Bool("every", false, "damage every byte of the interop files' footers, however long, and many of their pages: takes half an hour")

// TestDamage reads damaged copies of every interop file: bytes changed
// throughout the footer, the page headers and the pages, and ends cut off. A
// damaged file gives an error that names it, or every row; it never panics,
// hangs, takes memory out of proportion or keeps any.
func TestDamage(t *testing.T) {
	for _, path := range interopFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".parquet"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d := newDamaged(t, text)
			for _, at := range d.positions() {
				d.change(at)
			}
			for _, length := range d.lengths() {
				d.cut(length)
			}
			t.Logf("%d copies, %d refused", d.copies, d.refused)
			if d.refused == 0 {
				t.Error("got no error from any damaged copy")
			}
		})
	}
}

// damaged makes and reads damaged copies of a file, one after the other at the
// same path.
type damaged struct {
	t               *testing.T
	path            string
	file            *os.File
	text            []byte
	rows            int64
	copies, refused int
}

func newDamaged(t *testing.T, text []byte) *damaged {
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	d := &damaged{t: t, path: path, file: file, text: text}
	if d.rows, err = readAll(path, memory.NewGoAllocator()); err != nil {
		t.Fatal(err)
	}
	return d
}

// change reads a copy with the byte at a position changed: all its bits, or one.
func (d *damaged) change(at int) {
	flips := [...]byte{0xFF, 1 << (at % 8)}
	for i, flip := range flips {
		if i == at/2%2 || *every {
			d.write(at, d.text[at]^flip)
			d.read(fmt.Sprintf("byte %d changed by %#x", at, flip))
		}
	}
	d.write(at, d.text[at])
}

func (d *damaged) write(at int, b byte) {
	if _, err := d.file.WriteAt([]byte{b}, int64(at)); err != nil {
		d.t.Fatal(err)
	}
}

// cut reads a copy that ends early. Lengths must fall.
func (d *damaged) cut(length int) {
	if err := d.file.Truncate(int64(length)); err != nil {
		d.t.Fatal(err)
	}
	d.read(fmt.Sprintf("cut to %d bytes", length))
}

const (
	copyMemory = 64 << 20
	copyTime   = 30 * time.Second
)

func (d *damaged) read(how string) {
	d.t.Helper()
	watch := time.AfterFunc(copyTime, func() { panic(d.t.Name() + ": hangs with " + how) })
	defer watch.Stop()
	d.copies++
	mem := &counted{Allocator: memory.NewGoAllocator()}
	before := allocated()
	rows, err := readAll(d.path, mem)
	var file *readers.FileError
	switch {
	case err != nil && (!errors.As(err, &file) || file.File != d.path):
		d.t.Errorf("%s: got %v, want a *FileError that names the file", how, err)
	case err != nil && strings.Contains(err.Error(), "the file is damaged: "):
		d.t.Errorf("%s: panic: %v", how, err)
	case err != nil:
		d.refused++
	case rows != d.rows:
		d.t.Errorf("%s: got %d rows and no error, want %d", how, rows, d.rows)
	}
	if took := allocated() - before; took > copyMemory {
		d.t.Errorf("%s: took %d bytes of memory for a file of %d", how, took, len(d.text))
	}
	if mem.live != 0 {
		d.t.Errorf("%s: kept %d bytes", how, mem.live)
	}
}

// positions are the bytes to change: those of the footer and what follows it,
// the heads of the column chunks, where page headers stand, and the pages. Of
// many, some are taken at even distances, others for every file.
func (d *damaged) positions() []int {
	size := len(d.text)
	footer := size - 8 - int(binary.LittleEndian.Uint32(d.text[size-8:]))
	var at, heads []int
	for _, start := range chunkStarts(d.t, d.path) {
		for i := start; i < min(start+32, footer); i++ {
			heads = append(heads, i)
		}
	}
	at = append(at, d.some(span(footer, size-8), 220)...)
	at = append(at, span(size-8, size)...)
	at = append(at, d.some(heads, 80)...)
	return append(at, d.some(span(4, footer), 60)...)
}

// lengths are where to cut, the longest first.
func (d *damaged) lengths() []int {
	lengths := d.some(span(0, len(d.text)), 30)
	slices.Reverse(lengths)
	return lengths
}

// some takes about n of the positions, unless every one is wanted.
func (d *damaged) some(all []int, n int) (some []int) {
	step := max(1, (len(all)+n-1)/n)
	if *every {
		step = 1 + len(all)/30000
	}
	for i := len(d.text) % step; i < len(all); i += step {
		some = append(some, all[i])
	}
	return some
}

func span(from, to int) (all []int) {
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// readAll reads every column of a file as it is stored and counts the rows.
func readAll(path string, mem memory.Allocator) (rows int64, err error) {
	in, err := readers.Open(context.Background(), []string{path}, readers.Options{}, mem)
	if err != nil {
		return 0, err
	}
	table, err := in.Rows()
	if err != nil {
		return 0, err
	}
	err = eachRecord(table, func(r arrow.Record) { rows += r.NumRows() })
	if err == nil && rows != in.NumRows() {
		err = fmt.Errorf("the parts have %d rows, the input %d", rows, in.NumRows())
	}
	return rows, err
}

// counted counts the bytes that are held. It is cheaper than Arrow's checked
// allocator, which notes where each was taken.
type counted struct {
	memory.Allocator
	live, most int
}

func (c *counted) Allocate(size int) []byte {
	c.hold(size)
	return c.Allocator.Allocate(size)
}

func (c *counted) Reallocate(size int, b []byte) []byte {
	c.hold(size - len(b))
	return c.Allocator.Reallocate(size, b)
}

func (c *counted) Free(b []byte) {
	c.hold(-len(b))
	c.Allocator.Free(b)
}

func (c *counted) hold(size int) {
	c.live += size
	c.most = max(c.most, c.live)
}

// allocated is how many bytes the process has ever taken.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
