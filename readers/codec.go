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
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// codec decompresses the pages of one column chunk into buffers of the size
// that their headers claim. The Parquet library's codecs grow the buffer for
// as long as the page goes on, so that a page of a kilobyte can take all
// memory; here a page that would outgrow its claim is an error.
type codec struct {
	format format.CompressionCodec
	gzip   *gzip.Reader
	brotli *brotli.Reader
	zstd   *zstd.Decoder // only for frames that do not say their size
}

func newCodec(c format.CompressionCodec) (*codec, error) {
	switch c {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd, format.Lz4Raw:
		return &codec{format: c}, nil
	}
	return nil, fmt.Errorf("compressed with %s, which is not supported", c)
}

func (c *codec) none() bool { return c.format == format.Uncompressed }

var errPageSize = errors.New("the page decompresses to another size than it claims")

// decode fills dst from src.
func (c *codec) decode(dst, src []byte) error {
	if len(dst) == 0 && len(src) == 0 {
		return nil // a page of nulls; some writers leave out the empty frame
	}
	switch c.format {
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

func (c *codec) decodeZstd(dst, src []byte) error {
	var h zstd.Header
	if err := h.Decode(src); err != nil {
		return err
	}
	var out []byte
	var err error
	if h.HasFCS {
		if h.FrameContentSize != uint64(len(dst)) {
			return errPageSize
		}
		out, err = parquet.Zstd.Decode(dst[:0:len(dst)], src)
	} else {
		if c.zstd == nil {
			if c.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true)); err != nil {
				return err
			}
		}
		out, err = c.zstd.DecodeAll(src, dst[:0:len(dst)])
	}
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
