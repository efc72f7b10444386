package readers

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
)

// partBytes is about how much text is a part.
const partBytes = 4 << 20

// textFile is one file of text that has been read once and found well-formed. Its
// index says where parts begin; a compressed file is one part, since there is no
// beginning in the middle.
type textFile struct {
	*diskFile
	begins []mark    // of each part
	joined mark      // the end of the last of them; at first of the header
	sums   hash.Hash // of their digests
	signs  signs     // of its format
	spare  sync.Pool // of windows' rooms, for windowBytes
}

// cutter cuts the next record off a window. It returns io.EOF behind the last
// one. The record is valid until the next call; at is where it begins.
type cutter interface {
	cut(w *window) (record []byte, at mark, err error)
}

// headBytes is how much of a file is looked at before the reading of records.
const headBytes = 16 << 10

// openText opens a file of text and reads what stands before its records with
// header.
func openText(path string, signs signs, header func(w *window) error) (f *textFile, err error) {
	defer recoverDamage(path, &err)
	disk, osFile, err := openDisk(path)
	if err != nil {
		return nil, err
	}
	defer osFile.Close()
	f = &textFile{diskFile: disk, sums: sha256.New(), signs: signs}
	s, err := openStream(path, osFile)
	if err != nil {
		return nil, &FileError{path, err}
	}
	defer s.close()
	w := newWindow(s, mark{line: 1}, signs, newRoom(headBytes))
	if err = w.begin(); err == nil {
		err = header(w)
	}
	if err != nil {
		return nil, &FileError{path, err}
	}
	f.joined = w.next
	f.sums.Write(w.digest())
	return f, nil
}

func (f *textFile) isCompressed() bool {
	_, compression := extension(f.path)
	return compression != ""
}

// end is where a part ends.
func (f *textFile) end(part int) int64 {
	if part+1 < len(f.begins) {
		return f.begins[part+1].offset
	}
	return f.joined.offset
}

// recordBytes is how many bytes a record of a part has on average.
func (f *textFile) recordBytes(part int) int {
	return int((f.end(part) - f.begins[part].offset) / f.parts[part])
}

// room is that of a window of so much text. The next window of the file takes it over:
// left to the collector, those of all parts cost a fifth of the reading.
func (f *textFile) room(size int64) *room {
	if size < windowBytes {
		return newRoom(int(size))
	}
	if r, ok := f.spare.Get().(*room); ok {
		return r
	}
	return newRoom(windowBytes - 1)
}

// textSource is some of the text of a file.
type textSource struct {
	*window
	file   *textFile
	room   *room // that it began with
	osFile *os.File
	stream *stream
}

// source opens the text of a file from a mark on. Read makes a reader of a file
// that is not compressed.
func (f *textFile) source(from mark, size int64, read func(*os.File) io.Reader) (*textSource, error) {
	osFile, err := f.reopen()
	if err != nil {
		return nil, err
	}
	s := &textSource{file: f, osFile: osFile}
	if !f.isCompressed() {
		s.room = f.room(size)
		s.window = newWindow(read(osFile), from, f.signs, s.room)
		return s, nil
	}
	if s.stream, err = openStream(f.path, osFile); err == nil {
		s.room = f.room(windowBytes)
		s.window = newWindow(s.stream, from, f.signs, s.room)
		_, err = io.CopyN(io.Discard, s.stream, from.offset)
	}
	if err != nil {
		return nil, &FileError{f.path, errors.Join(noEOF(err), s.close())}
	}
	return s, nil
}

// openPart opens the text of a part. It was checked before.
func (f *textFile) openPart(part int) (*textSource, error) {
	from, size := f.begins[part], f.end(part)-f.begins[part].offset
	s, err := f.source(from, size, func(osFile *os.File) io.Reader { return io.NewSectionReader(osFile, from.offset, size) })
	if err == nil {
		s.checked = unchecked
	}
	return s, err
}

func (s *textSource) close() error {
	if s.stream != nil {
		s.stream.close()
	}
	if s.window != nil && len(s.room.buf) == windowBytes {
		s.file.spare.Put(s.room)
		s.window = nil // nobody reads on in what the next has
	}
	return s.osFile.Close()
}

// place finds the line of a row by reading on from the beginning of its part.
func (f *textFile) place(c cutter, row int64) string {
	for part, rows := range f.parts {
		if row >= rows {
			row -= rows
			continue
		}
		s, err := f.openPart(part)
		if err != nil {
			break
		}
		line, err := s.lineOf(c, row)
		if err = errors.Join(err, s.close()); err != nil {
			break
		}
		return fmt.Sprintf("line %d", line)
	}
	return "an unknown line" // the file is no longer what it was
}

func (s *textSource) lineOf(c cutter, row int64) (int64, error) {
	for ; ; row-- {
		_, at, err := c.cut(s.window)
		if err != nil || row == 0 {
			return at.line, err
		}
	}
}
