package readers

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

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
func (r *pageReader) dataPageV1(body []byte, h *format.DataPageHeader) (_ *page, err error) {
	p := &page{numEntries: int(h.NumValues), encoding: h.Encoding}
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
			return nil, errPageSize
		}
		p.values = data
	} else if p.values, err = r.decompressOwned(p, data, size); err != nil {
		return nil, err
	}
	if err := r.finish(p); err != nil {
		p.release()
		return nil, err
	}
	// pyarrow before version 12 counted the entries of nested columns as rows,
	// and no nulls where it was told to write no statistics.
	rows, nulls := int(h.NumRows), int(h.NumNulls)
	if rows != p.numRows && rows != p.numEntries || nulls != p.numEntries-p.numValues && nulls != 0 {
		p.release()
		return nil, errors.New("the page holds other numbers of rows and nulls than it claims")
	}
	return p, nil
}

func (r *pageReader) checkEntries(n int) error {
	left := r.meta.NumValues - r.seen.entries
	switch {
	case n < 0 || int64(n) > left:
		return fmt.Errorf("the page claims %d values, its chunk has %d left", n, left)
	case n > maxEntries:
		return fmt.Errorf("the page claims %d values, more than the limit of %d", n, maxEntries)
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
	if r.meta.Codec == format.Uncompressed {
		if len(data) != size {
			return nil, errPageSize
		}
		return data, nil
	}
	r.plain = resize(r.plain, size)
	return r.plain, r.codec.decode(r.meta.Codec, r.plain, data)
}

// decompressOwned fills a buffer that p owns, so that fixed-width values can be
// used where they stand.
func (r *pageReader) decompressOwned(p *page, data []byte, size int) ([]byte, error) {
	if r.meta.Codec == format.Uncompressed && len(data) != size {
		return nil, errPageSize
	}
	owner := newBuffer(r.mem, size)
	defer func() {
		if p.owner == nil { // an error, or a panic of a decoder
			owner.Release()
		}
	}()
	if r.meta.Codec == format.Uncompressed {
		copy(owner.Bytes(), data)
	} else if err := r.codec.decode(r.meta.Codec, owner.Bytes(), data); err != nil {
		return nil, err
	}
	p.owner = owner
	return owner.Bytes(), nil
}
