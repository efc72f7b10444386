package readers

import (
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back a zstd frame may refer, and so the memory that one
// takes: what zstd --ultra writes, and --long.
const maxWindow = 128 << 20

// stream is the text of a file, decompressed where its name says so.
type stream struct {
	io.Reader
	zstd *zstd.Decoder
}

func openStream(path string, from io.Reader) (*stream, error) {
	_, compression := extension(path)
	switch compression {
	case ".gz":
		r, err := gzip.NewReader(from)
		return &stream{Reader: r}, damaged(compression, err)
	case ".zst":
		d, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		return &stream{Reader: d, zstd: d}, err
	}
	return &stream{Reader: from}, nil
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("decompress: %w", err)
	}
	return n, err
}

// damaged says what is wrong with the start of a compressed file.
func damaged(compression string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty, not even compressed")
	}
	return fmt.Errorf("not compressed as %s says: %w", compression, err)
}

func (s *stream) close() {
	if s.zstd != nil {
		s.zstd.Close()
	}
}
