package readers

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	readBuffer    = 256 << 10 // bytes read at a time where pages are small
	headerPeek    = 4 << 10   // enough for all but page headers with long statistics
	maxPageHeader = 4 << 20
	sizeSlack     = 64 << 10  // writers differ in what the size of a chunk includes
	maxPageSize   = 512 << 20 // a page is about a megabyte; this bounds what a hostile one costs
	maxEntries    = 16 << 20  // of a page; writers end one long before, even where all is null
)

// page is one data page, taken apart but not yet decoded.
type page struct {
	numEntries int    // values and nulls
	numRows    int    // entries that start a row
	rep, def   []byte // a level an entry; nil where the column has no such level
	numValues  int    // entries that have a value
	encoding   format.Encoding
	values     []byte         // encoded
	owner      *memory.Buffer // holds values, where they start a buffer of their own; else nil
}

func (p *page) release() {
	if p.owner != nil {
		p.owner.Release()
		p.owner = nil
	}
}

// pageReader walks the pages of one column chunk. The library's own page
// reader trusts page headers: one that claims too many values hands out what a
// pooled buffer held before, another person's data. Here every claim is checked
// against the chunk, and values are decoded into buffers of their own.
type pageReader struct {
	*pageBuffers
	meta   *format.ColumnMetaData
	mem    memory.Allocator
	codec  *codec
	left   int64 // bytes of the chunk not yet read
	rows   int64 // rows that the row group has
	seen   struct{ entries, rows, nulls, bytes int64 }
	dict   *page // the dictionary page, until the column takes it
	proto  thrift.CompactProtocol
	hdr    format.PageHeader
	maxRep int
	maxDef int
}

func newPageReader(r io.ReaderAt, leaf *parquet.Column, meta *format.ColumnMetaData, rows int64, buffers *pageBuffers, codec *codec, mem memory.Allocator) *pageReader {
	start, size := chunkRange(meta)
	buffers.reset(io.NewSectionReader(r, start, size), size)
	return &pageReader{
		pageBuffers: buffers, meta: meta, mem: mem, codec: codec, left: size, rows: rows,
		maxRep: leaf.MaxRepetitionLevel(), maxDef: leaf.MaxDefinitionLevel(),
	}
}

// next returns the next data page, or io.EOF after the last one. A dictionary
// page met on the way is left in r.dict. The page's levels are valid until the
// next call; its values until release.
func (r *pageReader) next() (*page, error) {
	for {
		if r.seen.entries == r.meta.NumValues {
			return nil, r.end()
		}
		if err := r.header(); err != nil {
			return nil, fmt.Errorf("read page header: %w", err)
		}
		switch r.hdr.Type {
		case format.DataPage, format.DataPageV2:
			p, err := r.dataPage()
			if err != nil {
				return nil, fmt.Errorf("read page: %w", err)
			}
			r.seen.entries += int64(p.numEntries)
			r.seen.rows += int64(p.numRows)
			r.seen.nulls += int64(p.numEntries - p.numValues)
			if r.seen.entries > r.meta.NumValues || r.seen.rows > r.rows {
				p.release()
				return nil, fmt.Errorf("its pages hold more than the %d values and %d rows of the chunk", r.meta.NumValues, r.rows)
			}
			return p, nil
		case format.DictionaryPage:
			if err := r.dictionaryPage(); err != nil {
				return nil, fmt.Errorf("read dictionary: %w", err)
			}
		default: // an index page holds no values
			if _, err := r.r.Discard(int(r.hdr.CompressedPageSize)); err != nil {
				return nil, err
			}
		}
	}
}

// end is io.EOF where the pages held what the footer says, and nothing follows
// that it does not know of.
func (r *pageReader) end() error {
	if r.seen.rows != r.rows {
		return fmt.Errorf("its pages hold %d rows, the row group %d", r.seen.rows, r.rows)
	}
	// A level that turned into a null moves all values behind it by a row. Zero
	// may only mean that the nulls were not counted.
	if nulls := r.meta.Statistics.NullCount; nulls > 0 && nulls != r.seen.nulls && r.maxRep == 0 {
		return fmt.Errorf("its pages hold %d nulls, its statistics %d", r.seen.nulls, nulls)
	}
	// Bytes that are no page are not minded: writers differ in what they count
	// as the chunk's.
	if r.left > 0 && r.header() == nil && (r.hdr.DataPageHeader.V.NumValues > 0 || r.hdr.DataPageHeaderV2.V.NumValues > 0) {
		return fmt.Errorf("its pages hold more than the %d values of the chunk", r.meta.NumValues)
	}
	r.left = 0
	return io.EOF
}

// header reads the next page header and checks its sizes against what the chunk
// has left.
func (r *pageReader) header() error {
	for size := headerPeek; ; size *= 4 {
		size = int(min(int64(size), r.left))
		if size > r.r.Size() {
			r.r = bufio.NewReaderSize(r.r, size)
		}
		text, err := r.r.Peek(size)
		if err != nil && len(text) == 0 {
			return noEOF(err)
		}
		n, err := measureThrift(text)
		if errors.Is(err, io.ErrUnexpectedEOF) && int64(size) < r.left && size < maxPageHeader {
			continue // the header may be longer
		}
		if err != nil {
			return err
		}
		r.hdr = format.PageHeader{}
		if err := thrift.NewDecoder(r.proto.NewReaderFromBytes(text[:n])).Decode(&r.hdr); err != nil {
			return noEOF(err)
		}
		if _, err := r.r.Discard(n); err != nil {
			return noEOF(err)
		}
		r.left -= int64(n)
		r.seen.bytes += int64(n)
		break
	}
	compressed, uncompressed := int64(r.hdr.CompressedPageSize), int64(r.hdr.UncompressedPageSize)
	r.seen.bytes += uncompressed
	switch {
	case compressed < 0 || uncompressed < 0:
		return errors.New("the page has a negative size")
	case compressed > r.left:
		return fmt.Errorf("the page claims %d bytes, its chunk has %d left", compressed, r.left)
	case uncompressed > mostBytes(r.meta.Codec, compressed) && r.hdr.Type != format.IndexPage:
		return fmt.Errorf("the page claims that %d bytes become %d", compressed, uncompressed)
	case uncompressed > maxPageSize:
		return fmt.Errorf("the page claims %d bytes, more than the limit of %d", uncompressed, maxPageSize)
	case r.seen.bytes > 2*r.meta.TotalUncompressedSize+sizeSlack:
		return fmt.Errorf("the pages claim more than the %d bytes of their chunk", r.meta.TotalUncompressedSize)
	}
	r.left -= compressed
	return nil
}

// read fills a reused buffer with the body of the page and checks its checksum,
// where there is one.
func (r *pageReader) read() ([]byte, error) {
	r.body = resize(r.body, int(r.hdr.CompressedPageSize))
	if _, err := io.ReadFull(r.r, r.body); err != nil {
		return nil, noEOF(err)
	}
	if sum := uint32(r.hdr.CRC); sum != 0 && crc32.ChecksumIEEE(r.body) != sum {
		return nil, errors.New("the checksum of a page is wrong")
	}
	return r.body, nil
}

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n, n+n/4)
	}
	return b[:n]
}

// noEOF makes the end of a chunk in the middle of a page an error that cannot
// be taken for the end of the input.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
