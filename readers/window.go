package readers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

const (
	// maxRecord bounds the bytes of a record of text, and so the memory that a
	// file takes.
	maxRecord = 16 << 20
	// windowBytes is how much of a file is looked at a time.
	windowBytes = 256 << 10
)

// mark is where a record begins.
type mark struct {
	offset int64 // in the text, decompressed
	line   int64 // counted from one
}

// window is the text of a file from the next record on, as much of it as one
// record needs.
type window struct {
	from    io.Reader
	buf     []byte
	start   int // of what is not yet taken
	end     int
	next    mark // of buf[start]
	ended   bool // nothing comes behind end
	checked int  // what lies before it is text; unchecked where nobody asks

	signs   signs
	ends    places // of fields and lines in buf
	feeds   places // the line feeds among them
	noted   int    // what lies before it is in ends and feeds
	seen    seen   // in what was read
	returns bool   // there are carriage returns in it

	sum    xxh3.Hasher // of what was checked and passed
	summed int         // what lies before it is in the sum
}

// unchecked is the place up to which text was checked that was read before.
const unchecked = -1

// room is the memory of a window.
type room struct {
	buf         []byte // of whole blocks, at least one
	ends, feeds places
}

func newRoom(bytes int) *room {
	blocks := bytes/blockBytes + 1
	return &room{make([]byte, blocks*blockBytes), make(places, blocks+2), make(places, blocks+2)}
}

// newWindow begins at a mark.
func newWindow(from io.Reader, at mark, s signs, r *room) *window {
	r.ends[0], r.feeds[0] = 0, 0 // nothing is there yet
	return &window{from: from, buf: r.buf, ends: r.ends, feeds: r.feeds, next: at, signs: s}
}

// text is what is in the window.
func (w *window) text() []byte { return w.buf[w.start:w.end] }

// take passes the next n bytes, which end that many lines.
func (w *window) take(n int, lines int64) {
	w.start += n
	w.next.offset += int64(n)
	w.next.line += lines
}

// more reads on. It is an error where the record that begins in the window is
// longer than one may be. At the end of the text it sets ended.
func (w *window) more() error {
	if w.start > 0 {
		w.add()
		w.summed = 0
		w.end = copy(w.buf, w.buf[w.start:w.end])
		w.checked = max(w.checked-w.start, unchecked)
		w.start, w.noted, w.seen, w.returns = 0, 0, 0, false
	}
	if w.end == len(w.buf) {
		if w.end >= maxRecord {
			return w.failed(fmt.Sprintf("a record of more than %d bytes; if none should be so long, a quote before it was never closed", maxRecord))
		}
		grown := newRoom(min(2*len(w.buf), maxRecord) - 1)
		copy(grown.buf, w.buf)
		copy(grown.ends, w.ends)
		copy(grown.feeds, w.feeds)
		w.buf, w.ends, w.feeds = grown.buf, grown.ends, grown.feeds
	}
	n, err := w.from.Read(w.buf[w.end:])
	w.end += n
	w.ended = errors.Is(err, io.EOF)
	w.note() // what was moved stands elsewhere, whatever else went wrong
	if err != nil && !w.ended {
		return unwrapPath(err)
	}
	return w.check()
}

// note notes the ends in what was read, and what else it has. The block that the text
// ends in is filled up with blanks and noted again with what comes.
func (w *window) note() {
	from, to := w.noted/blockBytes, (w.end+blockBytes-1)/blockBytes
	for i := w.end; i < to*blockBytes; i++ {
		w.buf[i] = ' '
	}
	found := w.signs.find(w.ends[from:to], w.feeds[from:to], w.buf[from*blockBytes:])
	w.seen |= found
	w.returns = w.returns || found&seenControl != 0 && bytes.IndexByte(w.buf[from*blockBytes:w.end], '\r') >= 0
	if part := uint(w.end) % blockBytes; part > 0 {
		w.ends[to-1] &= 1<<part - 1 // a blank may be the end of fields
	}
	w.ends[to], w.feeds[to] = 0, 0
	w.noted = w.end
}

// check makes sure that what was read is text, in UTF-8 and without NUL bytes.
func (w *window) check() error {
	switch {
	case w.checked == unchecked:
		return nil
	case w.seen&(seenControl|seenHigh) == 0:
		w.checked = w.end // ASCII, and none of it a control character
		return nil
	}
	fresh := w.buf[w.checked:w.end]
	if i := bytes.IndexByte(fresh, 0); i >= 0 {
		return w.at(w.checked+i, "a NUL byte: the file is no text, in UTF-16, or damaged")
	}
	if !w.ended {
		fresh = fresh[:len(fresh)-incomplete(fresh)]
	}
	if !utf8.Valid(fresh) {
		i := 0
		for r, n := utf8.DecodeRune(fresh); r != utf8.RuneError || n > 1; r, n = utf8.DecodeRune(fresh[i:]) {
			i += n
		}
		return w.at(w.checked+i, "bytes that are not UTF-8; convert the file")
	}
	w.checked += len(fresh)
	return nil
}

// attend begins to check and to sum at what comes next, whatever was before.
func (w *window) attend() error {
	w.checked, w.summed = max(w.checked, w.start), w.start
	w.sum.Reset()
	return w.check()
}

// add adds what was passed to the sum.
func (w *window) add() {
	if w.checked != unchecked {
		_, _ = w.sum.Write(w.buf[w.summed:w.start])
		w.summed = w.start
	}
}

// digest is that of all that was passed.
func (w *window) digest() []byte {
	w.add()
	sum := w.sum.Sum128().Bytes()
	return sum[:]
}

// incomplete is the number of bytes at the end of text that begin a character
// without ending it.
func incomplete(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if c := text[len(text)-n]; utf8.RuneStart(c) {
			if utf8.FullRune(text[len(text)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// at makes an error of what stands at a place in the window.
func (w *window) at(place int, text string) error {
	lines := bytes.Count(w.buf[w.start:place], []byte{'\n'})
	return fmt.Errorf("line %d: %s", w.next.line+int64(lines), text)
}

// failed makes an error of the record that begins in the window.
func (w *window) failed(text string) error {
	return fmt.Errorf("line %d: %s", w.next.line, text)
}

// line finds the end of the next line, its line feed left out; all of the text
// where it is the last. The error is io.EOF where there is none.
func (w *window) line() (end int, err error) {
	for {
		text := w.text()
		if end = w.feeds.next(w.start); end < w.end {
			return end - w.start, nil
		}
		if w.ended && len(text) == 0 {
			return 0, io.EOF
		}
		if w.ended {
			return len(text), nil
		}
		if err := w.more(); err != nil {
			return 0, err
		}
	}
}

// begin reads the first bytes of a file and passes the mark that some editors put
// before UTF-8. It refuses what is plainly something else.
func (w *window) begin() error {
	for !w.ended && len(w.text()) < 4 {
		if err := w.more(); err != nil {
			if kind := kindOfBytes(w.text()); kind != "" {
				return errors.New(kind)
			}
			return err
		}
	}
	if kind := kindOfBytes(w.text()); kind != "" {
		return errors.New(kind)
	}
	if bom := "\xEF\xBB\xBF"; bytes.HasPrefix(w.text(), []byte(bom)) {
		w.take(len(bom), 0)
	}
	return nil
}

// kindOfBytes says what a file is whose first bytes are those of no text.
func kindOfBytes(text []byte) string {
	for start, kind := range map[string]string{
		magic:              "a Parquet file, whose name must end in .parquet",
		"\x1F\x8B":         "compressed with gzip, so that its name must end in .gz",
		"\x28\xB5\x2F\xFD": "compressed with zstd, so that its name must end in .zst",
		"PK\x03\x04":       "a ZIP archive or a spreadsheet; save it as CSV in UTF-8",
		"\xFF\xFE":         "in UTF-16; convert it to UTF-8",
		"\xFE\xFF":         "in UTF-16; convert it to UTF-8",
	} {
		if bytes.HasPrefix(text, []byte(start)) {
			return kind
		}
	}
	return ""
}
