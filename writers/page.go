package writers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"math/bits"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// encoder compresses; it is part of the library's codecs.
type encoder interface {
	Encode(dst, src []byte) ([]byte, error)
	CompressionCodec() format.CompressionCodec
}

// pageBuffer holds the finished pages of a column chunk: headers of version 1,
// which every warehouse reads, and bodies.
type pageBuffer struct {
	codec  encoder
	pages  [][]byte // each of its own size: nothing is copied to grow
	size   int64    // bytes of pages
	plain  int64    // bytes before compression, headers included
	coded  bool     // some page has dictionary codes
	direct bool     // some page has plain values

	body     []byte
	packed   []byte
	levels   []byte
	header   bytes.Buffer
	protocol thrift.CompactProtocol
}

// add encodes the page at work of a chunk.
func (p *pageBuffer) add(c *chunk) (err error) {
	if c.leaf.maxRep+c.leaf.maxDef == 0 && c.words == nil { // nothing but values
		p.direct = true
		return p.append(c.values, dataHeader(c, format.Plain))
	}
	p.body = p.body[:0]
	if c.leaf.maxRep > 0 {
		if err = p.addLevels(c.rep, c.leaf.maxRep); err != nil {
			return err
		}
	}
	if c.leaf.maxDef > 0 {
		if err = p.addLevels(c.def, c.leaf.maxDef); err != nil {
			return err
		}
	}
	encoding := format.Plain
	if c.words != nil {
		encoding = format.RLEDictionary
		if p.levels, err = (&rle.DictionaryEncoding{}).EncodeInt32(p.levels[:0], c.codes); err != nil {
			return err
		}
		p.body = append(p.body, p.levels...)
		p.coded = true
	} else {
		p.body = append(p.body, c.values...)
		p.direct = true
	}
	return p.append(p.body, dataHeader(c, encoding))
}

func dataHeader(c *chunk, encoding format.Encoding) format.PageHeader {
	return format.PageHeader{
		Type: format.DataPage,
		DataPageHeader: thrift.New(format.DataPageHeader{
			NumValues: int32(c.entries), Encoding: encoding,
			DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
		}),
	}
}

// addLevels appends levels after their length.
func (p *pageBuffer) addLevels(levels []byte, most int) (err error) {
	p.levels, err = (&rle.Encoding{BitWidth: bits.Len(uint(most))}).EncodeLevels(p.levels[:0], levels)
	if err != nil {
		return err
	}
	p.body = binary.LittleEndian.AppendUint32(p.body, uint32(len(p.levels)))
	p.body = append(p.body, p.levels...)
	return nil
}

// dictionary encodes the page of a dictionary.
func (p *pageBuffer) dictionary(d *dictionary) (page []byte, err error) {
	return p.encode(d.plain, format.PageHeader{
		Type: format.DictionaryPage,
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{
			NumValues: int32(len(d.codes)), Encoding: format.Plain,
		}),
	})
}

// errPage guards against sizes that would wrap around in the header.
var errPage = errors.New("values too long: a page would have more than two gigabytes")

func (p *pageBuffer) append(body []byte, header format.PageHeader) error {
	page, err := p.encode(body, header)
	if err != nil {
		return err
	}
	p.pages = append(p.pages, page)
	p.size += int64(len(page))
	return nil
}

// encode compresses a body and puts the header before it.
func (p *pageBuffer) encode(body []byte, header format.PageHeader) (page []byte, err error) {
	if p.packed, err = p.codec.Encode(p.packed[:0], body); err != nil {
		return nil, err
	}
	if max(len(body), len(p.packed)) > math.MaxInt32 {
		return nil, errPage
	}
	header.UncompressedPageSize, header.CompressedPageSize = int32(len(body)), int32(len(p.packed))
	header.CRC = int32(crc32.ChecksumIEEE(p.packed))
	p.header.Reset()
	if err := thrift.NewEncoder(p.protocol.NewWriter(&p.header)).Encode(&header); err != nil {
		return nil, err
	}
	p.plain += int64(p.header.Len()) + int64(len(body))
	return slices.Concat(p.header.Bytes(), p.packed), nil
}

// writeTo writes the pages.
func (p *pageBuffer) writeTo(w io.Writer) error {
	for _, page := range p.pages {
		if _, err := w.Write(page); err != nil {
			return err
		}
	}
	return nil
}

// reset forgets the pages and keeps the buffers.
func (p *pageBuffer) reset() {
	p.pages, p.size, p.plain, p.coded, p.direct = nil, 0, 0, false, false
}
