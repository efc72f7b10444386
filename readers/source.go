package readers

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/apache/arrow/go/v15/arrow"
)

// maxBatch is the greatest number of rows of a record. Records are slices of
// decoded pages, so that most are smaller; their bounds depend on the file
// alone, never on the number of threads.
const maxBatch = 64 << 10

// records is what a part of a file holds. Next returns io.EOF after the last
// record; it may panic where the file is damaged. Close comes once.
type records interface {
	next() (arrow.Record, error)
	close() error
}

// A Source yields the records of one part, in order. It is not safe for
// concurrent use.
type Source struct {
	path string
	from records // nil once it is closed
	end  error   // what Next returned at the end
}

// Next returns the next record, which the caller must Release, or a nil record
// and io.EOF once the part is exhausted. It never returns a record and an error
// together, and never an empty record. What ended the source, it returns again.
// A text column comes as a Dictionary array where its page is dictionary-encoded, or
// where text has few words in it, and as a String array otherwise, so that the schema may
// change between records. Errors are *FileError.
func (s *Source) Next(ctx context.Context) (arrow.Record, error) {
	if s.end != nil {
		return nil, s.end
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	record, err := s.guarded()
	s.end = err
	return record, err
}

func (s *Source) guarded() (record arrow.Record, err error) {
	defer recoverDamage(s.path, &err)
	record, err = s.from.next()
	if file := (*FileError)(nil); err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &file) {
		err = &FileError{s.path, err}
	}
	return record, err
}

// Close releases what the source holds. Records taken from it stay valid.
func (s *Source) Close() error {
	s.end = cmp.Or(s.end, error(&FileError{s.path, fs.ErrClosed}))
	if s.from == nil {
		return nil
	}
	err := s.from.close()
	s.from = nil
	return err
}
