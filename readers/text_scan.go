package readers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"sync/atomic"
)

// textFormat is a content of text, whose records are read twice: first by what
// checks them.
type textFormat interface {
	text() []*textFile
	// checker checks stretches of a file in their order, and tells the content what it
	// finds out of them. Apart makes one that may check any stretch at any time; what
	// that one finds out join adds in the order of stretches, or reports false if a
	// checker must see the stretch to say what is wrong with it.
	checker(file int) checker
	apart(file int) checker
	join(apart checker) bool
}

// checker cuts records off a window and checks them: the next, and of those behind
// it that the window has as many as it likes, none of which begins at the limit of the
// stretch. At the end it returns io.EOF.
type checker interface {
	next(w *window, limit int64) (rows int64, err error)
}

// wrong says of an error, which may be nil, that it is one of a record.
func (m mark) wrong(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", m.line, err)
}

// textScan reads all text of an input for the first time, on several threads.
// Each takes the next stretch of a file, and guesses that a record begins behind
// its first line feed. Whether that was right, since it may have stood between
// quotes, and how many lines came before, is known once the stretch before is
// read. So they are joined in their order, and one that was guessed wrongly or
// has a fault is read again from where it does begin. On one thread nothing is
// guessed.
type textScan struct {
	format    textFormat
	files     []*textFile
	stretches []stretch
	next      atomic.Int64 // to be read

	mu     sync.Mutex
	joined int // stretches
	err    error
}

// stretch is the records of a file that begin between two multiples of a part's bytes.
// It becomes a part.
type stretch struct {
	file     int
	from, to mark
	limit    int64 // where what begins belongs to the next stretch
	rows     int64
	checker  checker
	apart    bool // it is read before all that come before it are joined
	guessed  bool // where it begins
	read     bool
	digest   []byte
	err      error
}

// scanText checks the files of a content and cuts them into parts of about so many
// bytes.
func scanText(ctx context.Context, format textFormat, threads int, partBytes int64) error {
	s := &textScan{format: format, files: format.text()}
	for i, f := range s.files {
		n := int64(1)
		if !f.isCompressed() {
			n = max(1, (f.info.Size()+partBytes-1)/partBytes)
		}
		for k := range n {
			s.stretches = append(s.stretches, stretch{file: i, from: mark{offset: k * partBytes}, limit: (k + 1) * partBytes})
		}
		s.stretches[len(s.stretches)-1].limit = math.MaxInt64
	}
	var wg sync.WaitGroup
	for range min(max(threads, 1), len(s.stretches)) {
		wg.Go(func() {
			for i := s.take(); i < len(s.stretches); i = s.take() {
				s.scan(ctx, &s.stretches[i])
				s.join(ctx, &s.stretches[i])
			}
		})
	}
	wg.Wait()
	return s.err
}

// take says which stretch to read next. If all before are joined, there is nothing
// to guess, and nobody else joins any until it is read.
func (s *textScan) take() int {
	i := int(s.next.Add(1) - 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || i >= len(s.stretches) {
		return len(s.stretches)
	}
	st := &s.stretches[i]
	st.apart = i > s.joined
	st.guessed = st.apart && st.from.offset > 0
	if !st.guessed {
		st.from = s.files[st.file].joined
	}
	if st.checker = s.format.checker(st.file); st.apart {
		st.checker = s.format.apart(st.file)
	}
	return i
}

// join adds a stretch that was read, and those read before that waited for it.
func (s *textScan) join(ctx context.Context, st *stretch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st.read = true; s.err == nil && s.joined < len(s.stretches) && s.stretches[s.joined].read; s.joined++ {
		s.err = s.settle(ctx, &s.stretches[s.joined])
	}
}

// settle makes a part of the next stretch.
func (s *textScan) settle(ctx context.Context, st *stretch) (err error) {
	f := s.files[st.file]
	defer recoverDamage(f.path, &err)
	if st.apart && (st.err != nil || st.from.offset != f.joined.offset || !s.format.join(st.checker)) {
		*st = stretch{file: st.file, from: f.joined, limit: st.limit, checker: s.format.checker(st.file)}
		s.scan(ctx, st)
	}
	if st.err != nil {
		return st.err
	}
	f.begins, f.parts = append(f.begins, f.joined), append(f.parts, st.rows)
	f.joined = mark{st.to.offset, f.joined.line + st.to.line - st.from.line}
	f.sums.Write(st.digest)
	st.checker, st.digest = nil, nil
	return nil
}

func (s *textScan) scan(ctx context.Context, st *stretch) {
	f := s.files[st.file]
	defer recoverDamage(f.path, &st.err)
	err := f.scan(ctx, st)
	if file := (*FileError)(nil); err != nil && ctx.Err() == nil && !errors.As(err, &file) {
		err = &FileError{f.path, err}
	}
	st.err = err
}

// scan checks the records of a stretch.
func (f *textFile) scan(ctx context.Context, st *stretch) (err error) {
	from := st.from
	if st.guessed {
		from.offset-- // a line feed there ends what is before
	}
	w, err := f.source(from, f.info.Size()-from.offset, func(osFile *os.File) io.Reader {
		return &stretchReader{osFile: osFile, at: from.offset, limit: st.limit}
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if st.guessed {
		w.checked = unchecked
		err = st.begin(w.window)
	}
	for n := 0; err == nil && w.next.offset < st.limit; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var rows int64
		if rows, err = st.checker.next(w.window, st.limit); err == nil {
			st.rows += rows
		} else if st.guessed && st.rows == 0 && !errors.Is(err, io.EOF) {
			err = st.begin(w.window) // perhaps with the next line
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	st.to, st.digest = w.next, w.digest()
	return f.unchanged(w.osFile)
}

// begin passes a line, and guesses that a record begins behind it.
func (st *stretch) begin(w *window) error {
	end, err := w.line()
	if err == nil {
		w.take(min(end+1, len(w.text())), 1)
		err = w.attend()
	}
	st.from = w.next
	return err
}

// stretchReader reads a stretch, so that nothing behind it is in the window until
// its last record needs it, or a guess was wrong, and then on, little at first: what is
// there is read by others, too.
type stretchReader struct {
	osFile    *os.File
	at, limit int64
}

func (r *stretchReader) Read(p []byte) (int, error) {
	most := r.limit - r.at
	if most <= 0 {
		most = headBytes - most
	}
	n, err := r.osFile.ReadAt(p[:min(int64(len(p)), most)], r.at)
	r.at += int64(n)
	return n, err
}
