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
	leaf   *parquet.Column
	meta   *format.ColumnMetaData
	mem    memory.Allocator
	codec  *codec
	r      *bufio.Reader
	left   int64 // bytes of the chunk not yet read
	rows   int64 // rows that the row group has
	seen   struct{ entries, rows, bytes int64 }
	dict   *page // the dictionary page, until the column takes it
	body   []byte
	plain  []byte
	rep    []byte
	def    []byte
	proto  thrift.CompactProtocol
	hdr    format.PageHeader
	maxRep int
	maxDef int
}

func newPageReader(r io.ReaderAt, leaf *parquet.Column, meta *format.ColumnMetaData, rows int64, mem memory.Allocator) (*pageReader, error) {
	codec, err := newCodec(meta.Codec)
	if err != nil {
		return nil, err
	}
	start, size := chunkRange(meta)
	section := io.NewSectionReader(r, start, size)
	return &pageReader{
		leaf: leaf, meta: meta, mem: mem, codec: codec, left: size, rows: rows,
		r:      bufio.NewReaderSize(section, int(min(size+1, readBuffer))),
		maxRep: leaf.MaxRepetitionLevel(), maxDef: leaf.MaxDefinitionLevel(),
	}, nil
}

// next returns the next data page, or io.EOF after the last one. A dictionary
// page met on the way is left in r.dict. The page's levels are valid until the
// next call; its values until release.
func (r *pageReader) next() (*page, error) {
	for {
		if r.seen.entries == r.meta.NumValues {
			if r.seen.rows != r.rows {
				return nil, fmt.Errorf("its pages hold %d rows, the row group %d", r.seen.rows, r.rows)
			}
			return nil, io.EOF
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
		reader := r.proto.NewReaderFromBytes(text)
		r.hdr = format.PageHeader{}
		if err := thrift.NewDecoder(reader).Decode(&r.hdr); err != nil {
			if int64(size) < r.left && size < maxPageHeader {
				continue // perhaps the header is longer
			}
			return noEOF(err)
		}
		n := reader.BytesRead()
		if _, err := r.r.Discard(n); err != nil {
			return err
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

func (r *pageReader) dataPage() (*page, error) {
	body, err := r.read()
	if err != nil {
		return nil, err
	}
	if r.hdr.Type == format.DataPageV2 {
		if !r.hdr.DataPageHeaderV2.Valid {
			return nil, errors.New("the page header is incomplete")
		}
		return r.dataPageV2(body, &r.hdr.DataPageHeaderV2.V)
	}
	if !r.hdr.DataPageHeader.Valid {
		return nil, errors.New("the page header is incomplete")
	}
	return r.dataPageV1(body, &r.hdr.DataPageHeader.V)
}

// dataPageV1 takes apart a page whose levels, each after its length, and values
// are compressed as one.
func (r *pageReader) dataPageV1(body []byte, h *format.DataPageHeader) (p *page, err error) {
	p = &page{numEntries: int(h.NumValues), encoding: h.Encoding}
	if err := r.checkEntries(p.numEntries); err != nil {
		return nil, err
	}
	var data []byte
	if r.maxRep == 0 && r.maxDef == 0 {
		data, err = r.decompressOwned(p, body, int(r.hdr.UncompressedPageSize))
	} else {
		data, err = r.decompress(body, int(r.hdr.UncompressedPageSize))
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.release()
		}
	}()
	if r.maxRep > 0 {
		if h.RepetitionLevelEncoding != format.RLE {
			return nil, fmt.Errorf("levels are encoded as %s, which is not supported", h.RepetitionLevelEncoding)
		}
		if data, err = r.prefixedLevels(&r.rep, data, p.numEntries, r.maxRep); err != nil {
			return nil, err
		}
	}
	if r.maxDef > 0 {
		if h.DefinitionLevelEncoding != format.RLE {
			return nil, fmt.Errorf("levels are encoded as %s, which is not supported", h.DefinitionLevelEncoding)
		}
		if data, err = r.prefixedLevels(&r.def, data, p.numEntries, r.maxDef); err != nil {
			return nil, err
		}
	}
	p.values = data
	return p, r.finish(p)
}

func (r *pageReader) prefixedLevels(levels *[]byte, data []byte, n, maxLevel int) (rest []byte, err error) {
	if len(data) < 4 {
		return nil, io.ErrUnexpectedEOF
	}
	size := int64(data[0]) | int64(data[1])<<8 | int64(data[2])<<16 | int64(data[3])<<24
	if size > int64(len(data)-4) {
		return nil, io.ErrUnexpectedEOF
	}
	*levels = resize(*levels, n)
	return data[4+size:], decodeLevels(*levels, data[4:4+size], maxLevel)
}

// dataPageV2 takes apart a page whose levels are not compressed and whose
// values may be.
func (r *pageReader) dataPageV2(body []byte, h *format.DataPageHeaderV2) (*page, error) {
	p := &page{numEntries: int(h.NumValues), encoding: h.Encoding}
	if err := r.checkEntries(p.numEntries); err != nil {
		return nil, err
	}
	repSize, defSize := int64(h.RepetitionLevelsByteLength), int64(h.DefinitionLevelsByteLength)
	if repSize < 0 || defSize < 0 || repSize+defSize > int64(len(body)) || repSize+defSize > int64(r.hdr.UncompressedPageSize) {
		return nil, errors.New("the levels are longer than the page")
	}
	if r.maxRep > 0 {
		r.rep = resize(r.rep, p.numEntries)
		if err := decodeLevels(r.rep, body[:repSize], r.maxRep); err != nil {
			return nil, err
		}
	}
	if r.maxDef > 0 {
		r.def = resize(r.def, p.numEntries)
		if err := decodeLevels(r.def, body[repSize:repSize+defSize], r.maxDef); err != nil {
			return nil, err
		}
	}
	data, size := body[repSize+defSize:], int(r.hdr.UncompressedPageSize)-int(repSize+defSize)
	var err error
	if h.IsCompressed.Valid && !h.IsCompressed.V {
		if len(data) != size {
			return nil, errors.New("the page has another size than it claims")
		}
		p.values = data
	} else if p.values, err = r.decompressOwned(p, data, size); err != nil {
		return nil, err
	}
	if err := r.finish(p); err != nil {
		p.release()
		return nil, err
	}
	if p.numRows != int(h.NumRows) || p.numEntries-p.numValues != int(h.NumNulls) {
		p.release()
		return nil, errors.New("the page holds other numbers of rows and nulls than it claims")
	}
	return p, nil
}

func (r *pageReader) checkEntries(n int) error {
	if n < 0 || int64(n) > r.meta.NumValues-r.seen.entries {
		return fmt.Errorf("the page claims %d values, its chunk has %d left", n, r.meta.NumValues-r.seen.entries)
	}
	return nil
}

// finish counts the rows and values of p from its levels.
func (r *pageReader) finish(p *page) error {
	p.numRows, p.numValues = p.numEntries, p.numEntries
	if r.maxRep > 0 {
		p.rep = r.rep
		p.numRows = countLevel(p.rep, 0)
		if r.seen.entries == 0 && p.numEntries > 0 && p.rep[0] != 0 {
			return errors.New("the first value of the chunk does not start a row")
		}
	}
	if r.maxDef > 0 {
		p.def = r.def
		p.numValues = countLevel(p.def, byte(r.maxDef))
	}
	return nil
}

func (r *pageReader) dictionaryPage() error {
	h := &r.hdr.DictionaryPageHeader
	switch {
	case !h.Valid || h.V.NumValues < 0:
		return errors.New("the page header is incomplete")
	case h.V.Encoding != format.Plain && h.V.Encoding != format.PlainDictionary:
		return fmt.Errorf("it is encoded as %s", h.V.Encoding)
	case r.dict != nil || r.seen.entries > 0:
		return errors.New("a second one in the chunk")
	}
	body, err := r.read()
	if err != nil {
		return err
	}
	n := int(h.V.NumValues)
	p := &page{numEntries: n, numRows: n, numValues: n, encoding: format.Plain}
	if p.values, err = r.decompressOwned(p, body, int(r.hdr.UncompressedPageSize)); err != nil {
		return err
	}
	r.dict = p
	return nil
}

// decompress fills a reused buffer.
func (r *pageReader) decompress(data []byte, size int) (out []byte, err error) {
	if r.codec.none() {
		if len(data) != size {
			return nil, errors.New("the page has another size than it claims")
		}
		return data, nil
	}
	r.plain = resize(r.plain, size)
	return r.plain, r.codec.decode(r.plain, data)
}

// decompressOwned fills a buffer that p owns, so that fixed-width values can be
// used where they stand.
func (r *pageReader) decompressOwned(p *page, data []byte, size int) ([]byte, error) {
	owner := memory.NewResizableBuffer(r.mem)
	owner.Resize(size)
	if r.codec.none() {
		if len(data) != size {
			owner.Release()
			return nil, errors.New("the page has another size than it claims")
		}
		copy(owner.Bytes(), data)
	} else if err := r.codec.decode(owner.Bytes(), data); err != nil {
		owner.Release()
		return nil, err
	}
	p.owner = owner
	return owner.Bytes(), nil
}

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n, n+n/4)
	}
	return b[:n]
}

func countLevel(levels []byte, level byte) (n int) {
	for _, l := range levels {
		if l == level {
			n++
		}
	}
	return n
}

// noEOF makes the end of a chunk in the middle of a page an error that cannot
// be taken for the end of the input.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
