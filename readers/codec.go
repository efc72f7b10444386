package readers

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// codec decompresses pages into buffers of the size that their headers claim.
// The Parquet library's codecs grow the buffer for as long as the page goes on,
// so that a page of a kilobyte can take all memory; here a page that would
// outgrow its claim is an error. A codec serves all columns of a part, one
// after the other, and then those of another.
type codec struct {
	gzip   *gzip.Reader
	brotli *brotli.Reader
	zstd   *zstd.Decoder
}

func checkCodec(c format.CompressionCodec) error {
	switch c {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd, format.Lz4Raw:
		return nil
	}
	return fmt.Errorf("compressed with %s, which is not supported", c)
}

// mostBytes is what size bytes can become at most. A header that claims more is
// wrong, and is found out before memory is taken for it.
func mostBytes(by format.CompressionCodec, size int64) int64 {
	const few = 1 << 10
	switch by {
	case format.Uncompressed:
		return size
	case format.Snappy:
		return 32*size + few // a copy takes three bytes and makes 64
	case format.Lz4Raw:
		return 256*size + few // a byte adds 255 to a length
	case format.Gzip:
		return 1040*size + few // two bits make 258
	case format.Zstd:
		return 128<<10/4*size + 128<<10 // a block takes four bytes and makes 128 KiB
	}
	return maxPageSize
}

var errPageSize = errors.New("the page decompresses to another size than it claims")

// decode fills dst from src.
func (c *codec) decode(by format.CompressionCodec, dst, src []byte) error {
	if len(dst) == 0 && len(src) == 0 {
		return nil // a page of nulls; some writers leave out the empty frame
	}
	switch by {
	case format.Snappy:
		if n, err := snappy.DecodedLen(src); err != nil || n != len(dst) {
			return errPageSize
		}
		_, err := snappy.Decode(dst, src)
		return err
	case format.Lz4Raw:
		n, err := lz4.UncompressBlock(src, dst)
		if err == nil && n != len(dst) {
			err = errPageSize
		}
		return err
	case format.Gzip:
		if c.gzip == nil {
			c.gzip = new(gzip.Reader)
		}
		if err := c.gzip.Reset(bytes.NewReader(src)); err != nil {
			return err
		}
		return fill(dst, c.gzip)
	case format.Brotli:
		if c.brotli == nil {
			c.brotli = brotli.NewReader(nil)
		}
		if err := c.brotli.Reset(bytes.NewReader(src)); err != nil {
			return err
		}
		return fill(dst, c.brotli)
	}
	return c.decodeZstd(dst, src)
}

func (c *codec) decodeZstd(dst, src []byte) (err error) {
	if c.zstd == nil {
		c.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return err
		}
	}
	out, err := c.zstd.DecodeAll(src, dst[:0])
	switch {
	case err != nil:
		return err
	case len(out) != len(dst):
		return errPageSize
	case len(out) > 0 && &out[0] != &dst[0]:
		copy(dst, out) // the library took a buffer of its own
	}
	return nil
}

// fill reads exactly dst from r.
func fill(dst []byte, r io.Reader) error {
	if _, err := io.ReadFull(r, dst); err != nil {
		return noEOF(err)
	}
	var more [1]byte
	if n, err := io.ReadFull(r, more[:]); n > 0 || !errors.Is(err, io.EOF) {
		return errPageSize
	}
	return nil
}
